// SPDX-License-Identifier: GPL-2.0-only
/*
 * dotterel switch: software forwarding database
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "dotterel.h"

struct dotterel_fdb {
	struct hlist_node	node;
	u8			addr[ETH_ALEN];
	u16			vid;
	struct dotterel_port	*port;
	unsigned long		updated;
	struct rcu_head		rcu;
};

static u32 dotterel_fdb_hash(const u8 *addr, u16 vid)
{
	return (get_unaligned_be32(addr + 2) ^ vid) % DOTTEREL_FDB_BUCKETS;
}

static struct dotterel_fdb *__dotterel_fdb_find(struct dotterel_switch *sw,
					    const u8 *addr, u16 vid)
{
	struct hlist_head *head = &sw->fdb[dotterel_fdb_hash(addr, vid)];
	struct dotterel_fdb *f;

	hlist_for_each_entry_rcu(f, head, node,
				 lockdep_is_held(&sw->fdb_lock)) {
		if (f->vid == vid && ether_addr_equal(f->addr, addr))
			return f;
	}
	return NULL;
}

/* called from the receive path in softirq context */
void dotterel_forward(struct dotterel_switch *sw, struct sk_buff *skb, u16 vid)
{
	struct dotterel_fdb *f;

	rcu_read_lock();
	f = __dotterel_fdb_find(sw, eth_hdr(skb)->h_dest, vid);
	if (f)
		dotterel_port_xmit(f->port, skb);
	else
		dotterel_flood(sw, skb, vid);
	rcu_read_unlock();
}

int dotterel_fdb_add(struct dotterel_switch *sw, struct dotterel_port *port,
		   const u8 *addr, u16 vid)
{
	struct dotterel_fdb *f;
	int err = 0;

	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	ether_addr_copy(f->addr, addr);
	f->vid = vid;
	f->port = port;
	f->updated = jiffies;

	spin_lock_bh(&sw->fdb_lock);
	if (__dotterel_fdb_find(sw, addr, vid)) {
		err = -EEXIST;
		kfree(f);
	} else {
		hlist_add_head_rcu(&f->node,
				   &sw->fdb[dotterel_fdb_hash(addr, vid)]);
	}
	spin_unlock_bh(&sw->fdb_lock);
	return err;
}

int dotterel_fdb_del(struct dotterel_switch *sw, const u8 *addr, u16 vid)
{
	struct dotterel_fdb *f;

	spin_lock_bh(&sw->fdb_lock);
	f = __dotterel_fdb_find(sw, addr, vid);
	if (!f) {
		spin_unlock_bh(&sw->fdb_lock);
		return -ENOENT;
	}
	hlist_del_rcu(&f->node);
	spin_unlock_bh(&sw->fdb_lock);

	kfree_rcu(f, rcu);
	return 0;
}

void dotterel_fdb_flush(struct dotterel_switch *sw, struct dotterel_port *port)
{
	struct hlist_node *tmp;
	struct dotterel_fdb *f;
	int i;

	spin_lock_bh(&sw->fdb_lock);
	for (i = 0; i < DOTTEREL_FDB_BUCKETS; i++) {
		hlist_for_each_entry_safe(f, tmp, &sw->fdb[i], node) {
			if (f->port != port)
				continue;
			hlist_del_rcu(&f->node);
			kfree_rcu(f, rcu);
		}
	}
	spin_unlock_bh(&sw->fdb_lock);
}
