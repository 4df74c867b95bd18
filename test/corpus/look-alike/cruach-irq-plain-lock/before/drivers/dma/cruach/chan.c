// SPDX-License-Identifier: GPL-2.0
/*
 * Cruach DMA: descriptor rings
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
#include "cruach.h"

struct cruach_desc {
	struct list_head	node;
	dma_addr_t		src, dst;
	size_t			len;
	void			(*callback)(void *);
	void			*param;
};

struct cruach_chan {
	void __iomem		*regs;
	spinlock_t		lock;
	struct list_head	queued;
	struct list_head	running;
	unsigned int		nr_queued;
};

/* called with chan->lock */
static void cruach_start(struct cruach_chan *chan)
{
	struct cruach_desc *d;

	if (!list_empty(&chan->running) || list_empty(&chan->queued))
		return;
	d = list_first_entry(&chan->queued, struct cruach_desc, node);
	list_move_tail(&d->node, &chan->running);
	chan->nr_queued--;
	writel(lower_32_bits(d->src), chan->regs + CRUACH_SRC);
	writel(lower_32_bits(d->dst), chan->regs + CRUACH_DST);
	writel(d->len, chan->regs + CRUACH_LEN);
}

static irqreturn_t cruach_irq(int irq, void *data)
{
	struct cruach_chan *chan = data;
	struct cruach_desc *d;
	unsigned long flags;

	writel(CRUACH_IRQ_ACK, chan->regs + CRUACH_STATUS);

	spin_lock_irqsave(&chan->lock, flags);
	d = list_first_entry_or_null(&chan->running, struct cruach_desc, node);
	if (d)
		list_del(&d->node);
	cruach_start(chan);
	spin_unlock_irqrestore(&chan->lock, flags);

	if (d) {
		d->callback(d->param);
		kfree(d);
	}
	return IRQ_HANDLED;
}

int cruach_submit(struct cruach_chan *chan, dma_addr_t dst, dma_addr_t src,
	       size_t len, void (*callback)(void *), void *param)
{
	unsigned long flags;
	struct cruach_desc *d;

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
	cruach_start(chan);
	spin_unlock_irqrestore(&chan->lock, flags);
	return 0;
}
EXPORT_SYMBOL_GPL(cruach_submit);

/* debugfs and the idle governor, process context */
unsigned int cruach_queue_depth(struct cruach_chan *chan)
{
	unsigned long flags;
	unsigned int depth;

	spin_lock_irqsave(&chan->lock, flags);
	depth = chan->nr_queued + !list_empty(&chan->running);
	spin_unlock_irqrestore(&chan->lock, flags);
	return depth;
}
EXPORT_SYMBOL_GPL(cruach_queue_depth);

int cruach_chan_init(struct platform_device *pdev, struct cruach_chan *chan, int irq)
{
	spin_lock_init(&chan->lock);
	INIT_LIST_HEAD(&chan->queued);
	INIT_LIST_HEAD(&chan->running);
	chan->nr_queued = 0;
	return devm_request_irq(&pdev->dev, irq, cruach_irq, 0, "cruach-dma", chan);
}
