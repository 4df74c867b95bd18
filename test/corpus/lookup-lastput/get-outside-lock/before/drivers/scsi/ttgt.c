// SPDX-License-Identifier: GPL-2.0
#include <linux/list.h>
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <scsi/scsi_host.h>

struct tgt {
	struct list_head list;
	refcount_t ref;
	u64 wwn;
	u32 flags;
	atomic_t inflight;
};

struct tgt_host {
	spinlock_t lock;
	struct list_head targets;
	struct Scsi_Host *shost;
};

void tgt_put(struct tgt *t)
{
	if (refcount_dec_and_test(&t->ref))
		kfree(t);
}

struct tgt *tgt_find(struct tgt_host *h, u64 wwn)
{
	struct tgt *t, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&h->lock, flags);
	list_for_each_entry(t, &h->targets, list) {
		if (t->wwn == wwn) {
			refcount_inc(&t->ref);
			found = t;
			break;
		}
	}
	spin_unlock_irqrestore(&h->lock, flags);

	return found;
}

int tgt_create(struct tgt_host *h, u64 wwn)
{
	unsigned long flags;
	struct tgt *t;

	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	refcount_set(&t->ref, 1);	/* the list's reference */
	t->wwn = wwn;

	spin_lock_irqsave(&h->lock, flags);
	list_add_tail(&t->list, &h->targets);
	spin_unlock_irqrestore(&h->lock, flags);
	return 0;
}

int tgt_destroy(struct tgt_host *h, u64 wwn)
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
	tgt_put(victim);
	return 0;
}

int tgt_queue(struct tgt_host *h, u64 wwn, struct scsi_cmnd *cmd)
{
	struct tgt *t = tgt_find(h, wwn);

	if (!t)
		return SCSI_MLQUEUE_DEVICE_BUSY;
	atomic_inc(&t->inflight);
	scsi_done(cmd);
	atomic_dec(&t->inflight);
	tgt_put(t);
	return 0;
}
