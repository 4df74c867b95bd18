/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _PLOVER_H
#define _PLOVER_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#define PLOVER_FDB_BUCKETS	256

struct plover_port;

struct plover_switch {
	struct device		*dev;
	spinlock_t		fdb_lock;	/* writers of fdb[] */
	struct hlist_head	fdb[PLOVER_FDB_BUCKETS];
	struct plover_port	*ports[16];
};

void plover_port_xmit(struct plover_port *port, struct sk_buff *skb);
void plover_flood(struct plover_switch *sw, struct sk_buff *skb, u16 vid);

void plover_forward(struct plover_switch *sw, struct sk_buff *skb, u16 vid);
int plover_fdb_add(struct plover_switch *sw, struct plover_port *port,
		   const u8 *addr, u16 vid);
int plover_fdb_del(struct plover_switch *sw, const u8 *addr, u16 vid);
void plover_fdb_flush(struct plover_switch *sw, struct plover_port *port);

#endif /* _PLOVER_H */
