// SPDX-License-Identifier: GPL-2.0
/*
 * Strone wireless: station table
 */
#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <net/mac80211.h>
#include "strone.h"

struct strone_sta {
	struct list_head	list;
	u8			addr[ETH_ALEN];
	u32			tx_ok;
	u32			tx_fail;
	u8			nr_tids;
	struct strone_tid_stats	*tids;
};

static struct strone_sta *strone_sta_find(struct strone_hw *hw, const u8 *addr)
{
	struct strone_sta *sta;

	lockdep_assert_held(&hw->sta_lock);
	list_for_each_entry(sta, &hw->stas, list)
		if (ether_addr_equal(sta->addr, addr))
			return sta;
	return NULL;
}

int strone_sta_add(struct strone_hw *hw, const u8 *addr)
{
	struct strone_sta *sta;
	int ret = -ENOMEM;

	spin_lock_bh(&hw->sta_lock);
	if (strone_sta_find(hw, addr)) {
		ret = -EEXIST;
		goto out;
	}
	sta = kzalloc(sizeof(*sta), GFP_ATOMIC);
	if (!sta)
		goto out;
	ether_addr_copy(sta->addr, addr);
	sta->nr_tids = 1;
	sta->tids = kcalloc(1, sizeof(*sta->tids), GFP_ATOMIC);
	if (!sta->tids) {
		kfree(sta);
		goto out;
	}
	list_add(&sta->list, &hw->stas);
	ret = 0;
out:
	spin_unlock_bh(&hw->sta_lock);
	return ret;
}

void strone_sta_del(struct strone_hw *hw, const u8 *addr)
{
	struct strone_sta *sta;

	spin_lock_bh(&hw->sta_lock);
	sta = strone_sta_find(hw, addr);
	if (sta)
		list_del(&sta->list);
	spin_unlock_bh(&hw->sta_lock);
	if (!sta)
		return;
	kfree(sta->tids);
	kfree(sta);
}

/* TX status tasklet */
void strone_sta_tx_status(struct strone_hw *hw, const u8 *addr, u8 tid, bool ok)
{
	struct strone_sta *sta;

	spin_lock(&hw->sta_lock);
	sta = strone_sta_find(hw, addr);
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

int strone_ampdu_start(struct strone_hw *hw, const u8 *addr, u8 tid)
{
	struct strone_sta *sta;
	int ret = 0;

	spin_lock_bh(&hw->sta_lock);
	sta = strone_sta_find(hw, addr);
	if (!sta)
		ret = -ENOENT;
	else if (tid >= sta->nr_tids)
		ret = -EOPNOTSUPP;
	else
		sta->tids[tid].ampdu = true;
	spin_unlock_bh(&hw->sta_lock);

	if (!ret)
		strone_hw_ampdu(hw, addr, tid, true);
	return ret;
}

void strone_sta_init(struct strone_hw *hw)
{
	spin_lock_init(&hw->sta_lock);
	INIT_LIST_HEAD(&hw->stas);
}
