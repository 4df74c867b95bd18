// SPDX-License-Identifier: GPL-2.0
/*
 * Ben DMA: descriptor rings
 */
#include <linux/bitops.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "ben.h"

struct ben_desc {
	struct list_head	node;
	dma_addr_t		src, dst;
	size_t			len;
	void			(*callback)(void *);
	void			*param;
};

struct ben_chan {
	void __iomem		*regs;
	spinlock_t		lock;
	struct list_head	queued;
	struct list_head	running;
	unsigned int		nr_queued;
};

/* called with chan->lock */
static void ben_start(struct ben_chan *chan)
{
	struct ben_desc *d;

	if (!list_empty(&chan->running) || list_empty(&chan->queued))
		return;
	d = list_first_entry(&chan->queued, struct ben_desc, node);
	list_move_tail(&d->node, &chan->running);
	chan->nr_queued--;
	writel(lower_32_bits(d->src), chan->regs + BEN_SRC);
	writel(lower_32_bits(d->dst), chan->regs + BEN_DST);
	writel(d->len, chan->regs + BEN_LEN);
}

static irqreturn_t ben_irq(int irq, void *data)
{
	struct ben_chan *chan = data;
	struct ben_desc *d;
	unsigned long flags;

	writel(BEN_IRQ_ACK, chan->regs + BEN_STATUS);

	spin_lock_irqsave(&chan->lock, flags);
	d = list_first_entry_or_null(&chan->running, struct ben_desc, node);
	if (d)
		list_del(&d->node);
	ben_start(chan);
	spin_unlock_irqrestore(&chan->lock, flags);

	if (d) {
		d->callback(d->param);
		kfree(d);
	}
	return IRQ_HANDLED;
}

int ben_submit(struct ben_chan *chan, dma_addr_t dst, dma_addr_t src,
	       size_t len, void (*callback)(void *), void *param)
{
	unsigned long flags;
	struct ben_desc *d;

	d = kzalloc(sizeof(*d), GFP_NOWAIT);
	if (!d)
		return -ENOMEM;
	d->src = src;
	d->dst = dst;
	d->len = len;
	d->callback = callback;
	d->param = param;

	spin_lock_irqsave(&chan->lock, flags);
	list_add_tail(&d->node, &chan->queued);
	chan->nr_queued++;
	ben_start(chan);
	spin_unlock_irqrestore(&chan->lock, flags);
	return 0;
}
EXPORT_SYMBOL_GPL(ben_submit);

/* debugfs and the idle governor, process context */
unsigned int ben_queue_depth(struct ben_chan *chan)
{
	unsigned long flags;
	unsigned int depth;

	spin_lock_irqsave(&chan->lock, flags);
	depth = chan->nr_queued + !list_empty(&chan->running);
	spin_unlock_irqrestore(&chan->lock, flags);
	return depth;
}
EXPORT_SYMBOL_GPL(ben_queue_depth);

int ben_chan_init(struct platform_device *pdev, struct ben_chan *chan, int irq)
{
	spin_lock_init(&chan->lock);
	INIT_LIST_HEAD(&chan->queued);
	INIT_LIST_HEAD(&chan->running);
	chan->nr_queued = 0;
	return devm_request_irq(&pdev->dev, irq, ben_irq, 0, "ben-dma", chan);
}
