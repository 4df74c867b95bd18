import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** A struct of the file that lies in one which nobody shows, because a header that is not there declares it. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'quux', 'free them later', file, true)).toBe(expected);
}

const leases = (free: string): string => `
struct quux_lease {
	struct hlist_node node;
	struct rcu_head rcu;
	u64 start;
};

struct quux_leases {
	spinlock_t lock;
	struct hlist_head head;
};

bool quux_covers(struct quux_inode *qi, u64 pos)
{
	struct quux_leases *ls = &qi->leases;
	struct quux_lease *l;
	bool found = false;

	rcu_read_lock();
	hlist_for_each_entry_rcu(l, &ls->head, node)
		if (l->start == pos)
			found = true;
	rcu_read_unlock();
	return found;
}

void quux_revoke(struct quux_inode *qi, u64 start)
{
	struct quux_leases *ls = &qi->leases;
	struct quux_lease *l;
	struct hlist_node *tmp;

	spin_lock(&ls->lock);
	hlist_for_each_entry_safe(l, tmp, &ls->head, node) {
		if (l->start != start)
			continue;
		hlist_del_rcu(&l->node);
${free}
	}
	spin_unlock(&ls->lock);
}
`;

describe('what is part of a struct that nobody shows', () => {
	it('is the same for all who take its address', () => check(leases('-\t\tkfree(l);\n+\t\tkfree_rcu(l, rcu);'), 'fixes: use-after-free'));
	it('both ways', () => check(leases('-\t\tkfree_rcu(l, rcu);\n+\t\tkfree(l);'), 'introduces: use-after-free'));
});
