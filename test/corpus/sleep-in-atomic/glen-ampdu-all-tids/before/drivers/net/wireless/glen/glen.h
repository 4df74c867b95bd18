/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _GLEN_H
#define _GLEN_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct glen_tid_stats {
	u32	tx;
	bool	ampdu;
};

struct glen_hw {
	void __iomem		*base;
	spinlock_t		sta_lock;	/* also taken by the TX tasklet */
	struct list_head	stas;
};

int glen_sta_add(struct glen_hw *hw, const u8 *addr);
void glen_sta_del(struct glen_hw *hw, const u8 *addr);
void glen_sta_tx_status(struct glen_hw *hw, const u8 *addr, u8 tid, bool ok);
int glen_ampdu_start(struct glen_hw *hw, const u8 *addr, u8 tid);
void glen_hw_ampdu(struct glen_hw *hw, const u8 *addr, u8 tid, bool on);
void glen_sta_init(struct glen_hw *hw);

#endif
