import { describe, it } from 'vitest';
import { fileCheck, hunkCheck } from './hunk-mail';

/** Two locks that are nested the other way round now, without a word of why: what others in sight do tells which order is right. */
const check = fileCheck('quux', 'change locking');

const file = (order: string, others: string): string => `struct quux {
	struct mutex lock;
	struct mutex swap;
	int level;
	int mode;
};

struct rung {
	struct quux *q;
	int step;
};

static void quux_set(struct quux *q, int level)
{
${order}
	q->level = level;
	mutex_unlock(&q->lock);
	mutex_unlock(&q->swap);
}

${others}`;
const rung = (name: string, first: string, second: string): string => `static void rung_${name}(struct rung *rung)
{
	mutex_lock(&rung->q->${first});
	mutex_lock(&rung->q->${second});
	rung->step = 1;
	mutex_unlock(&rung->q->lock);
	mutex_unlock(&rung->q->swap);
}
`;
const raise = rung('raise', 'swap', 'lock');
const lower = rung('lower', 'lock', 'swap');
const turned = '-	mutex_lock(&q->lock);\n	mutex_lock(&q->swap);\n+	mutex_lock(&q->lock);';

describe('two locks in the other order', () => {
	it('as somebody else takes them', () => check(file(turned, raise), 'fixes: deadlock'));
	it('as nobody else takes them', () => check(file('-	mutex_lock(&q->swap);\n	mutex_lock(&q->lock);\n+	mutex_lock(&q->swap);', raise), 'introduces: deadlock'));
	it('and the old order is still one that others keep to', () => check(file(turned, lower), 'introduces: deadlock'));
});

const hunk = hunkCheck();

describe('a release before a way out that nobody shows', () => {
	const lines = `
 	if (!q->level) {
+		mutex_unlock(&q->lock);
 		goto out;
 	}
 	q->level--;`;
	it('is what is due, where a title says no more than that the locking changes', () => hunk('int quux_lower(struct quux *q)', lines, 'fixes: lock-held-at-return', '', 'quux: change locking'));
	it('is missed where it goes', () => hunk('int quux_lower(struct quux *q)', lines.replace('+', '-'), 'introduces: lock-held-at-return', '', 'quux: change locking'));
});
