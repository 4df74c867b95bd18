import { describe, expect, it } from 'vitest';
import { Trials } from '../../analyzer/lower';
import { CALLEE_BOUND } from '../../analyzer/lower/bounds';
import { sourceAnalyzer } from '../measure/engine';
import { fileMail } from './hunk-mail';

/** A function that is too much to be inlined is found out to be so once in a review. */
describe('what is too much of a thread', () => {
	it('is what was so wherever it was tried', () => {
		const trials = new Trials();
		const tooMuch = (): readonly boolean[] => ['a', 'b', 'c'].map((name) => trials.tooMuch('plum.c', name));
		trials.learn({ refused: ['plum.c:a', 'plum.c:b', 'pear.c:c'], fitting: ['plum.c:b'] });
		expect(tooMuch()).toEqual([true, false, false]);
		trials.learn({ refused: [], fitting: ['plum.c:a'] });
		expect(tooMuch()).toEqual([false, false, false]);
	});

	const heavy = '	atomic_inc(&p->count);\n'.repeat(CALLEE_BOUND + 1);
	/** Two changed functions that call the same large one. */
	const file = (last: string): string => `
struct plum { spinlock_t lock; int step; atomic_t count; };
static void plum_count(struct plum *p)
{
${heavy}
}
void plum_fill(struct plum *p)
{
+	p->step = 1;
	plum_count(p);
-	p->step = 1;
}
void plum_drain(struct plum *p)
{
+	${last}
	plum_count(p);
-	p->step = 2;
}`;

	/** The file before, whole: of a hunk alone each function counts as changed. */
	const before = `${file('').split('\n').slice(1).filter((line) => !line.startsWith('+')).map((line) => line.replace(/^-/, '')).join('\n')}\n`;

	it('is left out of each scenario of the review, and of a review after an edit as of a first one', async () => {
		const said = async (engine: Awaited<ReturnType<typeof sourceAnalyzer>>, last: string): Promise<string> => {
			const [review] = await engine.review(fileMail('plum', 'count', file(last)), { name: 'made up', tree: { read: (path) => (path === 'plum.c' ? before : null) } });
			return [...(review?.scenarios ?? []).map(({ id, outcome, pre, post }) => `${id}: ${outcome}, ${pre?.states} and ${post?.states} states`), ...(review?.notModelled ?? [])].join('\n');
		};
		const [used, fresh] = [await sourceAnalyzer(), await sourceAnalyzer()];
		expect(await said(used, 'p->step = 2;')).toContain('plum_count');
		expect(await said(used, 'p->step = 3;')).toBe(await said(fresh, 'p->step = 3;'));
		for (const each of [used, fresh]) each.dispose();
	});
});
