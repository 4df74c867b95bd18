// SPDX-License-Identifier: GPL-2.0
/*
 * heron mesh: neighbour table
 */
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "heron.h"

#define HERON_NEIGH_BUCKETS	64
#define HERON_NEIGH_TIMEOUT	(30 * HZ)

struct heron_neigh {
	struct hlist_node	node;
	refcount_t		refcnt;
	u32			addr;
	unsigned long		last_seen;
	struct rcu_head		rcu;
};

static struct hlist_head heron_table[HERON_NEIGH_BUCKETS];
static DEFINE_SPINLOCK(heron_table_lock);
static struct delayed_work heron_gc_work;

static struct hlist_head *heron_bucket(u32 addr)
{
	return &heron_table[jhash_1word(addr, 0) % HERON_NEIGH_BUCKETS];
}

void heron_neigh_put(struct heron_neigh *n)
{
	if (refcount_dec_and_test(&n->refcnt))
		kfree_rcu(n, rcu);
}

struct heron_neigh *heron_neigh_lookup(u32 addr)
{
	struct heron_neigh *n;

	rcu_read_lock();
	hlist_for_each_entry_rcu(n, heron_bucket(addr), node) {
		if (n->addr != addr)
			continue;
		refcount_inc(&n->refcnt);
		rcu_read_unlock();
		return n;
	}
	rcu_read_unlock();
	return NULL;
}

struct heron_neigh *heron_neigh_create(u32 addr)
{
	struct heron_neigh *n, *old;

	n = kzalloc(sizeof(*n), GFP_ATOMIC);
	if (!n)
		return NULL;
	n->addr = addr;
	n->last_seen = jiffies;
	/* one for the table, one for the caller */
	refcount_set(&n->refcnt, 2);

	spin_lock_bh(&heron_table_lock);
	hlist_for_each_entry(old, heron_bucket(addr), node) {
		if (old->addr != addr)
			continue;
		/* still in the table, so it has the table's reference */
		refcount_inc(&old->refcnt);
		spin_unlock_bh(&heron_table_lock);
		kfree(n);
		return old;
	}
	hlist_add_head_rcu(&n->node, heron_bucket(addr));
	spin_unlock_bh(&heron_table_lock);
	return n;
}

static void heron_neigh_gc(struct work_struct *work)
{
	struct heron_neigh *n;
	struct hlist_node *tmp;
	int i;

	spin_lock_bh(&heron_table_lock);
	for (i = 0; i < HERON_NEIGH_BUCKETS; i++) {
		hlist_for_each_entry_safe(n, tmp, &heron_table[i], node) {
			if (time_before(jiffies, READ_ONCE(n->last_seen) +
						 HERON_NEIGH_TIMEOUT))
				continue;
			hlist_del_rcu(&n->node);
			heron_neigh_put(n);
		}
	}
	spin_unlock_bh(&heron_table_lock);

	schedule_delayed_work(&heron_gc_work, HERON_NEIGH_TIMEOUT);
}

void heron_neigh_seen(u32 addr)
{
	struct heron_neigh *n = heron_neigh_lookup(addr);

	if (!n)
		n = heron_neigh_create(addr);
	if (!n)
		return;
	WRITE_ONCE(n->last_seen, jiffies);
	heron_neigh_put(n);
}

int __init heron_neigh_init(void)
{
	INIT_DELAYED_WORK(&heron_gc_work, heron_neigh_gc);
	schedule_delayed_work(&heron_gc_work, HERON_NEIGH_TIMEOUT);
	return 0;
}
