// SPDX-License-Identifier: GPL-2.0
/*
 * Loch flash translation: zone table
 */
#include <linux/bitmap.h>
#include <linux/blkdev.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "loch.h"

struct loch_zone {
	struct list_head	list;
	unsigned int		nr;
	unsigned int		valid;
	sector_t		wp;
};

struct loch_dev {
	struct mutex		zone_lock;	/* lists and counters */
	struct list_head	open_zones;
	struct list_head	free_zones;
	unsigned int		nr_free;
	struct work_struct	reclaim;
	struct workqueue_struct	*wq;
	struct loch_ctrl	*ctrl;
};

static unsigned int loch_nr_free(struct loch_dev *ld)
{
	unsigned int nr;

	mutex_lock(&ld->zone_lock);
	nr = ld->nr_free;
	mutex_unlock(&ld->zone_lock);
	return nr;
}

static bool loch_need_reclaim(struct loch_dev *ld)
{
	return loch_nr_free(ld) < LOCH_RECLAIM_THRESHOLD;
}

static void loch_free_zone(struct loch_dev *ld, struct loch_zone *z)
{
	lockdep_assert_held(&ld->zone_lock);
	z->wp = 0;
	z->valid = 0;
	list_move_tail(&z->list, &ld->free_zones);
	ld->nr_free++;
}

static void loch_reclaim_work(struct work_struct *work)
{
	struct loch_dev *ld = container_of(work, struct loch_dev, reclaim);
	struct loch_zone *z, *tmp;

	mutex_lock(&ld->zone_lock);
	list_for_each_entry_safe(z, tmp, &ld->open_zones, list) {
		if (z->valid)
			continue;
		if (!loch_ctrl_reset_zone(ld->ctrl, z->nr))
			loch_free_zone(ld, z);
	}
	mutex_unlock(&ld->zone_lock);
}

struct loch_zone *loch_open_zone(struct loch_dev *ld)
{
	struct loch_zone *z;

	mutex_lock(&ld->zone_lock);
	z = list_first_entry_or_null(&ld->free_zones, struct loch_zone, list);
	if (z) {
		list_move(&z->list, &ld->open_zones);
		ld->nr_free--;
	}
	if (ld->nr_free < LOCH_RECLAIM_THRESHOLD)
		queue_work(ld->wq, &ld->reclaim);
	mutex_unlock(&ld->zone_lock);
	return z;
}

void loch_zone_invalidate(struct loch_dev *ld, struct loch_zone *z,
			  unsigned int nr)
{
	mutex_lock(&ld->zone_lock);
	z->valid -= min(z->valid, nr);
	mutex_unlock(&ld->zone_lock);

	if (loch_need_reclaim(ld))
		queue_work(ld->wq, &ld->reclaim);
}

int loch_zones_init(struct loch_dev *ld)
{
	mutex_init(&ld->zone_lock);
	INIT_LIST_HEAD(&ld->open_zones);
	INIT_LIST_HEAD(&ld->free_zones);
	INIT_WORK(&ld->reclaim, loch_reclaim_work);
	ld->wq = alloc_workqueue("loch_reclaim", WQ_MEM_RECLAIM, 1);
	return ld->wq ? 0 : -ENOMEM;
}

void loch_zones_exit(struct loch_dev *ld)
{
	destroy_workqueue(ld->wq);
	mutex_destroy(&ld->zone_lock);
}
