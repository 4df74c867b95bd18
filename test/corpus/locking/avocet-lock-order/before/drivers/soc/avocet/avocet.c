// SPDX-License-Identifier: GPL-2.0
/*
 * Avocet multi port switch controller
 */
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#define AVOCET_PORTS		4
#define AVOCET_CTRL		0x00
#define AVOCET_PORT_CFG(p)	(0x100 + (p) * 0x40)
#define AVOCET_CTRL_RESET	BIT(0)

struct avocet_port {
	struct avocet_dev	*dev;
	struct mutex		lock;		/* speed, enabled */
	unsigned int		index;
	u32			speed;
	bool			enabled;
};

struct avocet_dev {
	void __iomem		*base;
	struct mutex		lock;		/* AVOCET_CTRL, resets */
	u32			generation;
	struct avocet_port	ports[AVOCET_PORTS];
};

static void avocet_port_program(struct avocet_port *p)
{
	writel(p->speed | (p->enabled ? BIT(31) : 0),
	       p->dev->base + AVOCET_PORT_CFG(p->index));
}

static int avocet_reset(struct avocet_dev *ad)
{
	int i;

	mutex_lock(&ad->lock);
	writel(AVOCET_CTRL_RESET, ad->base + AVOCET_CTRL);
	ad->generation++;
	for (i = 0; i < AVOCET_PORTS; i++) {
		struct avocet_port *p = &ad->ports[i];

		mutex_lock(&p->lock);
		avocet_port_program(p);
		mutex_unlock(&p->lock);
	}
	mutex_unlock(&ad->lock);
	return 0;
}

static int avocet_port_set_speed(struct avocet_port *p, u32 speed)
{
	struct avocet_dev *ad = p->dev;

	mutex_lock(&p->lock);
	p->speed = speed;
	p->enabled = speed != 0;
	/* no reset may run while the port is programmed */
	mutex_lock(&ad->lock);
	avocet_port_program(p);
	mutex_unlock(&ad->lock);
	mutex_unlock(&p->lock);
	return 0;
}

static ssize_t reset_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct avocet_dev *ad = dev_get_drvdata(dev);

	avocet_reset(ad);
	return count;
}
static DEVICE_ATTR_WO(reset);

static ssize_t speed_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct avocet_dev *ad = dev_get_drvdata(dev);
	unsigned int port, speed;

	if (sscanf(buf, "%u %u", &port, &speed) != 2)
		return -EINVAL;
	if (port >= AVOCET_PORTS)
		return -EINVAL;
	avocet_port_set_speed(&ad->ports[port], speed);
	return count;
}
static DEVICE_ATTR_WO(speed);

static struct attribute *avocet_attrs[] = {
	&dev_attr_reset.attr,
	&dev_attr_speed.attr,
	NULL
};
ATTRIBUTE_GROUPS(avocet);

static int avocet_probe(struct platform_device *pdev)
{
	struct avocet_dev *ad;
	int i;

	ad = devm_kzalloc(&pdev->dev, sizeof(*ad), GFP_KERNEL);
	if (!ad)
		return -ENOMEM;
	ad->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(ad->base))
		return PTR_ERR(ad->base);
	mutex_init(&ad->lock);
	for (i = 0; i < AVOCET_PORTS; i++) {
		ad->ports[i].dev = ad;
		ad->ports[i].index = i;
		mutex_init(&ad->ports[i].lock);
	}
	platform_set_drvdata(pdev, ad);
	return avocet_reset(ad);
}

static struct platform_driver avocet_driver = {
	.probe	= avocet_probe,
	.driver	= {
		.name		= "avocet",
		.dev_groups	= avocet_groups,
	},
};
module_platform_driver(avocet_driver);
MODULE_LICENSE("GPL");
