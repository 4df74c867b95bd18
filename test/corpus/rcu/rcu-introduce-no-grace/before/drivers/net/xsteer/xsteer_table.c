// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "xsteer.h"

struct xsteer_table {
	unsigned int n;
	u16 queue[];
};

struct xsteer_priv {
	struct net_device *dev;
	struct mutex cfg_lock;
	struct xsteer_table __rcu *table;
};

static u16 xsteer_pick(struct xsteer_priv *priv, struct sk_buff *skb)
{
	struct xsteer_table *t;
	u16 q = 0;

	rcu_read_lock();
	t = rcu_dereference(priv->table);
	if (t)
		q = t->queue[reciprocal_scale(skb_get_hash(skb), t->n)];
	rcu_read_unlock();
	return q;
}

u16 xsteer_select_queue(struct net_device *dev, struct sk_buff *skb,
			struct net_device *sb_dev)
{
	return xsteer_pick(netdev_priv(dev), skb);
}

int xsteer_set_table(struct xsteer_priv *priv, const u16 *q, unsigned int n)
{
	struct xsteer_table *new, *old;

	if (!n)
		return -EINVAL;
	new = kzalloc(struct_size(new, queue, n), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->n = n;
	memcpy(new->queue, q, n * sizeof(*q));

	mutex_lock(&priv->cfg_lock);
	old = rcu_dereference_protected(priv->table,
					lockdep_is_held(&priv->cfg_lock));
	rcu_assign_pointer(priv->table, new);
	mutex_unlock(&priv->cfg_lock);

	synchronize_rcu();
	kfree(old);
	return 0;
}

int xsteer_init(struct xsteer_priv *priv, struct net_device *dev)
{
	priv->dev = dev;
	mutex_init(&priv->cfg_lock);
	RCU_INIT_POINTER(priv->table, NULL);
	return 0;
}

void xsteer_fini(struct xsteer_priv *priv)
{
	struct xsteer_table *old;

	old = rcu_replace_pointer(priv->table, NULL, true);
	synchronize_rcu();
	kfree(old);
	mutex_destroy(&priv->cfg_lock);
}
