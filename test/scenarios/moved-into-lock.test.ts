import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** A statement that stands elsewhere now, without a word of why: under a lock that is taken before and after others are at the same. */
const check = hunkCheck();
const head = 'void quux_note(struct quux *q, int level)';

describe('a statement that is moved', () => {
	const lines = `
 	spin_lock(&q->lock);
 	delta = q->level ^ level;
+	q->level = level;
 	spin_unlock(&q->lock);
-	q->level = level;
 	quux_wake(q);`;
	it('into the section of a lock', () => check(head, lines, 'fixes: lost-data', '', 'quux: change locking'));
	it('and is said to change nothing', () => check(head, lines, 'no-failure', '', 'quux: simplify quux_note()'));
	it('of a local alone', () => check(head, lines.replaceAll('q->level = level', 'last = level'), 'no-failure', '', 'quux: change locking'));
	it('within it', () => check(head, lines.replace(' 	delta', '-	q->level = level;\n 	delta').replace('-	q->level = level;\n 	quux_wake', ' 	quux_wake'), 'no-failure', '', 'quux: change locking'));
});
