// SPDX-License-Identifier: GPL-2.0
/*
 * Firth mailbox
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/soc/firth/mbox.h>

#define FIRTH_TX	0x00
#define FIRTH_STATUS	0x04
#define FIRTH_TX_FREE	BIT(0)

struct firth_msg {
	struct list_head	list;
	u32			word;
	void			(*done)(void *arg);
	void			*arg;
};

struct firth_mbox {
	void __iomem		*base;
	struct device		*dev;
	spinlock_t		lock;		/* pending, active */
	struct list_head	pending;
	struct firth_msg	*active;
};

static struct firth_mbox *firth;

/* lock held */
static void firth_kick(struct firth_mbox *mb)
{
	if (mb->active)
		return;
	mb->active = list_first_entry_or_null(&mb->pending, struct firth_msg,
					      list);
	if (!mb->active)
		return;
	list_del(&mb->active->list);
	writel(mb->active->word, mb->base + FIRTH_TX);
}

static irqreturn_t firth_irq(int irq, void *data)
{
	struct firth_mbox *mb = data;
	struct firth_msg *msg;

	if (!(readl(mb->base + FIRTH_STATUS) & FIRTH_TX_FREE))
		return IRQ_NONE;
	writel(FIRTH_TX_FREE, mb->base + FIRTH_STATUS);

	spin_lock(&mb->lock);
	msg = mb->active;
	mb->active = NULL;
	firth_kick(mb);
	spin_unlock(&mb->lock);

	if (msg) {
		if (msg->done)
			msg->done(msg->arg);
		kfree(msg);
	}
	return IRQ_HANDLED;
}

int firth_mbox_send(u32 word, void (*done)(void *arg), void *arg)
{
	struct firth_mbox *mb = firth;
	struct firth_msg *msg;

	if (!mb)
		return -ENODEV;
	msg = kzalloc(sizeof(*msg), GFP_KERNEL);
	if (!msg)
		return -ENOMEM;
	msg->word = word;
	msg->done = done;
	msg->arg = arg;

	spin_lock(&mb->lock);
	list_add_tail(&msg->list, &mb->pending);
	firth_kick(mb);
	spin_unlock(&mb->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(firth_mbox_send);

static int firth_probe(struct platform_device *pdev)
{
	struct firth_mbox *mb;
	int irq, ret;

	mb = devm_kzalloc(&pdev->dev, sizeof(*mb), GFP_KERNEL);
	if (!mb)
		return -ENOMEM;
	mb->dev = &pdev->dev;
	mb->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mb->base))
		return PTR_ERR(mb->base);
	spin_lock_init(&mb->lock);
	INIT_LIST_HEAD(&mb->pending);

	irq = platform_get_irq(pdev, 0);
	if (irq < 0)
		return irq;
	ret = devm_request_irq(&pdev->dev, irq, firth_irq, 0, "firth", mb);
	if (ret)
		return ret;
	firth = mb;
	return 0;
}

static struct platform_driver firth_driver = {
	.probe	= firth_probe,
	.driver	= {
		.name = "firth-mbox",
		.suppress_bind_attrs = true,
	},
};
builtin_platform_driver(firth_driver);
