// SPDX-License-Identifier: GPL-2.0
#include <linux/delay.h>
#include <linux/gpio/driver.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

struct zpoll {
	struct gpio_chip gc;
	void __iomem *reg;
	struct task_struct *task;
	u32 state;
	u32 changes;
};

static int zpoll_thread(void *data)
{
	struct zpoll *z = data;
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

static int zpoll_get(struct gpio_chip *gc, unsigned int offset)
{
	struct zpoll *z = gpiochip_get_data(gc);

	return !!(READ_ONCE(z->state) & BIT(offset));
}

static int zpoll_probe(struct platform_device *pdev)
{
	struct zpoll *z;
	int ret;

	z = kzalloc(sizeof(*z), GFP_KERNEL);
	if (!z)
		return -ENOMEM;
	z->reg = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(z->reg)) {
		ret = PTR_ERR(z->reg);
		goto err_free;
	}
	z->gc.label = "zpoll";
	z->gc.parent = &pdev->dev;
	z->gc.base = -1;
	z->gc.ngpio = 32;
	z->gc.get = zpoll_get;

	z->task = kthread_run(zpoll_thread, z, "zpoll");
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

static int zpoll_remove(struct platform_device *pdev)
{
	struct zpoll *z = platform_get_drvdata(pdev);

	gpiochip_remove(&z->gc);
	kfree(z);
	return 0;
}

static struct platform_driver zpoll_driver = {
	.probe	= zpoll_probe,
	.remove	= zpoll_remove,
	.driver	= { .name = "gpio-zpoll" },
};
module_platform_driver(zpoll_driver);
MODULE_LICENSE("GPL v2");
