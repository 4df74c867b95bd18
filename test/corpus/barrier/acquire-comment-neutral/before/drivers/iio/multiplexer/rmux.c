// SPDX-License-Identifier: GPL-2.0
#include <linux/iio/iio.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/nvmem-consumer.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#define PMUX_POINTS	64

struct rmux_cal {
	s16 *tab;
	unsigned int n;
	bool ready;
};

struct rmux {
	struct device *dev;
	void __iomem *regs;
	struct nvmem_cell *cell;
	struct work_struct cal_work;
	struct rmux_cal cal;
};

static void rmux_init_cal(struct work_struct *work)
{
	struct rmux *pm = container_of(work, struct rmux, cal_work);
	struct rmux_cal *cal = &pm->cal;
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
	/* pairs with the acquire in rmux_sample() */
	smp_store_release(&cal->ready, true);
}

/* may be called from the trigger handler in irq context */
int rmux_sample(struct rmux *pm, unsigned int chan)
{
	struct rmux_cal *cal = &pm->cal;
	int v = readw(pm->regs + 2 * chan);

	if (smp_load_acquire(&cal->ready) && chan < cal->n)
		v += cal->tab[chan];

	return v;
}

int rmux_start(struct rmux *pm, struct device *dev, void __iomem *regs)
{
	pm->dev = dev;
	pm->regs = regs;
	pm->cell = devm_nvmem_cell_get(dev, "calibration");
	if (IS_ERR(pm->cell))
		return PTR_ERR(pm->cell);
	INIT_WORK(&pm->cal_work, rmux_init_cal);
	schedule_work(&pm->cal_work);
	return 0;
}

/* triggers are gone when this is called */
void rmux_stop(struct rmux *pm)
{
	cancel_work_sync(&pm->cal_work);
	kfree(pm->cal.tab);
}
