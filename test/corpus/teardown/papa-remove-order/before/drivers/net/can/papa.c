// SPDX-License-Identifier: GPL-2.0
/*
 * Papa CAN bridge
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
#include "papa.h"

#define PAPA_RX		0x00
#define PAPA_RX_VALID	BIT(31)
#define PAPA_RING	128

struct papa {
	void __iomem		*base;
	struct device		*dev;
	int			irq;
	spinlock_t		lock;		/* ring, head, tail */
	u32			*ring;
	unsigned int		head, tail;
	struct work_struct	rx_work;
};

static irqreturn_t papa_irq(int irq, void *data)
{
	struct papa *pa = data;
	bool any = false;
	u32 val;

	spin_lock(&pa->lock);
	while ((val = readl(pa->base + PAPA_RX)) & PAPA_RX_VALID) {
		if (pa->head - pa->tail < PAPA_RING)
			pa->ring[pa->head++ % PAPA_RING] = val;
		any = true;
	}
	spin_unlock(&pa->lock);

	if (!any)
		return IRQ_NONE;
	schedule_work(&pa->rx_work);
	return IRQ_HANDLED;
}

static void papa_rx_work(struct work_struct *work)
{
	struct papa *pa = container_of(work, struct papa, rx_work);
	u32 val;

	spin_lock_irq(&pa->lock);
	while (pa->tail != pa->head) {
		val = pa->ring[pa->tail++ % PAPA_RING];
		spin_unlock_irq(&pa->lock);
		papa_deliver(pa->dev, val & ~PAPA_RX_VALID);
		spin_lock_irq(&pa->lock);
	}
	spin_unlock_irq(&pa->lock);
}

static int papa_probe(struct platform_device *pdev)
{
	struct papa *pa;
	int ret;

	pa = kzalloc(sizeof(*pa), GFP_KERNEL);
	if (!pa)
		return -ENOMEM;
	pa->dev = &pdev->dev;
	spin_lock_init(&pa->lock);
	INIT_WORK(&pa->rx_work, papa_rx_work);

	ret = -ENOMEM;
	pa->ring = kcalloc(PAPA_RING, sizeof(u32), GFP_KERNEL);
	if (!pa->ring)
		goto err_free;
	pa->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(pa->base)) {
		ret = PTR_ERR(pa->base);
		goto err_ring;
	}
	pa->irq = platform_get_irq(pdev, 0);
	if (pa->irq < 0) {
		ret = pa->irq;
		goto err_ring;
	}
	ret = request_irq(pa->irq, papa_irq, 0, "papa", pa);
	if (ret)
		goto err_ring;
	platform_set_drvdata(pdev, pa);
	return 0;

err_ring:
	kfree(pa->ring);
err_free:
	kfree(pa);
	return ret;
}

static void papa_remove(struct platform_device *pdev)
{
	struct papa *pa = platform_get_drvdata(pdev);

	cancel_work_sync(&pa->rx_work);
	free_irq(pa->irq, pa);
	kfree(pa->ring);
	kfree(pa);
}

static struct platform_driver papa_driver = {
	.probe	= papa_probe,
	.remove	= papa_remove,
	.driver	= {
		.name = "papa-can",
	},
};
module_platform_driver(papa_driver);
MODULE_LICENSE("GPL");
