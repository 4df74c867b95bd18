// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct dkey {
	struct hlist_node node;
	u64 id;
	unsigned int users;
	u8 secret[32];
};

static DEFINE_HASHTABLE(dkey_table, 5);
static DEFINE_SPINLOCK(dkey_lock);

static struct dkey *__dkey_find(u64 id)
{
	struct dkey *k;

	hash_for_each_possible(dkey_table, k, node, id)
		if (k->id == id)
			return k;
	return NULL;
}

/* There is exactly one dkey per id. */
struct dkey *dkey_get(u64 id)
{
	struct dkey *k;

	spin_lock(&dkey_lock);
	k = __dkey_find(id);
	if (k) {
		k->users++;
		spin_unlock(&dkey_lock);
		return k;
	}

	k = kzalloc(sizeof(*k), GFP_NOWAIT);
	if (!k) {
		spin_unlock(&dkey_lock);
		return ERR_PTR(-ENOMEM);
	}
	k->id = id;
	k->users = 1;
	hash_add(dkey_table, &k->node, id);
	spin_unlock(&dkey_lock);
	return k;
}

void dkey_put(struct dkey *k)
{
	spin_lock(&dkey_lock);
	if (--k->users) {
		spin_unlock(&dkey_lock);
		return;
	}
	hash_del(&k->node);
	spin_unlock(&dkey_lock);
	kfree_sensitive(k);
}

int dkey_set_secret(u64 id, const u8 *secret)
{
	struct dkey *k;
	int ret = -ENOKEY;

	spin_lock(&dkey_lock);
	k = __dkey_find(id);
	if (k) {
		memcpy(k->secret, secret, sizeof(k->secret));
		ret = 0;
	}
	spin_unlock(&dkey_lock);
	return ret;
}
