// SPDX-License-Identifier: GPL-2.0
#include <linux/io.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define WSN_DOORBELL	0x10
#define WSN_RING_LO	0x18
#define WSN_RING	256

struct wsn_ring {
	spinlock_t lock;
	unsigned int head;
	struct sk_buff *skb[WSN_RING];
};

struct wsn {
	void __iomem *bar;
	struct net_device *dev;
	struct wsn_ring *ring;
	int up;
};

static netdev_tx_t wsn_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct wsn *vs = netdev_priv(dev);
	struct wsn_ring *ring;

	if (!READ_ONCE(vs->up)) {
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	smp_rmb();	/* pairs with wsn_attach() */

	ring = vs->ring;
	spin_lock(&ring->lock);
	ring->skb[ring->head++ % WSN_RING] = skb;
	writel(ring->head, vs->bar + WSN_DOORBELL);
	spin_unlock(&ring->lock);
	return NETDEV_TX_OK;
}

/* hotplug of the remote end, the netdev is registered and may be running */
int wsn_attach(struct wsn *vs)
{
	struct wsn_ring *ring;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	spin_lock_init(&ring->lock);

	writel(lower_32_bits(virt_to_phys(ring)), vs->bar + WSN_RING_LO);
	vs->ring = ring;
	smp_wmb();	/* pairs with wsn_xmit() */
	WRITE_ONCE(vs->up, 1);
	netif_carrier_on(vs->dev);
	return 0;
}

void wsn_free(struct wsn *vs)
{
	unsigned int i;

	if (!vs->ring)
		return;
	for (i = 0; i < WSN_RING; i++)
		kfree_skb(vs->ring->skb[i]);
	kfree(vs->ring);
}

static const struct net_device_ops wsn_netdev_ops = {
	.ndo_start_xmit	= wsn_xmit,
};

void wsn_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &wsn_netdev_ops;
	netif_carrier_off(dev);
}
