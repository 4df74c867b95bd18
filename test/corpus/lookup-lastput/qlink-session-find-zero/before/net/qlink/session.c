// SPDX-License-Identifier: GPL-2.0
/*
 * qlink sessions
 */
#include <linux/hashtable.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "qlink.h"

#define QLINK_HASH_BITS	8

struct qlink_session {
	struct hlist_node	node;
	struct kref		ref;
	u32			id;
	u64			rx_bytes;
	struct sk_buff_head	rxq;
};

static DEFINE_HASHTABLE(qlink_sessions, QLINK_HASH_BITS);
static DEFINE_SPINLOCK(qlink_lock);

static void qlink_session_release(struct kref *ref)
{
	struct qlink_session *s = container_of(ref, struct qlink_session, ref);

	spin_lock_bh(&qlink_lock);
	hash_del(&s->node);
	spin_unlock_bh(&qlink_lock);

	skb_queue_purge(&s->rxq);
	kfree(s);
}

static void qlink_session_put(struct qlink_session *s)
{
	kref_put(&s->ref, qlink_session_release);
}

static struct qlink_session *qlink_session_find(u32 id)
{
	struct qlink_session *s;

	spin_lock_bh(&qlink_lock);
	hash_for_each_possible(qlink_sessions, s, node, id) {
		if (s->id == id) {
			kref_get(&s->ref);
			spin_unlock_bh(&qlink_lock);
			return s;
		}
	}
	spin_unlock_bh(&qlink_lock);
	return NULL;
}

struct qlink_session *qlink_session_create(u32 id)
{
	struct qlink_session *s;

	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;
	kref_init(&s->ref);
	s->id = id;
	skb_queue_head_init(&s->rxq);

	spin_lock_bh(&qlink_lock);
	hash_add(qlink_sessions, &s->node, id);
	spin_unlock_bh(&qlink_lock);
	return s;
}
EXPORT_SYMBOL_GPL(qlink_session_create);

void qlink_session_close(struct qlink_session *s)
{
	qlink_session_put(s);
}
EXPORT_SYMBOL_GPL(qlink_session_close);

static int qlink_rcv(struct sk_buff *skb, struct net_device *dev,
		     struct packet_type *pt, struct net_device *orig_dev)
{
	struct qlink_session *s;

	if (!pskb_may_pull(skb, sizeof(struct qlink_hdr)))
		goto drop;

	s = qlink_session_find(be32_to_cpu(qlink_hdr(skb)->id));
	if (!s)
		goto drop;
	skb_queue_tail(&s->rxq, skb);
	qlink_session_put(s);
	return NET_RX_SUCCESS;
drop:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type qlink_packet_type __read_mostly = {
	.type = cpu_to_be16(ETH_P_QLINK),
	.func = qlink_rcv,
};

static int __init qlink_session_init(void)
{
	dev_add_pack(&qlink_packet_type);
	return 0;
}
module_init(qlink_session_init);

static void __exit qlink_session_exit(void)
{
	dev_remove_pack(&qlink_packet_type);
}
module_exit(qlink_session_exit);
MODULE_LICENSE("GPL");
