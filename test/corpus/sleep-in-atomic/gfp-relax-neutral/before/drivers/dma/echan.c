// SPDX-License-Identifier: GPL-2.0
#include <linux/dmaengine.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct echan_desc {
	struct list_head node;
	dma_addr_t addr;
	u32 len;
};

struct echan_dev {
	void __iomem *regs;
	struct mutex reg_mutex;
};

struct echan {
	struct echan_dev *dev;
	spinlock_t lock;
	struct list_head pending;
	unsigned int id;
};

static void echan_reload(struct echan *dc, struct echan_desc *d)
{
	struct echan_dev *dev = dc->dev;

	mutex_lock(&dev->reg_mutex);
	writel(dc->id, dev->regs);
	writel(lower_32_bits(d->addr), dev->regs + 4);
	writel(d->len, dev->regs + 8);
	mutex_unlock(&dev->reg_mutex);
}

int echan_queue(struct echan *dc, dma_addr_t addr, u32 len)
{
	struct echan_desc *d;
	unsigned long flags;

	might_sleep();

	d = kzalloc(sizeof(*d), GFP_ATOMIC);
	if (!d)
		return -ENOMEM;
	d->addr = addr;
	d->len = len;
	spin_lock_irqsave(&dc->lock, flags);
	list_add_tail(&d->node, &dc->pending);
	spin_unlock_irqrestore(&dc->lock, flags);
	return 0;
}

void echan_flush(struct echan *dc)
{
	struct echan_desc *d, *tmp;
	unsigned long flags;
	LIST_HEAD(todo);

	spin_lock_irqsave(&dc->lock, flags);
	list_splice_init(&dc->pending, &todo);
	spin_unlock_irqrestore(&dc->lock, flags);

	list_for_each_entry_safe(d, tmp, &todo, node) {
		list_del(&d->node);
		echan_reload(dc, d);
		kfree(d);
	}
}

void echan_init(struct echan *dc, struct echan_dev *dev, unsigned int id)
{
	dc->dev = dev;
	dc->id = id;
	spin_lock_init(&dc->lock);
	INIT_LIST_HEAD(&dc->pending);
}
