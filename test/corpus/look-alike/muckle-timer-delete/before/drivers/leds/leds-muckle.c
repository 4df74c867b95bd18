// SPDX-License-Identifier: GPL-2.0
/*
 * Muckle beacon light
 */
#include <linux/i2c.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#define MUCKLE_OUT	0x00

struct muckle {
	struct led_classdev	cdev;
	void __iomem		*base;
	struct timer_list	timer;
	spinlock_t		lock;	/* on, period, MUCKLE_OUT */
	bool			on;
	unsigned long		period;
};

static void muckle_tick(struct timer_list *t)
{
	struct muckle *mk = from_timer(mk, t, timer);

	spin_lock(&mk->lock);
	mk->on = !mk->on;
	writel(mk->on, mk->base + MUCKLE_OUT);
	if (mk->period)
		mod_timer(&mk->timer, jiffies + mk->period);
	spin_unlock(&mk->lock);
}

static void muckle_set(struct led_classdev *cdev, enum led_brightness value)
{
	struct muckle *mk = container_of(cdev, struct muckle, cdev);

	spin_lock_bh(&mk->lock);
	mk->period = 0;
	mk->on = value != LED_OFF;
	writel(mk->on, mk->base + MUCKLE_OUT);
	spin_unlock_bh(&mk->lock);
}

static int muckle_blink(struct led_classdev *cdev, unsigned long *on,
			 unsigned long *off)
{
	struct muckle *mk = container_of(cdev, struct muckle, cdev);

	if (!*on)
		*on = *off = 500;

	spin_lock_bh(&mk->lock);
	mk->period = msecs_to_jiffies(*on);
	mod_timer(&mk->timer, jiffies + mk->period);
	spin_unlock_bh(&mk->lock);
	return 0;
}

static int muckle_probe(struct platform_device *pdev)
{
	struct muckle *mk;
	int ret;

	mk = kzalloc(sizeof(*mk), GFP_KERNEL);
	if (!mk)
		return -ENOMEM;
	mk->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(mk->base)) {
		ret = PTR_ERR(mk->base);
		goto err;
	}
	spin_lock_init(&mk->lock);
	timer_setup(&mk->timer, muckle_tick, 0);
	mk->cdev.name = "muckle::beacon";
	mk->cdev.brightness_set = muckle_set;
	mk->cdev.blink_set = muckle_blink;
	platform_set_drvdata(pdev, mk);
	ret = led_classdev_register(&pdev->dev, &mk->cdev);
	if (ret)
		goto err;
	return 0;
err:
	kfree(mk);
	return ret;
}

static void muckle_remove(struct platform_device *pdev)
{
	struct muckle *mk = platform_get_drvdata(pdev);

	/* sets LED_OFF, and no new blinking from here on */
	led_classdev_unregister(&mk->cdev);
	del_timer_sync(&mk->timer);
	kfree(mk);
}

static struct platform_driver muckle_driver = {
	.probe	= muckle_probe,
	.remove	= muckle_remove,
	.driver	= {
		.name = "muckle",
	},
};
module_platform_driver(muckle_driver);
MODULE_LICENSE("GPL");
