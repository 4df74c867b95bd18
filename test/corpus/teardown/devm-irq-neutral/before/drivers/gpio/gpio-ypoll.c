// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/gpio/driver.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct ypoll {
	struct gpio_chip gc;
	void __iomem *reg;
	struct task_struct *task;
	u32 state;
	u32 changes;
};

static int ypoll_thread(void *data)
{
	struct ypoll *z = data;
	u32 now;

	while (!kthread_should_stop()) {
		now = readl(z->reg);
		if (now != z->state) {
			WRITE_ONCE(z->state, now);
			z->changes++;
		}
		msleep_interruptible(50);
	}
	return 0;
}

static int ypoll_get(struct gpio_chip *gc, unsigned int offset)
{
	struct ypoll *z = gpiochip_get_data(gc);

	return !!(READ_ONCE(z->state) & BIT(offset));
}

static int ypoll_probe(struct platform_device *pdev)
{
	struct ypoll *z;
	int ret;

	z = kzalloc(sizeof(*z), GFP_KERNEL);
	if (!z)
		return -ENOMEM;
	z->reg = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(z->reg)) {
		ret = PTR_ERR(z->reg);
		goto err_free;
	}
	z->gc.label = "ypoll";
	z->gc.parent = &pdev->dev;
	z->gc.base = -1;
	z->gc.ngpio = 32;
	z->gc.get = ypoll_get;

	z->task = kthread_run(ypoll_thread, z, "ypoll");
	if (IS_ERR(z->task)) {
		ret = PTR_ERR(z->task);
		goto err_free;
	}
	ret = gpiochip_add_data(&z->gc, z);
	if (ret)
		goto err_stop;
	platform_set_drvdata(pdev, z);
	return 0;

err_stop:
	kthread_stop(z->task);
err_free:
	kfree(z);
	return ret;
}

static int ypoll_remove(struct platform_device *pdev)
{
	struct ypoll *z = platform_get_drvdata(pdev);

	gpiochip_remove(&z->gc);
	kthread_stop(z->task);
	kfree(z);
	return 0;
}

static struct platform_driver ypoll_driver = {
	.probe	= ypoll_probe,
	.remove	= ypoll_remove,
	.driver	= { .name = "gpio-ypoll" },
};
module_platform_driver(ypoll_driver);
MODULE_LICENSE("GPL v2");
