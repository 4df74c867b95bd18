import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** Who takes back one of a counter that the code keeps by hand, and does not ask whether there is any, has been counted. */
const check = fileCheck('quux', 'simplify');

const ended = (last: string): string => `
struct quux { struct mutex lock; int users; u32 id; };
static struct quux *quux_one;
static DEFINE_MUTEX(quux_lock);

u32 quux_leave(struct quux *q)
{
	u32 id;

	mutex_lock(&quux_lock);
	id = q->id;
	${last}
	mutex_unlock(&quux_lock);
	return id;
}

void quux_reap(void)
{
	struct quux *q;

	mutex_lock(&quux_lock);
	q = quux_one;
	if (q && q->users == 0) {
		quux_one = NULL;
-		quux_hide(q);
+		kfree(q);
	}
	mutex_unlock(&quux_lock);
}
`;

describe('what nobody uses any more is freed', () => {
	it('while one who uses it leaves', () => check(ended('q->users--;'), 'no-failure'));
	it('while one who leaves asks whether he was in', () => check(ended('if (q->users)\n\t\tq->users--;'), 'introduces: use-after-free'));
});
