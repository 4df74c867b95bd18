import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** A wait for what the patch itself starts for the first time ends nothing that was there. */
const checkHunk = hunkCheck();
const check = (starts: string, expected: string): Promise<void> => checkHunk('static void quux_kick(struct quux *q)', hunk(starts), expected, 'It takes long otherwise.', 'quux: leave the report to the work');

const hunk = (starts: string): string => `
 static void quux_kick(struct quux *q)
 {
${starts}
 }
 
 static void quux_free(struct quux *q)
 {
+	cancel_work_sync(&q->work);
 	kfree(q);
 }
`;

describe('a wait before the end', () => {
	it('for what ran before', () => check(' 	schedule_work(&q->work);', 'fixes: use-after-free'));
	it('for what the patch starts', () => check('-	quux_report(q);\n+	schedule_work(&q->work);', 'no-failure'));
});
