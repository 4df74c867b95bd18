// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rfkill.h>
#include <linux/workqueue.h>

#include "rfk.h"

struct rfk {
	struct mutex mutex;
	struct delayed_work poll;
	struct rfkill *rfkill;
	bool running;
	bool blocked;
};

static void rfk_poll_work(struct work_struct *work)
{
	struct rfk *rk = container_of(to_delayed_work(work), struct rfk, poll);

	mutex_lock(&rk->mutex);
	if (rk->running) {
		rk->blocked = rfk_hw_read(rk);
		rfkill_set_hw_state(rk->rfkill, rk->blocked);
		schedule_delayed_work(&rk->poll, HZ);
	}
	mutex_unlock(&rk->mutex);
}

void rfk_start(struct rfk *rk)
{
	mutex_lock(&rk->mutex);
	if (!rk->running) {
		rk->running = true;
		schedule_delayed_work(&rk->poll, 0);
	}
	mutex_unlock(&rk->mutex);
}

void rfk_stop(struct rfk *rk)
{
	mutex_lock(&rk->mutex);
	rk->running = false;
	cancel_delayed_work_sync(&rk->poll);
	mutex_unlock(&rk->mutex);
}

static int rfk_set_block(void *data, bool blocked)
{
	struct rfk *rk = data;

	mutex_lock(&rk->mutex);
	rk->blocked = blocked;
	rfk_hw_write(rk, blocked);
	mutex_unlock(&rk->mutex);
	return 0;
}

static const struct rfkill_ops rfk_ops = {
	.set_block = rfk_set_block,
};

int rfk_register(struct rfk *rk, struct device *dev)
{
	int ret;

	mutex_init(&rk->mutex);
	INIT_DELAYED_WORK(&rk->poll, rfk_poll_work);
	rk->rfkill = rfkill_alloc("rfk", dev, RFKILL_TYPE_WLAN, &rfk_ops, rk);
	if (!rk->rfkill)
		return -ENOMEM;
	ret = rfkill_register(rk->rfkill);
	if (ret) {
		rfkill_destroy(rk->rfkill);
		return ret;
	}
	rfk_start(rk);
	return 0;
}

void rfk_unregister(struct rfk *rk)
{
	rfk_stop(rk);
	rfkill_unregister(rk->rfkill);
	rfkill_destroy(rk->rfkill);
}
