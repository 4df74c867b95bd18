import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A wait for what the patch itself starts for the first time ends nothing that was there. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (starts: string, expected: string): Promise<void> =>
	expect(await saidOfHunk(analyzer, 'It takes long otherwise.', 'static void quux_kick(struct quux *q)', hunk(starts), 'quux: leave the report to the work')).toBe(expected);

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
