// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/protocol.h>

struct ovl4_hook {
	int (*fn)(struct sk_buff *skb, void *priv);
	void *priv;
};

static struct ovl4_hook __rcu *ovl4_hook;
static DEFINE_MUTEX(ovl4_mutex);

static int ovl4_rx(struct sk_buff *skb)
{
	struct ovl4_hook *h;
	int ret = -1;

	rcu_read_lock();
	h = rcu_dereference(ovl4_hook);
	if (h)
		ret = h->fn(skb, h->priv);
	rcu_read_unlock();

	if (ret)
		kfree_skb(skb);
	return 0;
}

int ovl4_attach(int (*fn)(struct sk_buff *, void *), void *priv)
{
	struct ovl4_hook *h;
	int ret = 0;

	h = kmalloc(sizeof(*h), GFP_KERNEL);
	if (!h)
		return -ENOMEM;
	h->fn = fn;
	h->priv = priv;

	mutex_lock(&ovl4_mutex);
	if (rcu_access_pointer(ovl4_hook)) {
		kfree(h);
		ret = -EBUSY;
	} else {
		rcu_assign_pointer(ovl4_hook, h);
	}
	mutex_unlock(&ovl4_mutex);
	return ret;
}
EXPORT_SYMBOL_GPL(ovl4_attach);

void ovl4_detach(void)
{
	struct ovl4_hook *h;

	mutex_lock(&ovl4_mutex);
	h = rcu_dereference_protected(ovl4_hook,
				      lockdep_is_held(&ovl4_mutex));
	RCU_INIT_POINTER(ovl4_hook, NULL);
	mutex_unlock(&ovl4_mutex);
	kfree(h);
}
EXPORT_SYMBOL_GPL(ovl4_detach);

static struct net_protocol ovl4_protocol = {
	.handler	= ovl4_rx,
	.no_policy	= 1,
};

static int __init ovl4_init(void)
{
	return inet_add_protocol(&ovl4_protocol, 253);
}
module_init(ovl4_init);
