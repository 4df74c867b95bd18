import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What is freed at once, and not after a grace period any more, on a way on which something has failed. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const HEAD = 'int godwit_add(struct godwit_table *t, struct godwit_key *key)';
const said = (hunk: string): Promise<string> => saidOfHunk(analyzer, 'Free the flow directly.', HEAD, hunk);

const failed = (tried: string, condition = 'err', undone = '', behind = ''): string => `
${tried} 	if (${condition}) {
${undone}-		kfree_rcu(flow, rcu);
+		kfree(flow);
 		return err;
 	}
${behind}`;

describe('what is freed at once', () => {
	it('where it was not put in', async () => expect(await said(failed(' 	err = rhashtable_insert_fast(&t->flows, &flow->node, godwit_params);\n'))).toBe('no-failure'));
	it('where something else failed before', async () => expect(await said(failed(' 	err = godwit_hw_alloc(t, &flow->index);\n', 'err < 0'))).toBe('no-failure'));
	it('before it is put in', async () => expect(await said(failed(' 	err = godwit_hw_alloc(t, &flow->index);\n', 'err', '', ' 	list_add_rcu(&flow->list, &t->list);\n'))).toBe('no-failure'));
	it('where it has been put in before', async () => expect(await said(failed(' 	list_add_rcu(&flow->list, &t->list);\n 	err = godwit_hw_alloc(t, &flow->index);\n'))).toMatch(/introduces: use-after-free/));
	it('where it is taken out again', async () => expect(await said(failed(' 	err = godwit_hw_alloc(t, &flow->index);\n', 'err', ' 		list_del_rcu(&flow->list);\n'))).toMatch(/introduces: use-after-free/));
	it('where nothing has failed', async () => expect(await said(failed(' 	err = godwit_hw_alloc(t, &flow->index);\n', '!err'))).toMatch(/introduces: use-after-free/));
});
