// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/protocol.h>

struct ovl6_hook {
	int (*fn)(struct sk_buff *skb, void *priv);
	void *priv;
};

static struct ovl6_hook __rcu *ovl6_hook;
static DEFINE_MUTEX(ovl6_mutex);

static int ovl6_rx(struct sk_buff *skb)
{
	struct ovl6_hook *h;
	int ret = -1;

	rcu_read_lock();
	h = rcu_dereference(ovl6_hook);
	if (h)
		ret = h->fn(skb, h->priv);
	rcu_read_unlock();

	if (ret)
		kfree_skb(skb);
	return 0;
}

int ovl6_attach(int (*fn)(struct sk_buff *, void *), void *priv)
{
	struct ovl6_hook *h;
	int ret = 0;

	h = kmalloc(sizeof(*h), GFP_KERNEL);
	if (!h)
		return -ENOMEM;
	h->fn = fn;
	h->priv = priv;

	mutex_lock(&ovl6_mutex);
	if (rcu_access_pointer(ovl6_hook)) {
		kfree(h);
		ret = -EBUSY;
	} else {
		rcu_assign_pointer(ovl6_hook, h);
	}
	mutex_unlock(&ovl6_mutex);
	return ret;
}
EXPORT_SYMBOL_GPL(ovl6_attach);

void ovl6_detach(void)
{
	struct ovl6_hook *h;

	mutex_lock(&ovl6_mutex);
	h = rcu_dereference_protected(ovl6_hook,
				      lockdep_is_held(&ovl6_mutex));
	RCU_INIT_POINTER(ovl6_hook, NULL);
	mutex_unlock(&ovl6_mutex);
	synchronize_rcu();
	kfree(h);
}
EXPORT_SYMBOL_GPL(ovl6_detach);

static struct net_protocol ovl6_protocol = {
	.handler	= ovl6_rx,
	.no_policy	= 1,
};

static int __init ovl6_init(void)
{
	return inet_add_protocol(&ovl6_protocol, 253);
}
module_init(ovl6_init);
