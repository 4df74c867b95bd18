#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "px.h"

struct pctx {
	struct hlist_node node;
	struct kref kref;
	struct px_dev *px;
	u32 qpn;
	u32 state;
	u32 flushed;
};

static struct pctx *__pctx_lookup(struct px_dev *px, u32 qpn)
{
	struct pctx *c;

	hash_for_each_possible(px->ctx_hash, c, node, qpn)
		if (c->qpn == qpn)
			return c;
	return NULL;
}

/* process context only, as all of this file */
struct pctx *pctx_find(struct px_dev *px, u32 qpn)
{
	struct pctx *c;

	spin_lock(&px->lock);
	c = __pctx_lookup(px, qpn);
	if (c)
		kref_get(&c->kref);
	spin_unlock(&px->lock);
	return c;
}

static void pctx_release(struct kref *kref)
{
	struct pctx *c = container_of(kref, struct pctx, kref);

	hash_del(&c->node);
	kfree(c);
}

void pctx_put(struct pctx *c)
{
	struct px_dev *px = c->px;

	spin_lock(&px->lock);
	kref_put(&c->kref, pctx_release);
	spin_unlock(&px->lock);
}

struct pctx *pctx_create(struct px_dev *px, u32 qpn)
{
	struct pctx *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return ERR_PTR(-ENOMEM);
	kref_init(&c->kref);
	c->px = px;
	c->qpn = qpn;

	spin_lock(&px->lock);
	if (__pctx_lookup(px, qpn)) {
		spin_unlock(&px->lock);
		kfree(c);
		return ERR_PTR(-EEXIST);
	}
	hash_add(px->ctx_hash, &c->node, qpn);
	spin_unlock(&px->lock);
	return c;
}

int pctx_modify(struct px_dev *px, u32 qpn, u32 state)
{
	struct pctx *c = pctx_find(px, qpn);

	if (!c)
		return -ENOENT;
	px_hw_modify(px, c->qpn, state);
	pctx_put(c);
	return 0;
}
