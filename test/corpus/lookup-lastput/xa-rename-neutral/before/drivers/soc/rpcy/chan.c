// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "rpcy.h"

struct rpcy_chan {
	refcount_t ref;
	u32 id;
	u32 flags;
	wait_queue_head_t wait;
	void (*rx)(struct rpcy_chan *ch, const void *data, size_t len);
};

static DEFINE_XARRAY_ALLOC(rpcy_chans);

void rpcy_chan_put(struct rpcy_chan *ch)
{
	if (refcount_dec_and_test(&ch->ref))
		kfree(ch);
}

static struct rpcy_chan *rpcy_chan_get(u32 id)
{
	struct rpcy_chan *ch;

	xa_lock(&rpcy_chans);
	ch = xa_load(&rpcy_chans, id);
	if (ch)
		refcount_inc(&ch->ref);
	xa_unlock(&rpcy_chans);
	return ch;
}

int rpcy_chan_open(void (*rx)(struct rpcy_chan *, const void *, size_t))
{
	struct rpcy_chan *ch;
	int ret;

	ch = kzalloc(sizeof(*ch), GFP_KERNEL);
	if (!ch)
		return -ENOMEM;
	refcount_set(&ch->ref, 1);
	init_waitqueue_head(&ch->wait);
	ch->rx = rx;
	ret = xa_alloc(&rpcy_chans, &ch->id, ch, xa_limit_16b, GFP_KERNEL);
	if (ret) {
		kfree(ch);
		return ret;
	}
	return 0;
}

int rpcy_chan_close(u32 id)
{
	struct rpcy_chan *ch;

	ch = xa_erase(&rpcy_chans, id);
	if (!ch)
		return -ENOENT;
	wake_up_all(&ch->wait);
	rpcy_chan_put(ch);
	return 0;
}

/* threaded irq */
void rpcy_deliver(const struct rpcy_hdr *hdr)
{
	struct rpcy_chan *ch;

	ch = rpcy_chan_get(le16_to_cpu(hdr->chan));
	if (!ch) {
		rpcy_nack(hdr);
		return;
	}
	ch->rx(ch, hdr + 1, le16_to_cpu(hdr->len));
	rpcy_chan_put(ch);
}
