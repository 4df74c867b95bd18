// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netfilter/x_tables.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

struct mcx_table {
	struct rcu_head rcu;
	unsigned int n;
	u32 mark[];
};

struct mcx_set {
	struct mutex mutex;
	struct mcx_table __rcu *table;
	atomic64_t hits;
};

/* also used from process context by the debugfs self test */
bool mcx_match(struct mcx_set *set, u32 mark)
{
	struct mcx_table *t;
	bool hit = false;
	unsigned int i;

	rcu_read_lock();
	t = rcu_dereference(set->table);
	if (!t) {
		rcu_read_unlock();
		return false;
	}
	for (i = 0; i < t->n; i++) {
		if (t->mark[i] == mark) {
			hit = true;
			break;
		}
	}
	rcu_read_unlock();

	if (hit)
		atomic64_inc(&set->hits);
	return hit;
}

int mcx_replace(struct mcx_set *set, const u32 *mark, unsigned int n)
{
	struct mcx_table *t, *old;

	t = kzalloc(struct_size(t, mark, n), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->n = n;
	memcpy(t->mark, mark, n * sizeof(*mark));

	mutex_lock(&set->mutex);
	old = rcu_dereference_protected(set->table,
					lockdep_is_held(&set->mutex));
	rcu_assign_pointer(set->table, t);
	mutex_unlock(&set->mutex);

	if (old)
		kfree_rcu(old, rcu);
	return 0;
}

void mcx_init(struct mcx_set *set)
{
	mutex_init(&set->mutex);
	RCU_INIT_POINTER(set->table, NULL);
	atomic64_set(&set->hits, 0);
}
