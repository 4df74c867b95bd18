// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <linux/xarray.h>

#include "rpcx.h"

struct rpcx_chan {
	refcount_t ref;
	u32 id;
	u32 flags;
	wait_queue_head_t wait;
	void (*rx)(struct rpcx_chan *ch, const void *data, size_t len);
};

static DEFINE_XARRAY_ALLOC(rpcx_chans);

void rpcx_chan_put(struct rpcx_chan *ch)
{
	if (refcount_dec_and_test(&ch->ref))
		kfree(ch);
}

static struct rpcx_chan *rpcx_chan_get(u32 id)
{
	struct rpcx_chan *ch;

	ch = xa_load(&rpcx_chans, id);
	if (ch)
		refcount_inc(&ch->ref);
	return ch;
}

int rpcx_chan_open(void (*rx)(struct rpcx_chan *, const void *, size_t))
{
	struct rpcx_chan *ch;
	int ret;

	ch = kzalloc(sizeof(*ch), GFP_KERNEL);
	if (!ch)
		return -ENOMEM;
	refcount_set(&ch->ref, 1);
	init_waitqueue_head(&ch->wait);
	ch->rx = rx;
	ret = xa_alloc(&rpcx_chans, &ch->id, ch, xa_limit_16b, GFP_KERNEL);
	if (ret) {
		kfree(ch);
		return ret;
	}
	return 0;
}

int rpcx_chan_close(u32 id)
{
	struct rpcx_chan *ch;

	ch = xa_erase(&rpcx_chans, id);
	if (!ch)
		return -ENOENT;
	wake_up_all(&ch->wait);
	rpcx_chan_put(ch);
	return 0;
}

/* threaded irq */
void rpcx_deliver(const struct rpcx_hdr *hdr)
{
	struct rpcx_chan *ch;

	ch = rpcx_chan_get(le16_to_cpu(hdr->chan));
	if (!ch) {
		rpcx_nack(hdr);
		return;
	}
	ch->rx(ch, hdr + 1, le16_to_cpu(hdr->len));
	rpcx_chan_put(ch);
}
