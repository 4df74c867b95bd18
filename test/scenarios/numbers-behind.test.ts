import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** What comes behind a look into an array of numbers that a field points at: the array is there. */
const check = fileCheck('quux', 'look at the map first');

const mapped = (locked: string, map: string): string => `
struct quux {
	struct mutex lock;
	${map}
	int moved;
};

static void quux_move(struct quux *q)
{
	mutex_lock(&q->lock);
	q->moved++;
	mutex_unlock(&q->lock);
}

static void quux_read(struct quux *q, int sector)
{
	u32 page;

	page = q->map[sector];
	if (page == QUUX_UNMAPPED)
		return;
	mutex_lock(&q->lock);
${locked}
}
`;

const within = '+\tquux_move(q);\n\tmutex_unlock(&q->lock);';
const behind = '\tmutex_unlock(&q->lock);\n+\tquux_move(q);';

describe('behind a number of an array', () => {
	it('that a field points at, a lock is taken twice', () => check(mapped(within, 'u32 *map;'), 'introduces: deadlock'));
	it('and is not', () => check(mapped(behind, 'u32 *map;'), 'no-failure'));
	it('that lies in the struct', () => check(mapped(within, 'u32 map[8];'), 'introduces: deadlock'));
});
