import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Shapes that the patches of strangers have, each over made-up names, beside one that looks alike and is to be left alone. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toBe(expected);
}

const WIDER = `
 
 	order = &next->order;
 
+	spin_lock(&order->lock);
 	if (!list_empty(&order->list)) {
 		job = list_entry(order->list.next, struct quux_job, list);
 
-		spin_lock(&order->lock);
 		list_del_init(&job->list);
-		spin_unlock(&order->lock);
 
 		q->done++;
 
+		spin_unlock(&order->lock);
 		goto out;
 	}
+	spin_unlock(&order->lock);
 
 	if (this_cpu_read(q->index) == next->index) {
 		job = ERR_PTR(-ENODATA);
`;

const CONVERTED = (failing: string): string => `
 
 static void quux_get(struct quux *q)
 {
-	if (!atomic_inc_not_zero(&q->users))
-		${failing};
+	refcount_inc(&q->users);
 }
 
 static void quux_put(struct quux *q)
 {
-	if (atomic_dec_and_test(&q->users))
+	if (refcount_dec_and_test(&q->users))
 		kfree(q);
 }
`;

describe('a part of what nobody shows', () => {
	it('is no other field of it', () => check('quux: avoid race in ordering', 'Two threads can take the same job.', 'static struct quux_job *quux_next(struct quux *q)', WIDER, 'fixes: check-then-act'));
});

describe('a count of another type', () => {
	it('whose being zero was asserted', () => check('quux: convert quux::users to refcount_t', 'refcount_t can prevent overflows, reducing the exploitability of reference leak bugs.', 'struct quux {', CONVERTED('BUG()'), 'no-failure'));
	it('whose being zero was minded', () => check('quux: convert quux::users to refcount_t', 'refcount_t can prevent overflows.', 'struct quux {', CONVERTED('return'), 'introduces: resurrection'));
});
