import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What is taken out of a container before it is freed: each beside what was not there. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(hunk: string, expected: string, words = ''): Promise<void> {
	expect(await saidOfHunk(analyzer, words, 'static void quux_remove(struct quux *q)', hunk)).toBe(expected);
}

describe('an object that is taken out before it is freed', () => {
	for (const [out, free] of [['list_del(&q->list);', 'kfree(q);'], ['hash_del(&q->node);', 'kfree(q);'], ['rb_erase(&q->rb, &quux_tree);', 'quux_free(q);'], ['list_del_init(&q->list);', 'kmem_cache_free(quux_cache, q);']]) {
		it(`${out} ${free}`, () => check(`
 	quux_stop(q);
+	${out}
 	kfree(q->buf);
 	${free}
 }
`, 'fixes: use-after-free'));
	}
	it('if it is there', () => check(`
 	quux_stop(q);
+	if (!list_empty(&q->list))
+		list_del(&q->list);
 	kfree(q);
 }
`, 'fixes: use-after-free'));
	it('that was taken out otherwise', () => check(`
 	quux_stop(q);
-	quux_unlink(q);
+	list_del(&q->list);
 	kfree(q);
 }
`, 'no-failure'));
	it('that the patch puts there', () => check(`
 	mutex_lock(&quux_lock);
+	list_del(&q->list);
 	mutex_unlock(&quux_lock);
 	kfree(q);
 }
 
 static struct quux *quux_make(void)
 {
 	struct quux *q = kzalloc(sizeof(*q), GFP_KERNEL);
 
 	mutex_lock(&quux_lock);
+	list_add(&q->list, &quux_list);
 	mutex_unlock(&quux_lock);
 	return q;
 }
`, 'no-failure'));
	it('on one way only', () => check(`
 	quux_stop(q);
+	list_del(&q->list);
 err_free:
 	kfree(q);
 }
`, 'no-failure'));
});
