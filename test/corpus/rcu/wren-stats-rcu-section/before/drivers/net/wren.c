// SPDX-License-Identifier: GPL-2.0
/*
 * wren: minimal active/backup uplink aggregation
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>

struct wren_slave {
	struct net_device	*dev;
	u32			weight;
	struct rcu_head		rcu;
};

struct wren_priv {
	struct wren_slave __rcu	*active;
	struct net_device	*dev;
};

static netdev_tx_t wren_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct wren_priv *wp = netdev_priv(dev);
	struct wren_slave *slave;

	rcu_read_lock();
	slave = rcu_dereference(wp->active);
	if (!slave) {
		rcu_read_unlock();
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	skb->dev = slave->dev;
	dev_queue_xmit(skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

/* Called by the management daemon's generic netlink handler, no rtnl. */
int wren_get_active_stats(struct wren_priv *wp, struct rtnl_link_stats64 *st,
			  u32 *weight)
{
	struct wren_slave *slave;

	rcu_read_lock();
	slave = rcu_dereference(wp->active);
	rcu_read_unlock();
	if (!slave)
		return -ENODEV;

	dev_get_stats(slave->dev, st);
	*weight = slave->weight;
	return 0;
}

static int wren_add_slave(struct net_device *dev, struct net_device *port,
			  struct netlink_ext_ack *extack)
{
	struct wren_priv *wp = netdev_priv(dev);
	struct wren_slave *slave;

	ASSERT_RTNL();
	if (rtnl_dereference(wp->active)) {
		NL_SET_ERR_MSG(extack, "device already has an uplink");
		return -EBUSY;
	}
	slave = kzalloc(sizeof(*slave), GFP_KERNEL);
	if (!slave)
		return -ENOMEM;
	dev_hold(port);
	slave->dev = port;
	slave->weight = 1;
	rcu_assign_pointer(wp->active, slave);
	return 0;
}

static int wren_del_slave(struct net_device *dev, struct net_device *port)
{
	struct wren_priv *wp = netdev_priv(dev);
	struct wren_slave *slave;

	ASSERT_RTNL();
	slave = rtnl_dereference(wp->active);
	if (!slave || slave->dev != port)
		return -EINVAL;
	RCU_INIT_POINTER(wp->active, NULL);
	synchronize_net();
	dev_put(slave->dev);
	kfree(slave);
	return 0;
}

static const struct net_device_ops wren_netdev_ops = {
	.ndo_start_xmit	= wren_xmit,
	.ndo_add_slave	= wren_add_slave,
	.ndo_del_slave	= wren_del_slave,
};

static void wren_setup(struct net_device *dev)
{
	struct wren_priv *wp = netdev_priv(dev);

	ether_setup(dev);
	wp->dev = dev;
	dev->netdev_ops = &wren_netdev_ops;
	dev->needs_free_netdev = true;
	eth_hw_addr_random(dev);
}

static struct rtnl_link_ops wren_link_ops __read_mostly = {
	.kind		= "wren",
	.priv_size	= sizeof(struct wren_priv),
	.setup		= wren_setup,
};

static int __init wren_init(void)
{
	return rtnl_link_register(&wren_link_ops);
}
module_init(wren_init);

static void __exit wren_exit(void)
{
	rtnl_link_unregister(&wren_link_ops);
}
module_exit(wren_exit);
MODULE_LICENSE("GPL");
MODULE_ALIAS_RTNL_LINK("wren");
