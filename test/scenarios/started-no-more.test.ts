import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A stop that is for good now: whether the mail has it that somebody may start it again, or that nobody does. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (words: string, expected: string): Promise<void> => {
	expect(await saidOfHunk(analyzer, words, 'static void quux_remove(struct quux *q)', `
 	quux_stop(q);
-	cancel_work_sync(&q->work);
+	disable_work_sync(&q->work);
 	kfree(q);
 }
`)).toBe(expected);
};

describe('a work item that is disabled where it was cancelled', () => {
	it('as somebody queues it again', () => check('The notifier may queue it again.', 'fixes: use-after-free'));
	it('so that nobody does', () => check('Make sure that the work is never queued again.', 'fixes: use-after-free'));
	it('which nobody does', () => check('The work is never queued again after this point; say so with the newer API.', 'no-failure'));
});
