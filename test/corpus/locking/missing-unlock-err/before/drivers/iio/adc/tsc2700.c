#include <linux/delay.h>
#include <linux/i2c.h>
#include <linux/iio/iio.h>
#include <linux/module.h>
#include <linux/mutex.h>

#define TSC2700_REG_CTRL	0x00
#define TSC2700_REG_DATA	0x02
#define TSC2700_CTRL_START	0x80

struct tsc2700_state {
	struct i2c_client *client;
	struct mutex lock;	/* one conversion at a time */
	u8 gain;
};

static int tsc2700_start(struct tsc2700_state *st, int channel)
{
	u8 ctrl = TSC2700_CTRL_START | (st->gain << 4) | channel;

	return i2c_smbus_write_byte_data(st->client, TSC2700_REG_CTRL, ctrl);
}

static int tsc2700_read_raw(struct iio_dev *indio_dev,
			    struct iio_chan_spec const *chan,
			    int *val, int *val2, long mask)
{
	struct tsc2700_state *st = iio_priv(indio_dev);
	int ret;

	switch (mask) {
	case IIO_CHAN_INFO_RAW:
		mutex_lock(&st->lock);
		ret = tsc2700_start(st, chan->channel);
		if (ret < 0)
			return ret;
		msleep(5);
		ret = i2c_smbus_read_word_swapped(st->client,
						  TSC2700_REG_DATA);
		mutex_unlock(&st->lock);
		if (ret < 0)
			return ret;
		*val = ret >> 4;
		return IIO_VAL_INT;
	case IIO_CHAN_INFO_SCALE:
		*val = 2500 >> st->gain;
		*val2 = 12;
		return IIO_VAL_FRACTIONAL_LOG2;
	default:
		return -EINVAL;
	}
}

static const struct iio_info tsc2700_info = {
	.read_raw = tsc2700_read_raw,
	.driver_module = THIS_MODULE,
};

static int tsc2700_probe(struct i2c_client *client,
			 const struct i2c_device_id *id)
{
	struct iio_dev *indio_dev;
	struct tsc2700_state *st;

	indio_dev = devm_iio_device_alloc(&client->dev, sizeof(*st));
	if (!indio_dev)
		return -ENOMEM;
	st = iio_priv(indio_dev);
	st->client = client;
	mutex_init(&st->lock);
	indio_dev->dev.parent = &client->dev;
	indio_dev->name = id->name;
	indio_dev->info = &tsc2700_info;
	indio_dev->modes = INDIO_DIRECT_MODE;
	return devm_iio_device_register(&client->dev, indio_dev);
}

static const struct i2c_device_id tsc2700_id[] = {
	{ "tsc2700", 0 },
	{ }
};
MODULE_DEVICE_TABLE(i2c, tsc2700_id);

static struct i2c_driver tsc2700_driver = {
	.driver = { .name = "tsc2700" },
	.probe = tsc2700_probe,
	.id_table = tsc2700_id,
};
module_i2c_driver(tsc2700_driver);
MODULE_LICENSE("GPL v2");
