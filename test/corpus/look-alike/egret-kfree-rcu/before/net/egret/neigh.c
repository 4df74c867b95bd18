// SPDX-License-Identifier: GPL-2.0
/*
 * egret mesh: neighbour table
 */
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/rculist.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "egret.h"

#define EGRET_NEIGH_BUCKETS	64
#define EGRET_NEIGH_TIMEOUT	(30 * HZ)

struct egret_neigh {
	struct hlist_node	node;
	refcount_t		refcnt;
	u32			addr;
	unsigned long		last_seen;
	struct rcu_head		rcu;
};

static struct hlist_head egret_table[EGRET_NEIGH_BUCKETS];
static DEFINE_SPINLOCK(egret_table_lock);
static struct delayed_work egret_gc_work;

static struct hlist_head *egret_bucket(u32 addr)
{
	return &egret_table[jhash_1word(addr, 0) % EGRET_NEIGH_BUCKETS];
}

static void egret_neigh_free_rcu(struct rcu_head *head)
{
	struct egret_neigh *n = container_of(head, struct egret_neigh, rcu);

	kfree(n);
}

void egret_neigh_put(struct egret_neigh *n)
{
	if (refcount_dec_and_test(&n->refcnt))
		call_rcu(&n->rcu, egret_neigh_free_rcu);
}

struct egret_neigh *egret_neigh_lookup(u32 addr)
{
	struct egret_neigh *n;

	rcu_read_lock();
	hlist_for_each_entry_rcu(n, egret_bucket(addr), node) {
		if (n->addr != addr || !refcount_inc_not_zero(&n->refcnt))
			continue;
		rcu_read_unlock();
		return n;
	}
	rcu_read_unlock();
	return NULL;
}

struct egret_neigh *egret_neigh_create(u32 addr)
{
	struct egret_neigh *n, *old;

	n = kzalloc(sizeof(*n), GFP_ATOMIC);
	if (!n)
		return NULL;
	n->addr = addr;
	n->last_seen = jiffies;
	/* one for the table, one for the caller */
	refcount_set(&n->refcnt, 2);

	spin_lock_bh(&egret_table_lock);
	hlist_for_each_entry(old, egret_bucket(addr), node) {
		if (old->addr != addr)
			continue;
		/* still in the table, so it has the table's reference */
		refcount_inc(&old->refcnt);
		spin_unlock_bh(&egret_table_lock);
		kfree(n);
		return old;
	}
	hlist_add_head_rcu(&n->node, egret_bucket(addr));
	spin_unlock_bh(&egret_table_lock);
	return n;
}

static void egret_neigh_gc(struct work_struct *work)
{
	struct egret_neigh *n;
	struct hlist_node *tmp;
	int i;

	spin_lock_bh(&egret_table_lock);
	for (i = 0; i < EGRET_NEIGH_BUCKETS; i++) {
		hlist_for_each_entry_safe(n, tmp, &egret_table[i], node) {
			if (time_before(jiffies, READ_ONCE(n->last_seen) +
						 EGRET_NEIGH_TIMEOUT))
				continue;
			hlist_del_rcu(&n->node);
			egret_neigh_put(n);
		}
	}
	spin_unlock_bh(&egret_table_lock);

	schedule_delayed_work(&egret_gc_work, EGRET_NEIGH_TIMEOUT);
}

void egret_neigh_seen(u32 addr)
{
	struct egret_neigh *n = egret_neigh_lookup(addr);

	if (!n)
		n = egret_neigh_create(addr);
	if (!n)
		return;
	WRITE_ONCE(n->last_seen, jiffies);
	egret_neigh_put(n);
}

int __init egret_neigh_init(void)
{
	INIT_DELAYED_WORK(&egret_gc_work, egret_neigh_gc);
	schedule_delayed_work(&egret_gc_work, EGRET_NEIGH_TIMEOUT);
	return 0;
}
