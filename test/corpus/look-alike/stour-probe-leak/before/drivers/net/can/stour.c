// SPDX-License-Identifier: GPL-2.0
/*
 * Stour CAN bridge
 */
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include "stour.h"

#define STOUR_RX		0x00
#define STOUR_RX_VALID	BIT(31)
#define STOUR_RING	128

struct stour {
	void __iomem		*base;
	struct device		*dev;
	int			irq;
	spinlock_t		lock;		/* ring, head, tail */
	u32			*ring;
	unsigned int		head, tail;
	struct work_struct	rx_work;
};

static irqreturn_t stour_irq(int irq, void *data)
{
	struct stour *so = data;
	bool any = false;
	u32 val;

	spin_lock(&so->lock);
	while ((val = readl(so->base + STOUR_RX)) & STOUR_RX_VALID) {
		if (so->head - so->tail < STOUR_RING)
			so->ring[so->head++ % STOUR_RING] = val;
		any = true;
	}
	spin_unlock(&so->lock);

	if (!any)
		return IRQ_NONE;
	schedule_work(&so->rx_work);
	return IRQ_HANDLED;
}

static void stour_rx_work(struct work_struct *work)
{
	struct stour *so = container_of(work, struct stour, rx_work);
	u32 val;

	spin_lock_irq(&so->lock);
	while (so->tail != so->head) {
		val = so->ring[so->tail++ % STOUR_RING];
		spin_unlock_irq(&so->lock);
		stour_deliver(so->dev, val & ~STOUR_RX_VALID);
		spin_lock_irq(&so->lock);
	}
	spin_unlock_irq(&so->lock);
}

static int stour_probe(struct platform_device *pdev)
{
	struct stour *so;
	int ret;

	so = kzalloc(sizeof(*so), GFP_KERNEL);
	if (!so)
		return -ENOMEM;
	so->dev = &pdev->dev;
	spin_lock_init(&so->lock);
	INIT_WORK(&so->rx_work, stour_rx_work);

	ret = -ENOMEM;
	so->ring = kcalloc(STOUR_RING, sizeof(u32), GFP_KERNEL);
	if (!so->ring)
		goto err_free;
	so->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(so->base)) {
		ret = PTR_ERR(so->base);
		goto err_ring;
	}
	so->irq = platform_get_irq(pdev, 0);
	if (so->irq < 0)
		return so->irq;
	ret = request_irq(so->irq, stour_irq, 0, "stour", so);
	if (ret)
		goto err_ring;
	platform_set_drvdata(pdev, so);
	return 0;

err_ring:
	kfree(so->ring);
err_free:
	kfree(so);
	return ret;
}

static void stour_remove(struct platform_device *pdev)
{
	struct stour *so = platform_get_drvdata(pdev);

	free_irq(so->irq, so);
	cancel_work_sync(&so->rx_work);
	kfree(so->ring);
	kfree(so);
}

static struct platform_driver stour_driver = {
	.probe	= stour_probe,
	.remove	= stour_remove,
	.driver	= {
		.name = "stour-can",
	},
};
module_platform_driver(stour_driver);
MODULE_LICENSE("GPL");
