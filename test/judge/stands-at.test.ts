import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import type { ScenarioReview } from '../../analyzer/review';
import { sourceAnalyzer } from '../measure/engine';

/** What a scenario adds beside a statement, and where it breaks, is told at the mail's own lines. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});
afterAll(() => analyzer.dispose());

const mail = (subject: string, head: string, hunk: readonly string[]): string => {
	const count = (other: string): number => hunk.filter((line) => !line.startsWith(other)).length;
	return `From: A <a@b.example>\nSubject: [PATCH] ${subject}\n\nIt can go wrong.\n---\n quux.c | 2 +-\n 1 file changed\n\n--- a/quux.c\n+++ b/quux.c\n@@ -40,${count('+')} +40,${count('-')} @@ ${head}\n${hunk.join('\n')}\n-- \n2.40.1\n`;
};

/** The mail's line at which the first failure before the patch breaks, and the threads' steps that stand in no model. */
async function check(text: string, breaks: string): Promise<readonly ScenarioReview[]> {
	const [review] = await analyzer.review(text, { name: 'made up' });
	const fixed = (review?.scenarios ?? []).filter(({ outcome }) => outcome === 'fixes');
	const lines = fixed.map(({ pre }) => {
		const failure = pre?.failures[0];
		const at = failure?.breaks?.inputLine ?? failure?.steps.findLast(({ inputLine }) => inputLine !== null)?.inputLine ?? 0;
		return text.split('\n')[at - 1]?.slice(1).trim() ?? '';
	});
	expect(lines[0]).toBe(breaks);
	return fixed;
}

it('a test and what it allows, in two sections of a lock', async () => {
	const [scenario] = await check(mail('quux: fix a race in quux_open()', 'static int quux_open(struct quux *q, struct quux_user *u)', [
		' 	mutex_lock(&q->lock);', ' 	if (q->users)', ' 		goto busy;', '-	mutex_unlock(&q->lock);', ' 	u->level = 1;', '-	mutex_lock(&q->lock);', ' 	q->users = u;', ' 	mutex_unlock(&q->lock);', ' 	return 0;',
	]), 'q->users = u;');
	// No function of ours is a frame, nor a mark of ours an operation.
	for (const { operation, stack, function: name } of scenario?.pre?.failures[0]?.steps ?? []) expect([...stack, name, operation].join(' ')).not.toMatch(/right_before|right_after|asked|CHECK|__/);
});

it('a call that sleeps under a lock', () => check(mail('quux: fix sleeping in atomic context', 'static int quux_grow(struct quux *q)', [
	' 	spin_lock(&q->lock);', '-	q->table = kmalloc(64, GFP_KERNEL);', '+	q->table = kmalloc(64, GFP_ATOMIC);', ' 	spin_unlock(&q->lock);', ' 	return 0;',
]), 'q->table = kmalloc(64, GFP_KERNEL);'));
