import { beforeAll, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What a line of the patch asserts to be held was held before it came, unless the patch takes it. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (hunk: string, said: string): Promise<void> => expect(await saidOfHunk(analyzer, 'A reader that is stopped must not eat all memory.', 'struct quux {', hunk, 'quux: bound the queue')).toBe(said);

const bounded = (asserts: string): string => `
+static void quux_drop_oldest(struct quux *quux)
+{
+	struct quux_note *oldest = list_first_entry(&quux->notes, struct quux_note, node);
+
+	${asserts}
+	list_del(&oldest->node);
+	quux->count--;
+	kfree(oldest);
+}
+
 static void quux_post(struct quux *quux, struct quux_note *note)
 {
 	note->stamp = quux_now();
+	if (quux->count >= QUUX_MAX)
+		quux_drop_oldest(quux);
 	list_add_tail(&note->node, &quux->notes);
 	quux->count++;
 }
`;
it('is asserted: held before as well', () => check(bounded('lockdep_assert_held(&quux->lock);'), 'no-failure'));
it('is asked for in a warning: held before as well', () => check(bounded('WARN_ON(!mutex_is_locked(&quux->lock));'), 'no-failure'));
it('is asserted where the patch takes it: not held before', () => check(`
 static void quux_post(struct quux *quux, struct quux_note *note)
 {
+	lockdep_assert_held(&quux->lock);
 	list_add_tail(&note->node, &quux->notes);
 	quux->count++;
 }
 
 void quux_send(struct quux *quux, struct quux_note *note)
 {
+	mutex_lock(&quux->lock);
 	quux_post(quux, note);
+	mutex_unlock(&quux->lock);
 }
`, 'fixes: lost-data'));
