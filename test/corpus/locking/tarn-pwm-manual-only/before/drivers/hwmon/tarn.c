// SPDX-License-Identifier: GPL-2.0
/*
 * TARN fan controller
 */
#include <linux/err.h>
#include <linux/hwmon.h>
#include <linux/i2c.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/regmap.h>

#define TARN_REG_FAN		0x10
#define TARN_REG_PWM		0x20
#define TARN_REG_PWM_MODE	0x28
#define TARN_NR_FANS		3

struct tarn_data {
	struct regmap	*regmap;
	struct mutex	lock;		/* pwm[] and its registers */
	u8		pwm[TARN_NR_FANS];
	u8		mode[TARN_NR_FANS];
};

static int tarn_read_fan(struct tarn_data *td, int ch, long *val)
{
	unsigned int cnt;
	int ret;

	ret = regmap_read(td->regmap, TARN_REG_FAN + ch, &cnt);
	if (ret)
		return ret;
	*val = cnt ? 675000 / cnt : 0;
	return 0;
}

static int tarn_write_pwm(struct tarn_data *td, int ch, long val)
{
	int ret;

	mutex_lock(&td->lock);
	ret = regmap_write(td->regmap, TARN_REG_PWM + ch, val);
	if (ret == 0)
		td->pwm[ch] = val;
	mutex_unlock(&td->lock);
	return ret;
}

static int tarn_write_mode(struct tarn_data *td, int ch, long val)
{
	int ret;

	if (val < 0 || val > 2)
		return -EINVAL;

	mutex_lock(&td->lock);
	ret = regmap_write(td->regmap, TARN_REG_PWM_MODE + ch, val);
	if (ret == 0)
		td->mode[ch] = val;
	mutex_unlock(&td->lock);
	return ret;
}

static int tarn_read(struct device *dev, enum hwmon_sensor_types type,
		     u32 attr, int ch, long *val)
{
	struct tarn_data *td = dev_get_drvdata(dev);

	if (type == hwmon_fan && attr == hwmon_fan_input)
		return tarn_read_fan(td, ch, val);

	mutex_lock(&td->lock);
	*val = attr == hwmon_pwm_enable ? td->mode[ch] : td->pwm[ch];
	mutex_unlock(&td->lock);
	return 0;
}

static int tarn_write(struct device *dev, enum hwmon_sensor_types type,
		      u32 attr, int ch, long val)
{
	struct tarn_data *td = dev_get_drvdata(dev);

	if (type != hwmon_pwm)
		return -EOPNOTSUPP;
	if (attr == hwmon_pwm_enable)
		return tarn_write_mode(td, ch, val);
	return tarn_write_pwm(td, ch, val);
}

static umode_t tarn_is_visible(const void *data, enum hwmon_sensor_types type,
			       u32 attr, int ch)
{
	return type == hwmon_pwm ? 0644 : 0444;
}

static const struct hwmon_channel_info * const tarn_info[] = {
	HWMON_CHANNEL_INFO(fan, HWMON_F_INPUT, HWMON_F_INPUT, HWMON_F_INPUT),
	HWMON_CHANNEL_INFO(pwm, HWMON_PWM_INPUT | HWMON_PWM_ENABLE,
			   HWMON_PWM_INPUT | HWMON_PWM_ENABLE,
			   HWMON_PWM_INPUT | HWMON_PWM_ENABLE),
	NULL
};

static const struct hwmon_ops tarn_ops = {
	.is_visible = tarn_is_visible,
	.read = tarn_read,
	.write = tarn_write,
};

static const struct hwmon_chip_info tarn_chip_info = {
	.ops = &tarn_ops,
	.info = tarn_info,
};

static const struct regmap_config tarn_regmap_config = {
	.reg_bits = 8,
	.val_bits = 8,
};

static int tarn_probe(struct i2c_client *client)
{
	struct device *hwmon;
	struct tarn_data *td;

	td = devm_kzalloc(&client->dev, sizeof(*td), GFP_KERNEL);
	if (!td)
		return -ENOMEM;
	mutex_init(&td->lock);
	td->regmap = devm_regmap_init_i2c(client, &tarn_regmap_config);
	if (IS_ERR(td->regmap))
		return PTR_ERR(td->regmap);
	hwmon = devm_hwmon_device_register_with_info(&client->dev, "tarn", td,
						     &tarn_chip_info, NULL);
	return PTR_ERR_OR_ZERO(hwmon);
}

static struct i2c_driver tarn_driver = {
	.driver = { .name = "tarn" },
	.probe = tarn_probe,
};
module_i2c_driver(tarn_driver);
MODULE_LICENSE("GPL");
