#include <linux/etherdevice.h>
#include <linux/hashtable.h>
#include <linux/jhash.h>
#include <linux/kref.h>
#include <linux/netdevice.h>
#include <linux/rculist.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "mlink.h"

struct mpeer {
	struct hlist_node node;
	struct kref kref;
	u8 addr[ETH_ALEN];
	u32 seq;
	u64 rx_bytes;
};

static DEFINE_HASHTABLE(mpeer_table, 6);
static DEFINE_SPINLOCK(mpeer_lock);

static u32 mpeer_hash(const u8 *addr)
{
	return jhash(addr, ETH_ALEN, 0);
}

static void mpeer_release(struct kref *kref)
{
	struct mpeer *p = container_of(kref, struct mpeer, kref);

	spin_lock_bh(&mpeer_lock);
	hash_del_rcu(&p->node);
	spin_unlock_bh(&mpeer_lock);
	kfree(p);
}

void mpeer_put(struct mpeer *p)
{
	kref_put(&p->kref, mpeer_release);
}

static struct mpeer *mpeer_lookup(const u8 *addr)
{
	struct mpeer *p;

	rcu_read_lock();
	hash_for_each_possible_rcu(mpeer_table, p, node, mpeer_hash(addr)) {
		if (!ether_addr_equal(p->addr, addr))
			continue;
		kref_get(&p->kref);
		rcu_read_unlock();
		return p;
	}
	rcu_read_unlock();
	return NULL;
}

struct mpeer *mpeer_add(const u8 *addr)
{
	struct mpeer *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return NULL;
	kref_init(&p->kref);
	ether_addr_copy(p->addr, addr);
	spin_lock_bh(&mpeer_lock);
	hash_add_rcu(mpeer_table, &p->node, mpeer_hash(addr));
	spin_unlock_bh(&mpeer_lock);
	return p;
}

int mlink_rcv(struct sk_buff *skb, struct net_device *dev)
{
	struct mpeer *p;

	p = mpeer_lookup(eth_hdr(skb)->h_source);
	if (!p) {
		kfree_skb(skb);
		return NET_RX_DROP;
	}
	mlink_deliver(p, skb);
	mpeer_put(p);
	return NET_RX_SUCCESS;
}
