// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>

struct evt {
	void __iomem *base;
	spinlock_t lock;
	u64 count;
	u32 last;
};

static irqreturn_t evt_isr(int irq, void *dev_id)
{
	struct evt *ev = dev_id;
	u32 now;

	spin_lock(&ev->lock);
	now = readl(ev->base);
	ev->count += (u32)(now - ev->last);
	ev->last = now;
	spin_unlock(&ev->lock);
	return IRQ_HANDLED;
}

static u64 evt_read_count(struct evt *ev)
{
	unsigned long flags;
	u64 count;

	spin_lock_irqsave(&ev->lock, flags);
	count = ev->count + (u32)(readl(ev->base) - ev->last);
	spin_unlock_irqrestore(&ev->lock, flags);
	return count;
}

static ssize_t count_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sprintf(buf, "%llu\n", evt_read_count(dev_get_drvdata(dev)));
}
static DEVICE_ATTR_RO(count);

static int evt_probe(struct platform_device *pdev)
{
	struct resource *res;
	struct evt *ev;
	int ret;

	ev = devm_kzalloc(&pdev->dev, sizeof(*ev), GFP_KERNEL);
	if (!ev)
		return -ENOMEM;
	res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	ev->base = devm_ioremap_resource(&pdev->dev, res);
	if (IS_ERR(ev->base))
		return PTR_ERR(ev->base);
	spin_lock_init(&ev->lock);
	platform_set_drvdata(pdev, ev);
	ret = devm_request_irq(&pdev->dev, platform_get_irq(pdev, 0), evt_isr,
			       0, "evt", ev);
	if (ret)
		return ret;
	return device_create_file(&pdev->dev, &dev_attr_count);
}

static int evt_remove(struct platform_device *pdev)
{
	device_remove_file(&pdev->dev, &dev_attr_count);
	return 0;
}

static struct platform_driver evt_driver = {
	.probe	= evt_probe,
	.remove	= evt_remove,
	.driver	= { .name = "evt-counter" },
};
module_platform_driver(evt_driver);
MODULE_LICENSE("GPL v2");
