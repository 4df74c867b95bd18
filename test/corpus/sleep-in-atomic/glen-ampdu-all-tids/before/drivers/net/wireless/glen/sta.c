// SPDX-License-Identifier: GPL-2.0
/*
 * Glen wireless: station table
 */
#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/mac80211.h>
#include "glen.h"

struct glen_sta {
	struct list_head	list;
	u8			addr[ETH_ALEN];
	u32			tx_ok;
	u32			tx_fail;
	u8			nr_tids;
	struct glen_tid_stats	*tids;
};

static struct glen_sta *glen_sta_find(struct glen_hw *hw, const u8 *addr)
{
	struct glen_sta *sta;

	lockdep_assert_held(&hw->sta_lock);
	list_for_each_entry(sta, &hw->stas, list)
		if (ether_addr_equal(sta->addr, addr))
			return sta;
	return NULL;
}

int glen_sta_add(struct glen_hw *hw, const u8 *addr)
{
	struct glen_sta *sta;

	sta = kzalloc(sizeof(*sta), GFP_KERNEL);
	if (!sta)
		return -ENOMEM;
	ether_addr_copy(sta->addr, addr);
	sta->nr_tids = 1;
	sta->tids = kcalloc(1, sizeof(*sta->tids), GFP_KERNEL);
	if (!sta->tids) {
		kfree(sta);
		return -ENOMEM;
	}

	spin_lock_bh(&hw->sta_lock);
	list_add(&sta->list, &hw->stas);
	spin_unlock_bh(&hw->sta_lock);
	return 0;
}

void glen_sta_del(struct glen_hw *hw, const u8 *addr)
{
	struct glen_sta *sta;

	spin_lock_bh(&hw->sta_lock);
	sta = glen_sta_find(hw, addr);
	if (sta)
		list_del(&sta->list);
	spin_unlock_bh(&hw->sta_lock);
	if (!sta)
		return;
	kfree(sta->tids);
	kfree(sta);
}

/* TX status tasklet */
void glen_sta_tx_status(struct glen_hw *hw, const u8 *addr, u8 tid, bool ok)
{
	struct glen_sta *sta;

	spin_lock(&hw->sta_lock);
	sta = glen_sta_find(hw, addr);
	if (sta) {
		if (ok)
			sta->tx_ok++;
		else
			sta->tx_fail++;
		if (tid < sta->nr_tids)
			sta->tids[tid].tx++;
	}
	spin_unlock(&hw->sta_lock);
}

int glen_ampdu_start(struct glen_hw *hw, const u8 *addr, u8 tid)
{
	struct glen_sta *sta;
	int ret = 0;

	spin_lock_bh(&hw->sta_lock);
	sta = glen_sta_find(hw, addr);
	if (!sta)
		ret = -ENOENT;
	else if (tid >= sta->nr_tids)
		ret = -EOPNOTSUPP;
	else
		sta->tids[tid].ampdu = true;
	spin_unlock_bh(&hw->sta_lock);

	if (!ret)
		glen_hw_ampdu(hw, addr, tid, true);
	return ret;
}

void glen_sta_init(struct glen_hw *hw)
{
	spin_lock_init(&hw->sta_lock);
	INIT_LIST_HEAD(&hw->stas);
}
