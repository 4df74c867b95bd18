import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** A reference that is taken from now on, without a word of why: by itself it keeps from going what is used; beside something new it is that one's own. */
const check = hunkCheck();
const head = 'struct quux *quux_find(struct quay *quay, int id)';

describe('a patch that takes a reference', () => {
	const lines = `
 	q = quay->slots[id];
 	if (!q)
 		return NULL;
+	kref_get(&q->ref);
 	return q;
 }`;
	it('and does nothing else', () => check(head, lines, 'fixes: use-after-free', '', 'quay: change quux_find()'));
	it('for a holder that is new', () => check(head, lines.replace('+	kref', '+	quay->last = q;\n+	kref'), 'no-failure', '', 'quay: change quux_find()'));
	it('at another place than before', () => check(head, lines.replace('	q = quay', '	q = quay').replace(' 	if (!q)', '-	kref_get(&q->ref);\n 	if (!q)'), 'no-failure', '', 'quay: change quux_find()'));
	it('and means to change nothing', () => check(head, lines, 'no-failure', '', 'quay: simplify quux_find()'));
	it('and has words for it that speak of no trouble', () => check(head, lines, 'no-failure', 'The next patch hands it on to the worker, which drops it when it is done.', 'quay: change quux_find()'));
});
