import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** What is used, and dropped, in one order before and in the other one after: whichever of the two lines the diff shows as moved. */
const check = hunkCheck();

describe('a use and the drop of what is used, in the other order', () => {
	const lines = `
 	struct quux *q = quay->slots[id];
 
-	quay->level = q->level;
 	kref_put(&q->ref, quux_free);
+	quay->level = q->level;
 	return 0;
 }`;
	const other = lines.replace('-	quay->level = q', '-	quay->level = quay').replace('+	quay->level = q', '+	quay->level = quay');
	const of = 'int quay_set(struct quay *quay, int id)';
	it('where the diff shows the use as what moves', () => check(of, lines, 'introduces: use-after-free', '', 'quay: change quay_set()'));
	it('turned round', () => check(of, lines.replace('-	quay', '*	quay').replace('+	quay', '-	quay').replace('*	quay', '+	quay'), 'fixes: use-after-free', '', 'quay: change quay_set()'));
	it('of what is not dropped', () => check(of, other, 'no-failure', '', 'quay: change quay_set()'));
});
