// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

struct axg_device {
	struct device dev;
	int id;
	void *fw_info;
};

#define to_axg(d) container_of(d, struct axg_device, dev)

static DEFINE_IDA(axg_ida);

static struct bus_type axg_bus = {
	.name = "axg",
};

static void axg_dev_release(struct device *dev)
{
	struct axg_device *ax = to_axg(dev);

	ida_simple_remove(&axg_ida, ax->id);
	kfree(ax->fw_info);
	kfree(ax);
}

struct axg_device *axg_register(struct device *parent, const void *info,
				size_t len)
{
	struct axg_device *ax;
	int ret;

	ax = kzalloc(sizeof(*ax), GFP_KERNEL);
	if (!ax)
		return ERR_PTR(-ENOMEM);

	ax->id = ida_simple_get(&axg_ida, 0, 0, GFP_KERNEL);
	if (ax->id < 0) {
		ret = ax->id;
		kfree(ax);
		return ERR_PTR(ret);
	}
	ax->dev.parent = parent;
	ax->dev.bus = &axg_bus;
	ax->dev.release = axg_dev_release;
	dev_set_name(&ax->dev, "axg%d", ax->id);
	device_initialize(&ax->dev);

	ax->fw_info = kmemdup(info, len, GFP_KERNEL);
	if (!ax->fw_info) {
		ret = -ENOMEM;
		goto err_put;
	}

	ret = device_add(&ax->dev);
	if (ret)
		goto err_put;
	return ax;

err_put:
	put_device(&ax->dev);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(axg_register);

void axg_unregister(struct axg_device *ax)
{
	device_unregister(&ax->dev);
}
EXPORT_SYMBOL_GPL(axg_unregister);

static int __init axg_init(void)
{
	return bus_register(&axg_bus);
}
postcore_initcall(axg_init);
