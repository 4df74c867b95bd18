import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Paths of one function that the assumed world would not walk, in files that are whole: whatever is on the way, what is held there is told. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (file: string, expected: string): Promise<void> => { expect(await saidOfFile(analyzer, 'quux', 'simplify', file, true)).toBe(expected); };

const STRUCT = `
struct quux {
	spinlock_t lock;
	struct mutex attach;
	int users;
	unsigned int signals;
	int *ids;
};
`;

describe('a way out that asks for what nobody knows', () => {
	const file = (unlock: string): string => `${STRUCT}
int quux_wait_event(struct quux *q, int __user *wanted)
{
	unsigned long flags;
	int mask, events;

	if (get_user(mask, wanted))
		return -EFAULT;
	spin_lock_irqsave(&q->lock, flags);
	events = mask & ((q->signals & QUUX_DSR ? QUUX_DSR_ON : QUUX_DSR_OFF) + (q->signals & QUUX_CTS ? QUUX_CTS_ON : QUUX_CTS_OFF));
	if (events) {
${unlock}
		return events;
	}
	q->users = 0;
	spin_unlock_irqrestore(&q->lock, flags);
	return 0;
}
`;
	it('with the lock', () => check(file('-		spin_unlock_irqrestore(&q->lock, flags);'), 'introduces: lock-held-at-return'));
	it('without it', () => check(file('+		/* nothing yet */\n		spin_unlock_irqrestore(&q->lock, flags);'), 'no-failure'));
});

describe('what lies behind an address that the assumed world does not have', () => {
	const file = (unlock: string): string => `${STRUCT}
int quux_walk(struct quux *q)
{
	int i;

	for (i = 0; i < q->users; i++) {
		int id = quux_lookup(q, q->ids[i]);

		spin_lock(&q->lock);
		if (quux_is_gone(q, id)) {
${unlock}
			return -ENOENT;
		}
		spin_unlock(&q->lock);
	}
	return 0;
}
`;
	it('is walked', () => check(file('-			spin_unlock(&q->lock);'), 'introduces: lock-held-at-return'));
	it('and is right', () => check(file('+			/* nothing yet */\n			spin_unlock(&q->lock);'), 'no-failure'));
});

describe('a count that others have raised meanwhile', () => {
	const file = (first: string, second: string): string => `${STRUCT}
void quux_drop(struct quux *q)
{
	if (--q->users)
		return;
${first}
${second}
	quux_stop(q);
	spin_unlock(&q->lock);
	mutex_unlock(&q->attach);
}
`;
	it('is the last one all the same', () => check(file('-	mutex_lock(&q->attach);\n	spin_lock(&q->lock);', '+	mutex_lock(&q->attach);'), 'introduces: sleep-in-atomic'));
});

describe('a read side that its caller is in', () => {
	const file = (leave: string, enter: string): string => `${STRUCT}
static void quux_refill(struct quux *q)
{
${leave}
	mutex_lock(&q->attach);
	q->users = 0;
	mutex_unlock(&q->attach);
${enter}
}
`;
	it('is no longer left for what sleeps', () => check(file('-	rcu_read_unlock();', '-	rcu_read_lock();'), 'introduces: sleep-in-atomic'));
	it('and is left as it was', () => check(file('+	/* this sleeps */\n	rcu_read_unlock();', '	rcu_read_lock();'), 'no-failure'));
});
