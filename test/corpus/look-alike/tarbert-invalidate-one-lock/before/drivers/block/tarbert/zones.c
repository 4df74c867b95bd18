// SPDX-License-Identifier: GPL-2.0
/*
 * Tarbert flash translation: zone table
 */
#include <linux/bitmap.h>
#include <linux/blkdev.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "tarbert.h"

struct tarbert_zone {
	struct list_head	list;
	unsigned int		nr;
	unsigned int		valid;
	sector_t		wp;
};

struct tarbert_dev {
	struct mutex		zone_lock;	/* lists and counters */
	struct list_head	open_zones;
	struct list_head	free_zones;
	unsigned int		nr_free;
	struct work_struct	reclaim;
	struct workqueue_struct	*wq;
	struct tarbert_ctrl	*ctrl;
};

static unsigned int tarbert_nr_free(struct tarbert_dev *td)
{
	unsigned int nr;

	mutex_lock(&td->zone_lock);
	nr = td->nr_free;
	mutex_unlock(&td->zone_lock);
	return nr;
}

static bool tarbert_need_reclaim(struct tarbert_dev *td)
{
	return tarbert_nr_free(td) < TARBERT_RECLAIM_THRESHOLD;
}

static void tarbert_free_zone(struct tarbert_dev *td, struct tarbert_zone *z)
{
	lockdep_assert_held(&td->zone_lock);
	z->wp = 0;
	z->valid = 0;
	list_move_tail(&z->list, &td->free_zones);
	td->nr_free++;
}

static void tarbert_reclaim_work(struct work_struct *work)
{
	struct tarbert_dev *td = container_of(work, struct tarbert_dev, reclaim);
	struct tarbert_zone *z, *tmp;

	mutex_lock(&td->zone_lock);
	list_for_each_entry_safe(z, tmp, &td->open_zones, list) {
		if (z->valid)
			continue;
		if (!tarbert_ctrl_reset_zone(td->ctrl, z->nr))
			tarbert_free_zone(td, z);
	}
	mutex_unlock(&td->zone_lock);
}

struct tarbert_zone *tarbert_open_zone(struct tarbert_dev *td)
{
	struct tarbert_zone *z;

	mutex_lock(&td->zone_lock);
	z = list_first_entry_or_null(&td->free_zones, struct tarbert_zone, list);
	if (z) {
		list_move(&z->list, &td->open_zones);
		td->nr_free--;
	}
	if (td->nr_free < TARBERT_RECLAIM_THRESHOLD)
		queue_work(td->wq, &td->reclaim);
	mutex_unlock(&td->zone_lock);
	return z;
}

void tarbert_zone_invalidate(struct tarbert_dev *td, struct tarbert_zone *z,
			  unsigned int nr)
{
	mutex_lock(&td->zone_lock);
	z->valid -= min(z->valid, nr);
	mutex_unlock(&td->zone_lock);

	if (tarbert_need_reclaim(td))
		queue_work(td->wq, &td->reclaim);
}

int tarbert_zones_init(struct tarbert_dev *td)
{
	mutex_init(&td->zone_lock);
	INIT_LIST_HEAD(&td->open_zones);
	INIT_LIST_HEAD(&td->free_zones);
	INIT_WORK(&td->reclaim, tarbert_reclaim_work);
	td->wq = alloc_workqueue("tarbert_reclaim", WQ_MEM_RECLAIM, 1);
	return td->wq ? 0 : -ENOMEM;
}

void tarbert_zones_exit(struct tarbert_dev *td)
{
	destroy_workqueue(td->wq);
	mutex_destroy(&td->zone_lock);
}
