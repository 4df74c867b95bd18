/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FETLAR_H
#define _FETLAR_H

#include <linux/io.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#define FETLAR_DOORBELL	0x20

struct fetlar {
	void __iomem		*base;
	spinlock_t		lock;		/* reqs, next_tag */
	struct list_head	reqs;
	u32			next_tag;
};

static inline void fetlar_ring(struct fetlar *fw, u32 tag, u32 op)
{
	writeq((u64)op << 32 | tag, fw->base + FETLAR_DOORBELL);
}

int fetlar_rpc_call(struct fetlar *fw, u32 op,
		    void (*cb)(void *arg, int status, u32 val), void *arg);
void fetlar_rpc_response(struct fetlar *fw, u32 tag, u32 val);
void fetlar_rpc_init(struct fetlar *fw);

#endif
