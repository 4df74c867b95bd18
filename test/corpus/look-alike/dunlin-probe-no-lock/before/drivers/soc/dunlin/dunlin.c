// SPDX-License-Identifier: GPL-2.0
/*
 * Dunlin multi port switch controller
 */
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#define DUNLIN_PORTS		4
#define DUNLIN_CTRL		0x00
#define DUNLIN_PORT_CFG(p)	(0x100 + (p) * 0x40)
#define DUNLIN_CTRL_RESET	BIT(0)

struct dunlin_port {
	struct dunlin_dev	*dev;
	struct mutex		lock;		/* speed, enabled */
	unsigned int		index;
	u32			speed;
	bool			enabled;
};

struct dunlin_dev {
	void __iomem		*base;
	struct mutex		lock;		/* DUNLIN_CTRL, resets */
	u32			generation;
	struct dunlin_port	ports[DUNLIN_PORTS];
};

static void dunlin_port_program(struct dunlin_port *p)
{
	writel(p->speed | (p->enabled ? BIT(31) : 0),
	       p->dev->base + DUNLIN_PORT_CFG(p->index));
}

static int dunlin_reset(struct dunlin_dev *ad)
{
	int i;

	mutex_lock(&ad->lock);
	writel(DUNLIN_CTRL_RESET, ad->base + DUNLIN_CTRL);
	ad->generation++;
	for (i = 0; i < DUNLIN_PORTS; i++) {
		struct dunlin_port *p = &ad->ports[i];

		mutex_lock(&p->lock);
		dunlin_port_program(p);
		mutex_unlock(&p->lock);
	}
	mutex_unlock(&ad->lock);
	return 0;
}

static int dunlin_port_set_speed(struct dunlin_port *p, u32 speed)
{
	struct dunlin_dev *ad = p->dev;

	/* no reset may run while the port is programmed */
	mutex_lock(&ad->lock);
	mutex_lock(&p->lock);
	p->speed = speed;
	p->enabled = speed != 0;
	dunlin_port_program(p);
	mutex_unlock(&p->lock);
	mutex_unlock(&ad->lock);
	return 0;
}

static ssize_t reset_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct dunlin_dev *ad = dev_get_drvdata(dev);

	dunlin_reset(ad);
	return count;
}
static DEVICE_ATTR_WO(reset);

static ssize_t speed_store(struct device *dev, struct device_attribute *attr,
			   const char *buf, size_t count)
{
	struct dunlin_dev *ad = dev_get_drvdata(dev);
	unsigned int port, speed;

	if (sscanf(buf, "%u %u", &port, &speed) != 2)
		return -EINVAL;
	if (port >= DUNLIN_PORTS)
		return -EINVAL;
	dunlin_port_set_speed(&ad->ports[port], speed);
	return count;
}
static DEVICE_ATTR_WO(speed);

static struct attribute *dunlin_attrs[] = {
	&dev_attr_reset.attr,
	&dev_attr_speed.attr,
	NULL
};
ATTRIBUTE_GROUPS(dunlin);

static int dunlin_probe(struct platform_device *pdev)
{
	struct dunlin_dev *ad;
	int i;

	ad = devm_kzalloc(&pdev->dev, sizeof(*ad), GFP_KERNEL);
	if (!ad)
		return -ENOMEM;
	ad->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(ad->base))
		return PTR_ERR(ad->base);
	mutex_init(&ad->lock);
	mutex_lock(&ad->lock);
	for (i = 0; i < DUNLIN_PORTS; i++) {
		ad->ports[i].dev = ad;
		ad->ports[i].index = i;
		mutex_init(&ad->ports[i].lock);
	}
	mutex_unlock(&ad->lock);
	platform_set_drvdata(pdev, ad);
	return dunlin_reset(ad);
}

static struct platform_driver dunlin_driver = {
	.probe	= dunlin_probe,
	.driver	= {
		.name		= "dunlin",
		.dev_groups	= dunlin_groups,
	},
};
module_platform_driver(dunlin_driver);
MODULE_LICENSE("GPL");
