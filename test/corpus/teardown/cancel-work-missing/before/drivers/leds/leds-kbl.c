#include <linux/kernel.h>
#include <linux/leds.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "kbl-ec.h"

struct kbl {
	struct led_classdev cdev;
	struct work_struct work;
	struct kbl_ec *hw;
	enum led_brightness level;
};

static void kbl_led_work(struct work_struct *work)
{
	struct kbl *kb = container_of(work, struct kbl, work);

	kbl_ec_write(kb->hw, KBL_EC_BACKLIGHT, kb->level);
}

static void kbl_set_brightness(struct led_classdev *cdev,
			       enum led_brightness level)
{
	struct kbl *kb = container_of(cdev, struct kbl, cdev);

	kb->level = level;
	schedule_work(&kb->work);
}

static int kbl_probe(struct platform_device *pdev)
{
	struct kbl *kb;
	int ret;

	kb = kzalloc(sizeof(*kb), GFP_KERNEL);
	if (!kb)
		return -ENOMEM;

	kb->hw = kbl_ec_get(&pdev->dev);
	if (!kb->hw) {
		kfree(kb);
		return -ENODEV;
	}
	INIT_WORK(&kb->work, kbl_led_work);
	kb->cdev.name = "kbl::backlight";
	kb->cdev.max_brightness = 3;
	kb->cdev.brightness_set = kbl_set_brightness;

	ret = led_classdev_register(&pdev->dev, &kb->cdev);
	if (ret) {
		kfree(kb);
		return ret;
	}
	platform_set_drvdata(pdev, kb);
	return 0;
}

static int kbl_remove(struct platform_device *pdev)
{
	struct kbl *kb = platform_get_drvdata(pdev);

	led_classdev_unregister(&kb->cdev);
	kfree(kb);
	return 0;
}

static struct platform_driver kbl_driver = {
	.probe	= kbl_probe,
	.remove	= kbl_remove,
	.driver	= {
		.name	= "kbl-backlight",
		.owner	= THIS_MODULE,
	},
};
module_platform_driver(kbl_driver);
MODULE_LICENSE("GPL");
