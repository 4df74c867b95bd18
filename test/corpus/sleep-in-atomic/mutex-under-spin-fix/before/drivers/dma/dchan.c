// SPDX-License-Identifier: GPL-2.0
#include <linux/dmaengine.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct dchan_desc {
	struct list_head node;
	dma_addr_t addr;
	u32 len;
};

struct dchan_dev {
	void __iomem *regs;
	struct mutex reg_mutex;
};

struct dchan {
	struct dchan_dev *dev;
	spinlock_t lock;
	struct list_head pending;
	unsigned int id;
};

static void dchan_reload(struct dchan *dc, struct dchan_desc *d)
{
	struct dchan_dev *dev = dc->dev;

	mutex_lock(&dev->reg_mutex);
	writel(dc->id, dev->regs);
	writel(lower_32_bits(d->addr), dev->regs + 4);
	writel(d->len, dev->regs + 8);
	mutex_unlock(&dev->reg_mutex);
}

int dchan_queue(struct dchan *dc, dma_addr_t addr, u32 len)
{
	struct dchan_desc *d = kzalloc(sizeof(*d), GFP_KERNEL);
	unsigned long flags;

	if (!d)
		return -ENOMEM;
	d->addr = addr;
	d->len = len;
	spin_lock_irqsave(&dc->lock, flags);
	list_add_tail(&d->node, &dc->pending);
	spin_unlock_irqrestore(&dc->lock, flags);
	return 0;
}

void dchan_flush(struct dchan *dc)
{
	struct dchan_desc *d, *tmp;
	unsigned long flags;

	spin_lock_irqsave(&dc->lock, flags);
	list_for_each_entry_safe(d, tmp, &dc->pending, node) {
		list_del(&d->node);
		dchan_reload(dc, d);
		kfree(d);
	}
	spin_unlock_irqrestore(&dc->lock, flags);
}

void dchan_init(struct dchan *dc, struct dchan_dev *dev, unsigned int id)
{
	dc->dev = dev;
	dc->id = id;
	spin_lock_init(&dc->lock);
	INIT_LIST_HEAD(&dc->pending);
}
