/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _STRONE_H
#define _STRONE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct strone_tid_stats {
	u32	tx;
	bool	ampdu;
};

struct strone_hw {
	void __iomem		*base;
	spinlock_t		sta_lock;	/* also taken by the TX tasklet */
	struct list_head	stas;
};

int strone_sta_add(struct strone_hw *hw, const u8 *addr);
void strone_sta_del(struct strone_hw *hw, const u8 *addr);
void strone_sta_tx_status(struct strone_hw *hw, const u8 *addr, u8 tid, bool ok);
int strone_ampdu_start(struct strone_hw *hw, const u8 *addr, u8 tid);
void strone_hw_ampdu(struct strone_hw *hw, const u8 *addr, u8 tid, bool on);
void strone_sta_init(struct strone_hw *hw);

#endif
