// SPDX-License-Identifier: GPL-2.0
/*
 * Whalsay beacon light
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

#define WHALSAY_OUT	0x00

struct whalsay {
	struct led_classdev	cdev;
	void __iomem		*base;
	struct timer_list	timer;
	spinlock_t		lock;	/* on, period, WHALSAY_OUT */
	bool			on;
	unsigned long		period;
};

static void whalsay_tick(struct timer_list *t)
{
	struct whalsay *wh = timer_container_of(wh, t, timer);

	spin_lock(&wh->lock);
	wh->on = !wh->on;
	writel(wh->on, wh->base + WHALSAY_OUT);
	if (wh->period)
		mod_timer(&wh->timer, jiffies + wh->period);
	spin_unlock(&wh->lock);
}

static void whalsay_set(struct led_classdev *cdev, enum led_brightness value)
{
	struct whalsay *wh = container_of(cdev, struct whalsay, cdev);

	spin_lock_bh(&wh->lock);
	wh->period = 0;
	wh->on = value != LED_OFF;
	writel(wh->on, wh->base + WHALSAY_OUT);
	spin_unlock_bh(&wh->lock);
}

static int whalsay_blink(struct led_classdev *cdev, unsigned long *on,
			 unsigned long *off)
{
	struct whalsay *wh = container_of(cdev, struct whalsay, cdev);

	if (!*on)
		*on = *off = 500;

	spin_lock_bh(&wh->lock);
	wh->period = msecs_to_jiffies(*on);
	mod_timer(&wh->timer, jiffies + wh->period);
	spin_unlock_bh(&wh->lock);
	return 0;
}

static int whalsay_probe(struct platform_device *pdev)
{
	struct whalsay *wh;
	int ret;

	wh = kzalloc(sizeof(*wh), GFP_KERNEL);
	if (!wh)
		return -ENOMEM;
	wh->base = devm_platform_ioremap_resource(pdev, 0);
	if (IS_ERR(wh->base)) {
		ret = PTR_ERR(wh->base);
		goto err;
	}
	spin_lock_init(&wh->lock);
	timer_setup(&wh->timer, whalsay_tick, 0);
	wh->cdev.name = "whalsay::beacon";
	wh->cdev.brightness_set = whalsay_set;
	wh->cdev.blink_set = whalsay_blink;
	platform_set_drvdata(pdev, wh);
	ret = led_classdev_register(&pdev->dev, &wh->cdev);
	if (ret)
		goto err;
	return 0;
err:
	kfree(wh);
	return ret;
}

static void whalsay_remove(struct platform_device *pdev)
{
	struct whalsay *wh = platform_get_drvdata(pdev);

	/* sets LED_OFF, and no new blinking from here on */
	led_classdev_unregister(&wh->cdev);
	kfree(wh);
}

static struct platform_driver whalsay_driver = {
	.probe	= whalsay_probe,
	.remove	= whalsay_remove,
	.driver	= {
		.name = "whalsay",
	},
};
module_platform_driver(whalsay_driver);
MODULE_LICENSE("GPL");
