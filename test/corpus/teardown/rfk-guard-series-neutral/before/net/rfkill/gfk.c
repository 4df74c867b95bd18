// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rfkill.h>
#include <linux/workqueue.h>

#include "gfk.h"

struct gfk {
	struct mutex mutex;
	struct delayed_work poll;
	struct rfkill *rfkill;
	bool running;
	bool blocked;
};

static void gfk_poll_work(struct work_struct *work)
{
	struct gfk *rk = container_of(to_delayed_work(work), struct gfk, poll);

	mutex_lock(&rk->mutex);
	if (rk->running) {
		rk->blocked = gfk_hw_read(rk);
		rfkill_set_hw_state(rk->rfkill, rk->blocked);
		schedule_delayed_work(&rk->poll, HZ);
	}
	mutex_unlock(&rk->mutex);
}

void gfk_start(struct gfk *rk)
{
	mutex_lock(&rk->mutex);
	if (!rk->running) {
		rk->running = true;
		schedule_delayed_work(&rk->poll, 0);
	}
	mutex_unlock(&rk->mutex);
}

void gfk_stop(struct gfk *rk)
{
	mutex_lock(&rk->mutex);
	rk->running = false;
	mutex_unlock(&rk->mutex);

	cancel_delayed_work_sync(&rk->poll);
}

static int gfk_set_block(void *data, bool blocked)
{
	struct gfk *rk = data;

	mutex_lock(&rk->mutex);
	rk->blocked = blocked;
	gfk_hw_write(rk, blocked);
	mutex_unlock(&rk->mutex);
	return 0;
}

static const struct rfkill_ops gfk_ops = {
	.set_block = gfk_set_block,
};

int gfk_register(struct gfk *rk, struct device *dev)
{
	int ret;

	mutex_init(&rk->mutex);
	INIT_DELAYED_WORK(&rk->poll, gfk_poll_work);
	rk->rfkill = rfkill_alloc("gfk", dev, RFKILL_TYPE_WLAN, &gfk_ops, rk);
	if (!rk->rfkill)
		return -ENOMEM;
	ret = rfkill_register(rk->rfkill);
	if (ret) {
		rfkill_destroy(rk->rfkill);
		return ret;
	}
	gfk_start(rk);
	return 0;
}

void gfk_unregister(struct gfk *rk)
{
	gfk_stop(rk);
	rfkill_unregister(rk->rfkill);
	rfkill_destroy(rk->rfkill);
}
