import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** A list whose head a helper picks: what is looked up there is what the others have put there. */
const check = fileCheck('quux', 'rework look-ups');

const sessions = (bucket: string, taken: string): string => `
struct quux_session {
	struct hlist_node node;
	refcount_t ref;
	u32 id;
};

struct quux_net {
	spinlock_t lock;
	struct hlist_head table[16];
	struct hlist_head others;
};

static struct hlist_head *quux_bucket(struct quux_net *qn, u32 id)
{
${bucket}
}

struct quux_session *quux_get(struct quux_net *qn, u32 id)
{
	struct quux_session *s;

	spin_lock(&qn->lock);
	hlist_for_each_entry(s, quux_bucket(qn, id), node) {
		if (s->id != id)
			continue;
${taken}
		spin_unlock(&qn->lock);
		return s;
	}
	spin_unlock(&qn->lock);
	return NULL;
}

void quux_put(struct quux_net *qn, struct quux_session *s)
{
	if (!refcount_dec_and_test(&s->ref))
		return;
	spin_lock(&qn->lock);
	hlist_del(&s->node);
	spin_unlock(&qn->lock);
	kfree(s);
}
`;

const table = '\treturn &qn->table[hash_32(id, 4)];';
const either = '\tif (id > 16)\n\t\treturn &qn->others;\n\treturn &qn->table[id];';
const unlessZero = '-\t\trefcount_inc(&s->ref);\n+\t\tif (!refcount_inc_not_zero(&s->ref))\n+\t\t\tcontinue;';

describe('a look-up in the list that a helper picks', () => {
	it('takes what the last one dropped', () => check(sessions(table, unlessZero), 'fixes: resurrection'));
	it('goes past it, in other words', () => check(sessions(table, '-\t\tif (!refcount_inc_not_zero(&s->ref))\n+\t\tif (refcount_inc_not_zero(&s->ref) == false)\n\t\t\tcontinue;'), 'no-failure'));
	// A known gap: an object is in one list at a time, and which of the two nobody says.
	it('in one of two lists', () => check(sessions(either, unlessZero), 'no-failure'));
});
