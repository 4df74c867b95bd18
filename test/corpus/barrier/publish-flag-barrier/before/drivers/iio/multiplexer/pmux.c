// SPDX-License-Identifier: GPL-2.0
#include <linux/iio/iio.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/nvmem-consumer.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define PMUX_POINTS	64

struct pmux_cal {
	s16 *tab;
	unsigned int n;
	bool ready;
};

struct pmux {
	struct device *dev;
	void __iomem *regs;
	struct nvmem_cell *cell;
	struct work_struct cal_work;
	struct pmux_cal cal;
};

static void pmux_init_cal(struct work_struct *work)
{
	struct pmux *pm = container_of(work, struct pmux, cal_work);
	struct pmux_cal *cal = &pm->cal;
	size_t len;
	s16 *tab;

	tab = nvmem_cell_read(pm->cell, &len);
	if (IS_ERR(tab)) {
		dev_warn(pm->dev, "no calibration data\n");
		return;
	}
	if (len < PMUX_POINTS * sizeof(*tab)) {
		kfree(tab);
		return;
	}

	cal->tab = tab;
	cal->n = PMUX_POINTS;
	cal->ready = true;
}

/* may be called from the trigger handler in irq context */
int pmux_sample(struct pmux *pm, unsigned int chan)
{
	struct pmux_cal *cal = &pm->cal;
	int v = readw(pm->regs + 2 * chan);

	if (cal->ready && chan < cal->n)
		v += cal->tab[chan];

	return v;
}

int pmux_start(struct pmux *pm, struct device *dev, void __iomem *regs)
{
	pm->dev = dev;
	pm->regs = regs;
	pm->cell = devm_nvmem_cell_get(dev, "calibration");
	if (IS_ERR(pm->cell))
		return PTR_ERR(pm->cell);
	INIT_WORK(&pm->cal_work, pmux_init_cal);
	schedule_work(&pm->cal_work);
	return 0;
}

/* triggers are gone when this is called */
void pmux_stop(struct pmux *pm)
{
	cancel_work_sync(&pm->cal_work);
	kfree(pm->cal.tab);
}
