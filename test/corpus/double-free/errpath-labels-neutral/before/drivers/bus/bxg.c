// SPDX-License-Identifier: GPL-2.0
#include <linux/device.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/slab.h>

struct bxg_device {
	struct device dev;
	int id;
	void *fw_info;
};

#define to_bxg(d) container_of(d, struct bxg_device, dev)

static DEFINE_IDA(bxg_ida);

static struct bus_type bxg_bus = {
	.name = "bxg",
};

static void bxg_dev_release(struct device *dev)
{
	struct bxg_device *bx = to_bxg(dev);

	ida_simple_remove(&bxg_ida, bx->id);
	kfree(bx->fw_info);
	kfree(bx);
}

struct bxg_device *bxg_register(struct device *parent, const void *info,
				size_t len)
{
	struct bxg_device *bx;
	int ret;

	bx = kzalloc(sizeof(*bx), GFP_KERNEL);
	if (!bx)
		return ERR_PTR(-ENOMEM);

	bx->id = ida_simple_get(&bxg_ida, 0, 0, GFP_KERNEL);
	if (bx->id < 0) {
		ret = bx->id;
		kfree(bx);
		return ERR_PTR(ret);
	}
	bx->dev.parent = parent;
	bx->dev.bus = &bxg_bus;
	bx->dev.release = bxg_dev_release;
	dev_set_name(&bx->dev, "bxg%d", bx->id);
	device_initialize(&bx->dev);

	bx->fw_info = kmemdup(info, len, GFP_KERNEL);
	if (!bx->fw_info) {
		ret = -ENOMEM;
		goto err_put;
	}

	ret = device_add(&bx->dev);
	if (ret)
		goto err_put;
	return bx;

err_put:
	put_device(&bx->dev);
	return ERR_PTR(ret);
}
EXPORT_SYMBOL_GPL(bxg_register);

void bxg_unregister(struct bxg_device *bx)
{
	device_unregister(&bx->dev);
}
EXPORT_SYMBOL_GPL(bxg_unregister);

static int __init bxg_init(void)
{
	return bus_register(&bxg_bus);
}
postcore_initcall(bxg_init);
