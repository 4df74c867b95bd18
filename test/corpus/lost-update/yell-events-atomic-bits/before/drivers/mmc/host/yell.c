// SPDX-License-Identifier: GPL-2.0
/*
 * Yell host controller: event handling
 */
#include <linux/bitops.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "yell.h"

#define YELL_STATUS	0x08
#define YELL_ST_CARD	BIT(0)
#define YELL_ST_ERR	BIT(1)

#define YELL_EV_CARD	0
#define YELL_EV_ERR	1
#define YELL_EV_RETUNE	2

struct yell_host {
	void __iomem		*base;
	struct device		*dev;
	unsigned long		events;
	struct work_struct	work;
	int			irq;
};

static irqreturn_t yell_irq(int irq, void *data)
{
	struct yell_host *host = data;
	u32 status = readl(host->base + YELL_STATUS);

	if (!status)
		return IRQ_NONE;
	writel(status, host->base + YELL_STATUS);

	if (status & YELL_ST_CARD)
		host->events |= BIT(YELL_EV_CARD);
	if (status & YELL_ST_ERR)
		host->events |= BIT(YELL_EV_ERR);
	schedule_work(&host->work);
	return IRQ_HANDLED;
}

static void yell_event_work(struct work_struct *work)
{
	struct yell_host *host = container_of(work, struct yell_host, work);

	if (host->events & BIT(YELL_EV_ERR)) {
		host->events &= ~BIT(YELL_EV_ERR);
		yell_reset_controller(host->base);
	}
	if (host->events & BIT(YELL_EV_CARD)) {
		host->events &= ~BIT(YELL_EV_CARD);
		yell_card_rescan(host->dev);
	}
	if (host->events & BIT(YELL_EV_RETUNE)) {
		host->events &= ~BIT(YELL_EV_RETUNE);
		yell_retune(host->base);
	}
}

static ssize_t retune_store(struct device *dev, struct device_attribute *attr,
			    const char *buf, size_t count)
{
	struct yell_host *host = dev_get_drvdata(dev);

	host->events |= BIT(YELL_EV_RETUNE);
	schedule_work(&host->work);
	return count;
}
static DEVICE_ATTR_WO(retune);

static struct attribute *yell_attrs[] = {
	&dev_attr_retune.attr,
	NULL
};
ATTRIBUTE_GROUPS(yell);

static int yell_probe(struct platform_device *pdev)
{
	struct yell_host *host;

	host = devm_kzalloc(&pdev->dev, sizeof(*host), GFP_KERNEL);
	if (!host)
		return -ENOMEM;
	host->dev = &pdev->dev;
	host->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(host->base))
		return PTR_ERR(host->base);
	INIT_WORK(&host->work, yell_event_work);
	platform_set_drvdata(pdev, host);

	host->irq = platform_get_irq(pdev, 0);
	if (host->irq < 0)
		return host->irq;
	return request_irq(host->irq, yell_irq, IRQF_SHARED, "yell", host);
}

static void yell_remove(struct platform_device *pdev)
{
	struct yell_host *host = platform_get_drvdata(pdev);

	free_irq(host->irq, host);
	cancel_work_sync(&host->work);
}

static struct platform_driver yell_driver = {
	.probe	= yell_probe,
	.remove	= yell_remove,
	.driver	= {
		.name		= "yell",
		.dev_groups	= yell_groups,
	},
};
module_platform_driver(yell_driver);
MODULE_LICENSE("GPL");
