#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/slab.h>

#define SFE_IMR		0x10
#define SFE_ISR		0x14
#define SFE_RING	64

struct sfe_desc {
	u32 status;
	struct sk_buff *skb;
};

struct sfe {
	void __iomem *regs;
	struct net_device *dev;
	struct sfe_desc *ring;
	unsigned int tail;
	int irq;
};

static irqreturn_t sfe_isr(int irq, void *dev_id)
{
	struct sfe *sp = dev_id;
	struct sfe_desc *d;

	if (!readl(sp->regs + SFE_ISR))
		return IRQ_NONE;

	for (;;) {
		d = &sp->ring[sp->tail];
		if (!(d->status & 1) || !d->skb)
			break;
		netif_rx(d->skb);
		d->skb = NULL;
		sp->tail = (sp->tail + 1) % SFE_RING;
	}
	return IRQ_HANDLED;
}

static int sfe_alloc_ring(struct sfe *sp)
{
	sp->ring = kcalloc(SFE_RING, sizeof(*sp->ring), GFP_KERNEL);
	sp->tail = 0;
	return sp->ring ? 0 : -ENOMEM;
}

static void sfe_free_ring(struct sfe *sp)
{
	int i;

	for (i = 0; i < SFE_RING; i++)
		if (sp->ring[i].skb)
			dev_kfree_skb(sp->ring[i].skb);
	kfree(sp->ring);
	sp->ring = NULL;
}

static int sfe_open(struct net_device *dev)
{
	struct sfe *sp = netdev_priv(dev);
	int err;

	err = sfe_alloc_ring(sp);
	if (err)
		return err;
	err = request_irq(sp->irq, sfe_isr, IRQF_SHARED, dev->name, sp);
	if (err) {
		sfe_free_ring(sp);
		return err;
	}
	writel(1, sp->regs + SFE_IMR);
	netif_start_queue(dev);
	return 0;
}

static int sfe_close(struct net_device *dev)
{
	struct sfe *sp = netdev_priv(dev);

	netif_stop_queue(dev);
	writel(0, sp->regs + SFE_IMR);
	sfe_free_ring(sp);
	free_irq(sp->irq, sp);
	return 0;
}

static const struct net_device_ops sfe_netdev_ops = {
	.ndo_open	= sfe_open,
	.ndo_stop	= sfe_close,
};
