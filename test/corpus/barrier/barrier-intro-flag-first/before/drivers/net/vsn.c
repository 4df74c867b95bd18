// SPDX-License-Identifier: GPL-2.0
#include <linux/io.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define VSN_DOORBELL	0x10
#define VSN_RING_LO	0x18
#define VSN_RING	256

struct vsn_ring {
	spinlock_t lock;
	unsigned int head;
	struct sk_buff *skb[VSN_RING];
};

struct vsn {
	void __iomem *bar;
	struct net_device *dev;
	struct vsn_ring *ring;
	int up;
};

static netdev_tx_t vsn_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vsn *vs = netdev_priv(dev);
	struct vsn_ring *ring;

	if (!smp_load_acquire(&vs->up)) {
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}

	ring = vs->ring;
	spin_lock(&ring->lock);
	ring->skb[ring->head++ % VSN_RING] = skb;
	writel(ring->head, vs->bar + VSN_DOORBELL);
	spin_unlock(&ring->lock);
	return NETDEV_TX_OK;
}

/* hotplug of the remote end, the netdev is registered and may be running */
int vsn_attach(struct vsn *vs)
{
	struct vsn_ring *ring;

	ring = kzalloc(sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	spin_lock_init(&ring->lock);

	writel(lower_32_bits(virt_to_phys(ring)), vs->bar + VSN_RING_LO);
	vs->ring = ring;
	/* pairs with vsn_xmit() */
	smp_store_release(&vs->up, 1);
	netif_carrier_on(vs->dev);
	return 0;
}

void vsn_free(struct vsn *vs)
{
	unsigned int i;

	if (!vs->ring)
		return;
	for (i = 0; i < VSN_RING; i++)
		kfree_skb(vs->ring->skb[i]);
	kfree(vs->ring);
}

static const struct net_device_ops vsn_netdev_ops = {
	.ndo_start_xmit	= vsn_xmit,
};

void vsn_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &vsn_netdev_ops;
	netif_carrier_off(dev);
}
