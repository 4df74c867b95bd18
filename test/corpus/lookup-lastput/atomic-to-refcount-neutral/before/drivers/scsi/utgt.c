// SPDX-License-Identifier: GPL-2.0
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <scsi/scsi_host.h>

struct tgt {
	struct list_head list;
	atomic_t ref;
	u64 wwn;
	u32 flags;
	atomic_t inflight;
};

struct utg_host {
	spinlock_t lock;
	struct list_head targets;
	struct Scsi_Host *shost;
};

void utg_put(struct tgt *t)
{
	if (atomic_dec_and_test(&t->ref))
		kfree(t);
}

struct tgt *utg_find(struct utg_host *h, u64 wwn)
{
	struct tgt *t, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&h->lock, flags);
	list_for_each_entry(t, &h->targets, list) {
		if (t->wwn == wwn) {
			atomic_inc(&t->ref);
			found = t;
			break;
		}
	}
	spin_unlock_irqrestore(&h->lock, flags);

	return found;
}

int utg_create(struct utg_host *h, u64 wwn)
{
	unsigned long flags;
	struct tgt *t;

	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	atomic_set(&t->ref, 1);		/* the list's reference */
	t->wwn = wwn;

	spin_lock_irqsave(&h->lock, flags);
	list_add_tail(&t->list, &h->targets);
	spin_unlock_irqrestore(&h->lock, flags);
	return 0;
}

int utg_destroy(struct utg_host *h, u64 wwn)
{
	struct tgt *t, *victim = NULL;
	unsigned long flags;

	spin_lock_irqsave(&h->lock, flags);
	list_for_each_entry(t, &h->targets, list) {
		if (t->wwn == wwn) {
			list_del(&t->list);
			victim = t;
			break;
		}
	}
	spin_unlock_irqrestore(&h->lock, flags);

	if (!victim)
		return -ENOENT;
	utg_put(victim);
	return 0;
}

int utg_queue(struct utg_host *h, u64 wwn, struct scsi_cmnd *cmd)
{
	struct tgt *t = utg_find(h, wwn);

	if (!t)
		return SCSI_MLQUEUE_DEVICE_BUSY;
	atomic_inc(&t->inflight);
	scsi_done(cmd);
	atomic_dec(&t->inflight);
	utg_put(t);
	return 0;
}
