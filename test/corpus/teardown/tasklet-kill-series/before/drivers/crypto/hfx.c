#include <linux/crypto.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define HFX_STAT	0x08

struct hfx_req {
	struct list_head list;
	void (*done)(struct hfx_req *req, int err);
};

struct hfx {
	void __iomem *base;
	int irq;
	spinlock_t lock;
	struct list_head finished;
	struct tasklet_struct tasklet;
	u32 errors;
};

static void hfx_tasklet(unsigned long data)
{
	struct hfx *h = (struct hfx *)data;
	struct hfx_req *req;

	spin_lock_irq(&h->lock);
	while (!list_empty(&h->finished)) {
		req = list_first_entry(&h->finished, struct hfx_req, list);
		list_del(&req->list);
		spin_unlock_irq(&h->lock);
		req->done(req, 0);
		spin_lock_irq(&h->lock);
	}
	spin_unlock_irq(&h->lock);
}

static irqreturn_t hfx_irq(int irq, void *dev_id)
{
	struct hfx *h = dev_id;
	u32 st = readl(h->base + HFX_STAT);

	if (!st)
		return IRQ_NONE;
	if (st & BIT(31))
		h->errors++;
	writel(st, h->base + HFX_STAT);
	tasklet_schedule(&h->tasklet);
	return IRQ_HANDLED;
}

struct hfx *hfx_init(void __iomem *base, int irq)
{
	struct hfx *h;
	int err;

	h = kzalloc(sizeof(*h), GFP_KERNEL);
	if (!h)
		return ERR_PTR(-ENOMEM);
	h->base = base;
	h->irq = irq;
	spin_lock_init(&h->lock);
	INIT_LIST_HEAD(&h->finished);
	tasklet_init(&h->tasklet, hfx_tasklet, (unsigned long)h);

	err = request_irq(irq, hfx_irq, 0, "hfx", h);
	if (err) {
		kfree(h);
		return ERR_PTR(err);
	}
	return h;
}

void hfx_exit(struct hfx *h)
{
	free_irq(h->irq, h);
	kfree(h);
}
