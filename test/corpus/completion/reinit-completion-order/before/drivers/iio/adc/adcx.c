#include <linux/completion.h>
#include <linux/iio/iio.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>

#define ADCX_CTRL	0x00
#define ADCX_DATA	0x04

struct adcx {
	void __iomem *base;
	struct mutex lock;
	struct completion done;
	u32 data;
};

static irqreturn_t adcx_irq(int irq, void *dev_id)
{
	struct adcx *ad = dev_id;

	ad->data = readl(ad->base + ADCX_DATA);
	complete(&ad->done);
	return IRQ_HANDLED;
}

static int adcx_convert(struct adcx *ad, int chan, int *val)
{
	int ret = 0;

	mutex_lock(&ad->lock);
	writel(BIT(31) | chan, ad->base + ADCX_CTRL);
	reinit_completion(&ad->done);
	if (!wait_for_completion_timeout(&ad->done, HZ / 10))
		ret = -ETIMEDOUT;
	else
		*val = ad->data & 0xfff;
	mutex_unlock(&ad->lock);
	return ret;
}

static int adcx_read_raw(struct iio_dev *indio_dev,
			 struct iio_chan_spec const *chan,
			 int *val, int *val2, long mask)
{
	struct adcx *ad = iio_priv(indio_dev);
	int ret;

	if (mask != IIO_CHAN_INFO_RAW)
		return -EINVAL;
	ret = adcx_convert(ad, chan->channel, val);
	return ret ? ret : IIO_VAL_INT;
}

static const struct iio_info adcx_info = {
	.read_raw	= adcx_read_raw,
	.driver_module	= THIS_MODULE,
};

static int adcx_probe(struct platform_device *pdev)
{
	struct iio_dev *indio_dev;
	struct resource *res;
	struct adcx *ad;
	int ret;

	indio_dev = devm_iio_device_alloc(&pdev->dev, sizeof(*ad));
	if (!indio_dev)
		return -ENOMEM;
	ad = iio_priv(indio_dev);
	mutex_init(&ad->lock);
	init_completion(&ad->done);
	res = platform_get_resource(pdev, IORESOURCE_MEM, 0);
	ad->base = devm_ioremap_resource(&pdev->dev, res);
	if (IS_ERR(ad->base))
		return PTR_ERR(ad->base);
	ret = devm_request_irq(&pdev->dev, platform_get_irq(pdev, 0),
			       adcx_irq, 0, "adcx", ad);
	if (ret)
		return ret;
	indio_dev->info = &adcx_info;
	return devm_iio_device_register(&pdev->dev, indio_dev);
}
