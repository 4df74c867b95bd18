import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What breaks is called by its name, where a mail alone tells of it: each beside the twin that is called otherwise, or not at all. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> => {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toBe(expected);
};

describe('a race, and no more than that', () => {
	const moved = (words: string, expected: string): Promise<void> => check('quux: fix a race in the credits', words, 'void quux_credit(struct quux *q, int nr)', `
 	quux_trace(q);
+	q->credits = nr;
 	quux_kick(q);
-	q->credits = nr;
 	quux_note(q);
 }
`, expected);
	it('between two steps that are no tests is one of accesses that nothing orders', () => moved('Another CPU may race with this and sees the old credits.', 'fixes: check-then-act, data-race'));
	it('between a test and what goes by it is not', () => check('quux: fix a race in the credits', 'Another CPU may race with this.', 'void quux_credit(struct quux *q, int nr)', `
 	quux_trace(q);
+	if (quux_is_gone(q))
+		return;
 	quux_kick(q);
 }
`, 'fixes: check-then-act'));
});

describe('a lock that comes before a call now', () => {
	const nest = (subject: string, words: string, expected: string): Promise<void> => check(subject, words, 'void quux_stop(struct quux *q)', `
-	table = quux_table(q);
 	mutex_lock(&q->suspend);
+	table = quux_table(q);
 	quux_flush(q, table);
 	mutex_unlock(&q->suspend);
 }
`, expected);
	it('ends a deadlock where the mail has it that two were taken in reverse order', () => nest('quux: fix AB-BA deadlock in quux_stop()', 'The table and the suspend lock are taken in reverse order elsewhere.', 'fixes: deadlock'));
	it('ends none where it has it otherwise', () => nest('quux: look the table up late', 'It is only asked for there.', 'no-failure'));
});

describe('hardware that hangs', () => {
	const guard = (subject: string, words: string, expected: string): Promise<void> => check(subject, words, 'void quux_timeout(struct quux *q)', `
 	quux_trace(q);
+	if (test_and_set_bit(QUUX_RECOVERING, q->state))
+		return;
+
 	quux_reset(q);
 }
`, expected);
	it('is no deadlock', () => guard('quux: prevent overlapping recovery', 'On a TX hang we reset step by step. Another timeout may fire before one is done.', 'fixes: check-then-act'));
	it('is told from a task that does', () => guard('quux: fix the recovery', 'The task hangs when another timeout fires before one is done.', 'fixes: deadlock'));
});
