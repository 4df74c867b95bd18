// SPDX-License-Identifier: GPL-2.0
/*
 * Cairn battery gauge
 */
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/power_supply.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define CAIRN_REG_SOC		0x04
#define CAIRN_REG_MODE		0x10
#define CAIRN_POLL_MS		2000

struct cairn {
	struct i2c_client	*client;
	struct power_supply	*psy;
	struct delayed_work	poll;
	struct mutex		lock;		/* soc, polling */
	int			soc;
	bool			polling;
};

static void cairn_poll_work(struct work_struct *work)
{
	struct cairn *cb = container_of(to_delayed_work(work),
					struct cairn, poll);
	int soc;

	mutex_lock(&cb->lock);
	soc = i2c_smbus_read_byte_data(cb->client, CAIRN_REG_SOC);
	if (soc >= 0)
		cb->soc = soc;
	if (cb->polling)
		schedule_delayed_work(&cb->poll,
				      msecs_to_jiffies(CAIRN_POLL_MS));
	mutex_unlock(&cb->lock);
}

static int cairn_set_polling(struct cairn *cb, bool on)
{
	mutex_lock(&cb->lock);
	if (cb->polling == on)
		goto out;
	cb->polling = on;
	i2c_smbus_write_byte_data(cb->client, CAIRN_REG_MODE, on);
	if (on)
		schedule_delayed_work(&cb->poll, 0);
	else
		cancel_delayed_work_sync(&cb->poll);
out:
	mutex_unlock(&cb->lock);
	return 0;
}

static int cairn_get_property(struct power_supply *psy,
			      enum power_supply_property psp,
			      union power_supply_propval *val)
{
	struct cairn *cb = power_supply_get_drvdata(psy);

	switch (psp) {
	case POWER_SUPPLY_PROP_CAPACITY:
		mutex_lock(&cb->lock);
		val->intval = cb->soc;
		mutex_unlock(&cb->lock);
		return 0;
	default:
		return -EINVAL;
	}
}

static enum power_supply_property cairn_props[] = {
	POWER_SUPPLY_PROP_CAPACITY,
};

static const struct power_supply_desc cairn_desc = {
	.name		= "cairn-battery",
	.type		= POWER_SUPPLY_TYPE_BATTERY,
	.properties	= cairn_props,
	.num_properties	= ARRAY_SIZE(cairn_props),
	.get_property	= cairn_get_property,
};

static int cairn_probe(struct i2c_client *client)
{
	struct power_supply_config cfg = {};
	struct cairn *cb;

	cb = devm_kzalloc(&client->dev, sizeof(*cb), GFP_KERNEL);
	if (!cb)
		return -ENOMEM;
	cb->client = client;
	mutex_init(&cb->lock);
	INIT_DELAYED_WORK(&cb->poll, cairn_poll_work);
	i2c_set_clientdata(client, cb);
	cfg.drv_data = cb;
	cb->psy = devm_power_supply_register(&client->dev, &cairn_desc, &cfg);
	if (IS_ERR(cb->psy))
		return PTR_ERR(cb->psy);
	return cairn_set_polling(cb, true);
}

static void cairn_remove(struct i2c_client *client)
{
	cairn_set_polling(i2c_get_clientdata(client), false);
}

static int cairn_suspend(struct device *dev)
{
	return cairn_set_polling(dev_get_drvdata(dev), false);
}

static int cairn_resume(struct device *dev)
{
	return cairn_set_polling(dev_get_drvdata(dev), true);
}

static DEFINE_SIMPLE_DEV_PM_OPS(cairn_pm, cairn_suspend, cairn_resume);

static struct i2c_driver cairn_driver = {
	.driver	= {
		.name	= "cairn",
		.pm	= pm_sleep_ptr(&cairn_pm),
	},
	.probe	= cairn_probe,
	.remove	= cairn_remove,
};
module_i2c_driver(cairn_driver);
MODULE_LICENSE("GPL");
