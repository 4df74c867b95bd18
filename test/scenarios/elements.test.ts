import { beforeAll, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** An array of pointers in a struct that nobody shows: an element is the pointer, not what one pointer points at. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (again: string, end: string, said: string): Promise<void> => expect(await saidOfHunk(analyzer, 'The mutex is only taken for the first one.', 'static struct slot *quux_slot(struct quux *q, int i)', `
 	struct slot *slot;
 
+	slot = smp_load_acquire(&q->slots[i]);
+	if (slot)
+		return slot;
+
 	mutex_lock(&q->lock);
${again} 		slot = quux_create(q, i);
 		if (!IS_ERR(slot))
-			q->slots[i] = slot;
+			smp_store_release(&q->slots[i], slot);
${end} 	mutex_unlock(&q->lock);
 	return slot;
 }
`, 'quux: no mutex in the hot path')).toBe(said);

it('is looked at again under the lock', () => check(' 	slot = q->slots[i];\n 	if (!slot) {\n', ' 	}\n', 'no-failure'));
it('is not', () => check('-	slot = q->slots[i];\n-	if (!slot) {\n', '-	}\n', 'introduces: check-then-act'));
