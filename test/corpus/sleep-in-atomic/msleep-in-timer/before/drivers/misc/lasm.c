#include <linux/delay.h>
#include <linux/gpio.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#define LASM_PERIOD	(5 * HZ)

struct lasm {
	int gpio_power;
	int gpio_fault;
	unsigned int cycles;
	struct timer_list watch;
};

static void lasm_power_cycle(struct lasm *la)
{
	gpio_set_value_cansleep(la->gpio_power, 0);
	msleep(20);
	gpio_set_value_cansleep(la->gpio_power, 1);
	la->cycles++;
}

static void lasm_watch(unsigned long data)
{
	struct lasm *la = (struct lasm *)data;

	if (gpio_get_value_cansleep(la->gpio_fault))
		lasm_power_cycle(la);
	mod_timer(&la->watch, jiffies + LASM_PERIOD);
}

static int __devinit lasm_probe(struct platform_device *pdev)
{
	struct lasm_platform_data *pd = pdev->dev.platform_data;
	struct lasm *la;
	int ret;

	la = kzalloc(sizeof(*la), GFP_KERNEL);
	if (!la)
		return -ENOMEM;
	la->gpio_power = pd->gpio_power;
	la->gpio_fault = pd->gpio_fault;

	ret = gpio_request_one(la->gpio_power, GPIOF_OUT_INIT_HIGH, "lasm");
	if (ret)
		goto err_free;
	ret = gpio_request_one(la->gpio_fault, GPIOF_IN, "lasm fault");
	if (ret)
		goto err_power;

	setup_timer(&la->watch, lasm_watch, (unsigned long)la);
	mod_timer(&la->watch, jiffies + LASM_PERIOD);
	platform_set_drvdata(pdev, la);
	return 0;

err_power:
	gpio_free(la->gpio_power);
err_free:
	kfree(la);
	return ret;
}

static int __devexit lasm_remove(struct platform_device *pdev)
{
	struct lasm *la = platform_get_drvdata(pdev);

	del_timer_sync(&la->watch);
	gpio_free(la->gpio_fault);
	gpio_free(la->gpio_power);
	kfree(la);
	return 0;
}
