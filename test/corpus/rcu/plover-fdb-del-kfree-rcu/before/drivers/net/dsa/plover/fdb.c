// SPDX-License-Identifier: GPL-2.0-only
/*
 * plover switch: software forwarding database
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rculist.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "plover.h"

struct plover_fdb {
	struct hlist_node	node;
	u8			addr[ETH_ALEN];
	u16			vid;
	struct plover_port	*port;
	unsigned long		updated;
	struct rcu_head		rcu;
};

static u32 plover_fdb_hash(const u8 *addr, u16 vid)
{
	return (get_unaligned_be32(addr + 2) ^ vid) % PLOVER_FDB_BUCKETS;
}

static struct plover_fdb *__plover_fdb_find(struct plover_switch *sw,
					    const u8 *addr, u16 vid)
{
	struct hlist_head *head = &sw->fdb[plover_fdb_hash(addr, vid)];
	struct plover_fdb *f;

	hlist_for_each_entry_rcu(f, head, node,
				 lockdep_is_held(&sw->fdb_lock)) {
		if (f->vid == vid && ether_addr_equal(f->addr, addr))
			return f;
	}
	return NULL;
}

/* called from the receive path in softirq context */
void plover_forward(struct plover_switch *sw, struct sk_buff *skb, u16 vid)
{
	struct plover_fdb *f;

	rcu_read_lock();
	f = __plover_fdb_find(sw, eth_hdr(skb)->h_dest, vid);
	if (f)
		plover_port_xmit(f->port, skb);
	else
		plover_flood(sw, skb, vid);
	rcu_read_unlock();
}

int plover_fdb_add(struct plover_switch *sw, struct plover_port *port,
		   const u8 *addr, u16 vid)
{
	struct plover_fdb *f;
	int err = 0;

	f = kzalloc(sizeof(*f), GFP_KERNEL);
	if (!f)
		return -ENOMEM;
	ether_addr_copy(f->addr, addr);
	f->vid = vid;
	f->port = port;
	f->updated = jiffies;

	spin_lock_bh(&sw->fdb_lock);
	if (__plover_fdb_find(sw, addr, vid)) {
		err = -EEXIST;
		kfree(f);
	} else {
		hlist_add_head_rcu(&f->node,
				   &sw->fdb[plover_fdb_hash(addr, vid)]);
	}
	spin_unlock_bh(&sw->fdb_lock);
	return err;
}

int plover_fdb_del(struct plover_switch *sw, const u8 *addr, u16 vid)
{
	struct plover_fdb *f;

	spin_lock_bh(&sw->fdb_lock);
	f = __plover_fdb_find(sw, addr, vid);
	if (!f) {
		spin_unlock_bh(&sw->fdb_lock);
		return -ENOENT;
	}
	hlist_del_rcu(&f->node);
	spin_unlock_bh(&sw->fdb_lock);

	kfree(f);
	return 0;
}

void plover_fdb_flush(struct plover_switch *sw, struct plover_port *port)
{
	struct hlist_node *tmp;
	struct plover_fdb *f;
	int i;

	spin_lock_bh(&sw->fdb_lock);
	for (i = 0; i < PLOVER_FDB_BUCKETS; i++) {
		hlist_for_each_entry_safe(f, tmp, &sw->fdb[i], node) {
			if (f->port != port)
				continue;
			hlist_del_rcu(&f->node);
			kfree_rcu(f, rcu);
		}
	}
	spin_unlock_bh(&sw->fdb_lock);
}
