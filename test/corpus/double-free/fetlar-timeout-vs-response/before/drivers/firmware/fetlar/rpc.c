// SPDX-License-Identifier: GPL-2.0
/*
 * Fetlar firmware RPC
 */
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include "fetlar.h"

#define FETLAR_TIMEOUT	(5 * HZ)

struct fetlar_req {
	struct list_head	list;
	struct timer_list	timer;
	struct fetlar		*fw;
	u32			tag;
	void			(*cb)(void *arg, int status, u32 val);
	void			*arg;
};

static void fetlar_req_finish(struct fetlar_req *req, int status, u32 val)
{
	req->cb(req->arg, status, val);
	kfree(req);
}

static void fetlar_req_timeout(struct timer_list *t)
{
	struct fetlar_req *req = timer_container_of(req, t, timer);
	struct fetlar *fw = req->fw;

	spin_lock(&fw->lock);
	list_del_init(&req->list);
	spin_unlock(&fw->lock);

	fetlar_req_finish(req, -ETIMEDOUT, 0);
}

/* called from the doorbell tasklet */
void fetlar_rpc_response(struct fetlar *fw, u32 tag, u32 val)
{
	struct fetlar_req *req, *found = NULL;

	spin_lock(&fw->lock);
	list_for_each_entry(req, &fw->reqs, list) {
		if (req->tag == tag) {
			found = req;
			list_del_init(&req->list);
			break;
		}
	}
	spin_unlock(&fw->lock);

	if (!found)
		return;
	timer_delete(&found->timer);
	fetlar_req_finish(found, 0, val);
}

int fetlar_rpc_call(struct fetlar *fw, u32 op,
		    void (*cb)(void *arg, int status, u32 val), void *arg)
{
	struct fetlar_req *req;

	req = kzalloc(sizeof(*req), GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	req->fw = fw;
	req->cb = cb;
	req->arg = arg;
	timer_setup(&req->timer, fetlar_req_timeout, 0);

	spin_lock_bh(&fw->lock);
	req->tag = fw->next_tag++;
	list_add_tail(&req->list, &fw->reqs);
	mod_timer(&req->timer, jiffies + FETLAR_TIMEOUT);
	fetlar_ring(fw, req->tag, op);
	spin_unlock_bh(&fw->lock);
	return 0;
}
EXPORT_SYMBOL_GPL(fetlar_rpc_call);

void fetlar_rpc_init(struct fetlar *fw)
{
	spin_lock_init(&fw->lock);
	INIT_LIST_HEAD(&fw->reqs);
	fw->next_tag = 1;
}
