// SPDX-License-Identifier: GPL-2.0-only
/*
 * RAIL-12 SPI analog to digital converter
 */
#include <linux/delay.h>
#include <linux/iio/iio.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/regulator/consumer.h>
#include <linux/spi/spi.h>

#define RAIL_CMD_CONVERT	0x80
#define RAIL_CMD_GAIN		0x40

struct rail_state {
	struct spi_device	*spi;
	struct mutex		lock;	/* one conversion at a time, gain */
	unsigned int		gain;
	u8			tx[2] ____cacheline_aligned;
	u8			rx[2];
};

static const int rail_gains[] = { 1, 2, 4, 8 };

#define RAIL_CHAN(_idx) {						\
	.type = IIO_VOLTAGE,						\
	.indexed = 1,							\
	.channel = (_idx),						\
	.info_mask_separate = BIT(IIO_CHAN_INFO_RAW),			\
	.info_mask_shared_by_type = BIT(IIO_CHAN_INFO_HARDWAREGAIN),	\
}

static const struct iio_chan_spec rail_channels[] = {
	RAIL_CHAN(0), RAIL_CHAN(1), RAIL_CHAN(2), RAIL_CHAN(3),
};

static int rail_transfer(struct rail_state *st, u8 cmd)
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

static int rail_convert(struct rail_state *st, int chan, int *val)
{
	int ret;

	mutex_lock(&st->lock);
	ret = rail_transfer(st, RAIL_CMD_CONVERT | chan);
	if (ret)
		return ret;
	usleep_range(20, 40);
	ret = rail_transfer(st, 0);
	if (!ret)
		*val = (st->rx[0] << 8 | st->rx[1]) & 0xfff;
	mutex_unlock(&st->lock);
	return ret;
}

static int rail_set_gain(struct rail_state *st, int gain)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(rail_gains); i++)
		if (rail_gains[i] == gain)
			break;
	if (i == ARRAY_SIZE(rail_gains))
		return -EINVAL;

	mutex_lock(&st->lock);
	ret = rail_transfer(st, RAIL_CMD_GAIN | i);
	if (!ret)
		st->gain = gain;
	mutex_unlock(&st->lock);
	return ret;
}

static int rail_read_raw(struct iio_dev *indio_dev,
			 struct iio_chan_spec const *chan, int *val,
			 int *val2, long mask)
{
	struct rail_state *st = iio_priv(indio_dev);
	int ret;

	switch (mask) {
	case IIO_CHAN_INFO_RAW:
		ret = rail_convert(st, chan->channel, val);
		return ret ?: IIO_VAL_INT;
	case IIO_CHAN_INFO_HARDWAREGAIN:
		mutex_lock(&st->lock);
		*val = st->gain;
		mutex_unlock(&st->lock);
		return IIO_VAL_INT;
	}
	return -EINVAL;
}

static int rail_write_raw(struct iio_dev *indio_dev,
			  struct iio_chan_spec const *chan, int val,
			  int val2, long mask)
{
	struct rail_state *st = iio_priv(indio_dev);

	if (mask != IIO_CHAN_INFO_HARDWAREGAIN)
		return -EINVAL;
	return rail_set_gain(st, val);
}

static const struct iio_info rail_info = {
	.read_raw = rail_read_raw,
	.write_raw = rail_write_raw,
};

static int rail_probe(struct spi_device *spi)
{
	struct iio_dev *indio_dev;
	struct rail_state *st;

	indio_dev = devm_iio_device_alloc(&spi->dev, sizeof(*st));
	if (!indio_dev)
		return -ENOMEM;
	st = iio_priv(indio_dev);
	st->spi = spi;
	st->gain = 1;
	mutex_init(&st->lock);
	indio_dev->name = "rail12";
	indio_dev->info = &rail_info;
	indio_dev->modes = INDIO_DIRECT_MODE;
	indio_dev->channels = rail_channels;
	indio_dev->num_channels = ARRAY_SIZE(rail_channels);
	return devm_iio_device_register(&spi->dev, indio_dev);
}

static struct spi_driver rail_driver = {
	.driver = { .name = "rail12" },
	.probe = rail_probe,
};
module_spi_driver(rail_driver);
MODULE_LICENSE("GPL");
