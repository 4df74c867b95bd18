// SPDX-License-Identifier: GPL-2.0
#include <linux/backlight.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pm.h>
#include <linux/spi/spi.h>
#include <linux/workqueue.h>

#include <drm/drm_panel.h>

struct tdisp {
	struct drm_panel panel;
	struct spi_device *spi;
	struct mutex lock;
	struct work_struct work;
	bool enabled;
	u8 temp;
};

static int tdisp_write(struct tdisp *td, u8 reg, u8 val)
{
	u8 buf[2] = { reg, val };

	return spi_write(td->spi, buf, sizeof(buf));
}

static void tdisp_work(struct work_struct *work)
{
	struct tdisp *td = container_of(work, struct tdisp, work);

	mutex_lock(&td->lock);
	if (td->enabled)
		tdisp_write(td, 0x40, td->temp);
	mutex_unlock(&td->lock);
}

static int tdisp_enable(struct drm_panel *panel)
{
	struct tdisp *td = container_of(panel, struct tdisp, panel);

	mutex_lock(&td->lock);
	tdisp_write(td, 0x01, 1);
	td->enabled = true;
	mutex_unlock(&td->lock);
	return 0;
}

void tdisp_temp_changed(struct tdisp *td, u8 temp)
{
	td->temp = temp;
	schedule_work(&td->work);
}

static int __maybe_unused tdisp_suspend(struct device *dev)
{
	struct tdisp *td = dev_get_drvdata(dev);

	cancel_work_sync(&td->work);
	td->enabled = false;
	return tdisp_write(td, 0x01, 0);
}

static int __maybe_unused tdisp_resume(struct device *dev)
{
	struct tdisp *td = dev_get_drvdata(dev);

	return tdisp_enable(&td->panel);
}

static SIMPLE_DEV_PM_OPS(tdisp_pm_ops, tdisp_suspend, tdisp_resume);

static int tdisp_probe(struct spi_device *spi)
{
	struct tdisp *td;

	td = devm_kzalloc(&spi->dev, sizeof(*td), GFP_KERNEL);
	if (!td)
		return -ENOMEM;
	td->spi = spi;
	mutex_init(&td->lock);
	INIT_WORK(&td->work, tdisp_work);
	spi_set_drvdata(spi, td);
	return drm_panel_add(&td->panel);
}

static int tdisp_remove(struct spi_device *spi)
{
	struct tdisp *td = spi_get_drvdata(spi);

	drm_panel_remove(&td->panel);
	cancel_work_sync(&td->work);
	return 0;
}

static struct spi_driver tdisp_driver = {
	.probe	= tdisp_probe,
	.remove	= tdisp_remove,
	.driver	= {
		.name	= "tdisp",
		.pm	= &tdisp_pm_ops,
	},
};
module_spi_driver(tdisp_driver);
MODULE_LICENSE("GPL");
