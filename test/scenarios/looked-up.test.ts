import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Where objects come from that a made-up file uses and drops: out of a container, or out of a call that nobody shows. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (subject: string, file: string, expected: string): Promise<void> => { expect(await saidOfFile(analyzer, 'quux', subject, file)).toBe(expected); };
const checkInTree = async (subject: string, file: string, expected: string): Promise<void> => { expect(await saidOfFile(analyzer, 'quux', subject, file, true)).toBe(expected); };

describe('an xarray, whose own lock keeps out who erases', () => {
	const file = (lock: readonly string[], unlock: readonly string[]): string => `
struct quux {
	struct kref ref;
	int level;
};

struct quux_set {
	struct xarray all;
};

static void quux_release(struct kref *ref)
{
	kfree(container_of(ref, struct quux, ref));
}

struct quux *quux_find(struct quux_set *set, unsigned long id)
{
	struct quux *q;

${lock.join('\n')}
	q = xa_load(&set->all, id);
	if (q)
		kref_get(&q->ref);
${unlock.join('\n')}
	return q;
}

void quux_remove(struct quux_set *set, unsigned long id)
{
	struct quux *q = xa_erase(&set->all, id);

	if (q)
		kref_put(&q->ref, quux_release);
}
`;
	it('taken by who looks up as well', () => check('lock out removal', file(['+	xa_lock(&set->all);'], ['+	xa_unlock(&set->all);']), 'fixes: resurrection, use-after-free'));
	it('and not taken any more', () => check('simplify', file(['-	xa_lock(&set->all);'], ['-	xa_unlock(&set->all);']), 'introduces: resurrection, use-after-free'));
});

describe('a reference that a call hands out through one of its arguments', () => {
	const file = (lines: string): string => `
struct quux {
	struct kref ref;
	int level;
};

int quux_level(struct quux_bus *bus, int id)
{
	struct quux *q;
	int err = quux_bus_find(bus, id, &q);

	if (err)
		return err;
${lines}
	kref_put(&q->ref, quux_release);
	return 0;
}
`;
	it('used and dropped', () => check('tell the level', file('+	bus->level = q->level;'), 'no-failure'));
	// A known gap: which of the call's values says that it handed something out is not told.
	it('kept on a way that fails', () => check('check the level', file('+	if (q->level < 0)\n+		return -EINVAL;'), 'no-failure'));
});

describe('a read side that a function which is all in sight no longer has', () => {
	const file = (lines: string, subject = ''): string => `
struct quux {
	struct list_head link;
	int level;
	int seen;
};

struct quux_set {
	struct list_head all;
};
${subject}
int quux_sum(struct quux_set *set)
{
	struct quux *q;
	int sum = 0;

-	rcu_read_lock();
${lines}
-	rcu_read_unlock();
	return sum;
}
`;
	const LOOP = '	list_for_each_entry_rcu(q, &set->all, link) {\n		if (!q->seen)\n			continue;\n		sum += q->level;\n	}';
	it('around a walk', () => checkInTree('simplify', file(LOOP), 'introduces: use-after-free'));
	it('around a look-up', () => checkInTree('simplify', file('	q = quux_lookup(set, 1);\n	if (q)\n		sum = q->level;'), 'introduces: use-after-free'));
	it('which the mail says its callers have', () => checkInTree('callers are in a read side already', file(LOOP), 'no-failure'));
	it('where nothing is found', () => checkInTree('simplify', file('	sum = READ_ONCE(set->level);'), 'no-failure'));
});

describe('a function that takes a reference for whoever calls it', () => {
	const file = (get: string): string => `
struct quux {
	refcount_t count;
	int level;
};

void quux_put(struct quux *q)
{
	if (refcount_dec_and_test(&q->count))
		kfree(q);
}

struct quux *quux_get(struct quux *q)
{
${get}
	return q;
}
`;
	it('takes none any more', () => check('simplify', file('-	refcount_inc(&q->count);'), 'introduces: use-after-free'));
	it('takes one at last', () => check('count users', file('+	refcount_inc(&q->count);'), 'fixes: use-after-free'));
	it('takes it otherwise', () => check('use kref names', file('-	refcount_inc(&q->count);\n+	refcount_add(1, &q->count);'), 'no-failure'));
});

describe('a pointer that may be another one than the world has', () => {
	const file = (flags: string): string => `
struct quux {
	spinlock_t lock;
	struct list_head link;
};

void quux_tell(struct quux *own, struct quux_set *set, struct sk_buff *skb)
{
	struct quux *q;

	spin_lock(&set->lock);
	list_for_each_entry(q, &set->all, link) {
		if (q == own)
			continue;
${flags}
	}
	spin_unlock(&set->lock);
}
`;
	it('is gone by in an outline', () => checkInTree('simplify', file('-		quux_send(q, skb_copy(skb, GFP_ATOMIC));\n+		quux_send(q, skb_copy(skb, GFP_KERNEL));'), 'introduces: sleep-in-atomic'));
});

describe('a count that is asked now', () => {
	const file = (before: string, after: string, get: readonly string[]): string => `
struct quux { struct kref ref; struct list_head node; int id; };
static DEFINE_SPINLOCK(quux_lock);
static LIST_HEAD(quux_list);

struct quux *quux_find(int id)
{
	struct quux *q, *found = NULL;

	${before};
	list_for_each_entry(q, &quux_list, node) {
		if (q->id == id) {
			found = q;
			break;
		}
	}
${get.join(`\n	${after};\n`)}
	return found;
}
`;
	const asked = '-	if (found)\n-		kref_get(&found->ref);\n+	if (found && !kref_get_unless_zero(&found->ref))\n+		found = NULL;';
	it('behind the lock', () => check('use kref_get_unless_zero()', file('spin_lock(&quux_lock)', 'spin_unlock(&quux_lock)', ['', asked]), 'still-fails: use-after-free'));
	it('under it', () => check('use kref_get_unless_zero()', file('spin_lock(&quux_lock)', 'spin_unlock(&quux_lock)', [asked, '']), 'fixes: resurrection'));
});

describe('a reference that is brought into a read side', () => {
	const said = (words: string, get: string): Promise<string> => saidOfHunk(analyzer, words, 'static struct quux *quux_get(struct quux_table *t, u32 id)', `
 	hash_for_each_possible_rcu(t->all, q, node, id) {
 		if (q->id != id)
 			continue;
-		rcu_read_unlock();
 		${get}
+		rcu_read_unlock();
 		return q;
 	}
 	rcu_read_unlock();
`, 'quux: fix use after free in quux_get()');
	const words = 'The last reference may be dropped before:\n\n  refcount_t: addition on 0; use-after-free.';
	it('whatever the count is', async () => expect(await said(words, 'refcount_inc(&q->ref);')).toBe('still-fails: resurrection'));
	it('which is not what the mail speaks of', async () => expect(await said('It may be freed before the reference is taken: use after free.', 'refcount_inc(&q->ref);')).toBe('fixes: use-after-free'));
});
