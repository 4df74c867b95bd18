import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A reference that is taken in the section in which something was found, and dropped behind its use outside: who takes it out of there is in no sight. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const HEAD = 'static int quux_start(struct quux *q, int id)';

async function check(words: string, hunk: string, expected: RegExp): Promise<void> {
	expect(await saidOfHunk(analyzer, words, HEAD, hunk)).toMatch(expected);
}

const kept = (sign: '+' | '-', [get, put]: readonly [string, string] = ['kref_get(&item->ref)', 'kref_put(&item->ref, quux_item_free)'], around: readonly [string, string] = ['', '']): string => `
 {
 	struct quux_item *item;
 	int ret;
${around[0]} 
 	mutex_lock(&q->lock);
 	item = xa_load(&q->items, id);
${sign}	if (item)
${sign}		${get};
 	mutex_unlock(&q->lock);
 	if (!item)
 		return -ENOENT;
 	ret = quux_run(q, item->mode);
${sign}	${put};
${around[1]} 	return ret;
 }
`;

describe('what is used outside of the lock under which it was found', () => {
	it('is kept now', () => check('', kept('+'), /^fixes: .*use-after-free/));
	it('is kept by functions of its own', () => check('', kept('+', ['quux_item_get(item)', 'quux_item_put(item)']), /^fixes: .*use-after-free/));
	it('is kept, as the mail has it, that speaks of nothing else', () => check('The item may go away while its command runs.', kept('+'), /^fixes: .*use-after-free/));
	it('is kept no more', () => check('Simplify the function.', kept('-'), /^introduces: use-after-free$/));
	it('is kept by somebody else', () => check('The file of the caller keeps the item.', kept('-'), /^no-failure$/));
	it('is kept by another lock, which is held all the while', () => check('Simplify the function.', kept('-', undefined, [' 	mutex_lock(&q->run_lock);\n', ' 	mutex_unlock(&q->run_lock);\n']), /^no-failure$/));
	it('is used under the lock instead', () => check('Simplify the function.', `
 {
 	struct quux_item *item;
 	int ret = -ENOENT;
 
 	mutex_lock(&q->lock);
 	item = xa_load(&q->items, id);
-	if (item)
-		kref_get(&item->ref);
-	mutex_unlock(&q->lock);
-	if (!item)
-		return -ENOENT;
-	ret = quux_run(q, item->mode);
-	kref_put(&item->ref, quux_item_free);
+	if (item)
+		ret = quux_run(q, item->mode);
+	mutex_unlock(&q->lock);
 	return ret;
 }
`, /^no-failure$/));
});
