import { expect, it } from 'vitest';
import { sourceAnalyzer } from '../measure/engine';

/** A patch of white space in a function that waits for what nobody in sight does: both sides are the same program, which is explored once, past that wait. */
const FILE = `
 #include <linux/wait.h>

 struct quux {
 	wait_queue_head_t wait;
 	spinlock_t lock;
 	struct completion done;
 	int level;
 };

 void quux_drain(struct quux *q)
 {
 	spin_lock(&q->lock);
 	q->level = 0;
 	spin_unlock(&q->lock);
-
 	wait_for_completion(&q->done);
 	spin_lock(&q->lock);
 	q->level = 1;
 	spin_unlock(&q->lock);
 }
`.split('\n').slice(1, -1).map((line) => (line === '' ? ' ' : line));

it('what is told of the side before can be taken step by step in its own program', async () => {
	const analyzer = await sourceAnalyzer();
	const text = `From: A <a@b.example>\nSubject: [PATCH] quux: white space\n\n---\n quux.c | 1 -\n 1 file changed\n\n--- a/quux.c\n+++ b/quux.c\n@@ -1,${FILE.length} +1,${FILE.length - 1} @@\n${FILE.join('\n')}\n-- \n2.40.1\n`;
	const [review] = await analyzer.review(text, { name: 'made up' });
	expect(review?.problems).toEqual([]);
	for (const { pre } of review?.scenarios ?? []) expect(pre?.passing?.steps.length).toBe(pre?.passing?.schedule.length);
	expect(review?.scenarios.some(({ pre }) => (pre?.passing?.steps.some(({ operation }) => operation.includes('wait_for_completion'))))).toBe(true);
	analyzer.dispose();
});
