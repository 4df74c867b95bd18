/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DOTTEREL_H
#define _DOTTEREL_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#define DOTTEREL_FDB_BUCKETS	256

struct dotterel_port;

struct dotterel_switch {
	struct device		*dev;
	spinlock_t		fdb_lock;	/* writers of fdb[] */
	struct hlist_head	fdb[DOTTEREL_FDB_BUCKETS];
	struct dotterel_port	*ports[16];
};

void dotterel_port_xmit(struct dotterel_port *port, struct sk_buff *skb);
void dotterel_flood(struct dotterel_switch *sw, struct sk_buff *skb, u16 vid);

void dotterel_forward(struct dotterel_switch *sw, struct sk_buff *skb, u16 vid);
int dotterel_fdb_add(struct dotterel_switch *sw, struct dotterel_port *port,
		   const u8 *addr, u16 vid);
int dotterel_fdb_del(struct dotterel_switch *sw, const u8 *addr, u16 vid);
void dotterel_fdb_flush(struct dotterel_switch *sw, struct dotterel_port *port);

#endif /* _DOTTEREL_H */
