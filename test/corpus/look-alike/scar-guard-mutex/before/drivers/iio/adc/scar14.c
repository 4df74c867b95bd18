// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCAR-14 SPI analog to digital converter
 */
#include <linux/delay.h>
#include <linux/iio/iio.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/regulator/consumer.h>
#include <linux/spi/spi.h>

#define SCAR_CMD_CONVERT	0x80
#define SCAR_CMD_GAIN		0x40

struct scar_state {
	struct spi_device	*spi;
	struct mutex		lock;	/* one conversion at a time, gain */
	unsigned int		gain;
	u8			tx[2] ____cacheline_aligned;
	u8			rx[2];
};

static const int scar_gains[] = { 1, 2, 4, 8 };

#define SCAR_CHAN(_idx) {						\
	.type = IIO_VOLTAGE,						\
	.indexed = 1,							\
	.channel = (_idx),						\
	.info_mask_separate = BIT(IIO_CHAN_INFO_RAW),			\
	.info_mask_shared_by_type = BIT(IIO_CHAN_INFO_HARDWAREGAIN),	\
}

static const struct iio_chan_spec scar_channels[] = {
	SCAR_CHAN(0), SCAR_CHAN(1), SCAR_CHAN(2), SCAR_CHAN(3),
};

static int scar_transfer(struct scar_state *st, u8 cmd)
{
	struct spi_transfer xfer = {
		.tx_buf = st->tx,
		.rx_buf = st->rx,
		.len = 2,
	};

	lockdep_assert_held(&st->lock);
	st->tx[0] = cmd;
	st->tx[1] = 0;
	return spi_sync_transfer(st->spi, &xfer, 1);
}

static int scar_convert(struct scar_state *st, int chan, int *val)
{
	int ret;

	mutex_lock(&st->lock);
	ret = scar_transfer(st, SCAR_CMD_CONVERT | chan);
	if (ret)
		goto out;
	usleep_range(20, 40);
	ret = scar_transfer(st, 0);
	if (!ret)
		*val = (st->rx[0] << 8 | st->rx[1]) & 0xfff;
out:
	mutex_unlock(&st->lock);
	return ret;
}

static int scar_set_gain(struct scar_state *st, int gain)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(scar_gains); i++)
		if (scar_gains[i] == gain)
			break;
	if (i == ARRAY_SIZE(scar_gains))
		return -EINVAL;

	mutex_lock(&st->lock);
	ret = scar_transfer(st, SCAR_CMD_GAIN | i);
	if (!ret)
		st->gain = gain;
	mutex_unlock(&st->lock);
	return ret;
}

static int scar_read_raw(struct iio_dev *indio_dev,
			 struct iio_chan_spec const *chan, int *val,
			 int *val2, long mask)
{
	struct scar_state *st = iio_priv(indio_dev);
	int ret;

	switch (mask) {
	case IIO_CHAN_INFO_RAW:
		ret = scar_convert(st, chan->channel, val);
		return ret ?: IIO_VAL_INT;
	case IIO_CHAN_INFO_HARDWAREGAIN:
		mutex_lock(&st->lock);
		*val = st->gain;
		mutex_unlock(&st->lock);
		return IIO_VAL_INT;
	}
	return -EINVAL;
}

static int scar_write_raw(struct iio_dev *indio_dev,
			  struct iio_chan_spec const *chan, int val,
			  int val2, long mask)
{
	struct scar_state *st = iio_priv(indio_dev);

	if (mask != IIO_CHAN_INFO_HARDWAREGAIN)
		return -EINVAL;
	return scar_set_gain(st, val);
}

static const struct iio_info scar_info = {
	.read_raw = scar_read_raw,
	.write_raw = scar_write_raw,
};

static int scar_probe(struct spi_device *spi)
{
	struct iio_dev *indio_dev;
	struct scar_state *st;

	indio_dev = devm_iio_device_alloc(&spi->dev, sizeof(*st));
	if (!indio_dev)
		return -ENOMEM;
	st = iio_priv(indio_dev);
	st->spi = spi;
	st->gain = 1;
	mutex_init(&st->lock);
	indio_dev->name = "scar14";
	indio_dev->info = &scar_info;
	indio_dev->modes = INDIO_DIRECT_MODE;
	indio_dev->channels = scar_channels;
	indio_dev->num_channels = ARRAY_SIZE(scar_channels);
	return devm_iio_device_register(&spi->dev, indio_dev);
}

static struct spi_driver scar_driver = {
	.driver = { .name = "scar14" },
	.probe = scar_probe,
};
module_spi_driver(scar_driver);
MODULE_LICENSE("GPL");
