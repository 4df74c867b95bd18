// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct ekey {
	struct hlist_node node;
	u64 id;
	unsigned int users;
	u8 secret[32];
};

static DEFINE_HASHTABLE(ekey_table, 5);
static DEFINE_SPINLOCK(ekey_lock);

static struct ekey *__ekey_find(u64 id)
{
	struct ekey *k;

	hash_for_each_possible(ekey_table, k, node, id)
		if (k->id == id)
			return k;
	return NULL;
}

/* There is exactly one ekey per id. */
struct ekey *ekey_get(u64 id)
{
	struct ekey *k;

	spin_lock(&ekey_lock);
	k = __ekey_find(id);
	if (k) {
		k->users++;
		spin_unlock(&ekey_lock);
		return k;
	}

	k = kzalloc(sizeof(*k), GFP_NOWAIT);
	if (!k) {
		spin_unlock(&ekey_lock);
		return ERR_PTR(-ENOMEM);
	}
	k->id = id;
	k->users = 1;
	hash_add(ekey_table, &k->node, id);
	spin_unlock(&ekey_lock);
	return k;
}

void ekey_put(struct ekey *k)
{
	spin_lock(&ekey_lock);
	if (--k->users) {
		spin_unlock(&ekey_lock);
		return;
	}
	hash_del(&k->node);
	spin_unlock(&ekey_lock);
	kfree_sensitive(k);
}

int ekey_set_secret(u64 id, const u8 *secret)
{
	struct ekey *k;
	int ret = -ENOKEY;

	spin_lock(&ekey_lock);
	k = __ekey_find(id);
	if (k) {
		memcpy(k->secret, secret, sizeof(k->secret));
		ret = 0;
	}
	spin_unlock(&ekey_lock);
	return ret;
}
