#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "qx.h"

struct qctx {
	struct hlist_node node;
	struct kref kref;
	struct qx_dev *qx;
	u32 qpn;
	u32 state;
	u32 flushed;
};

static struct qctx *__qctx_lookup(struct qx_dev *qx, u32 qpn)
{
	struct qctx *c;

	hash_for_each_possible(qx->ctx_hash, c, node, qpn)
		if (c->qpn == qpn)
			return c;
	return NULL;
}

/* process context only, as all of this file */
struct qctx *qctx_find(struct qx_dev *qx, u32 qpn)
{
	struct qctx *c;

	spin_lock(&qx->lock);
	c = __qctx_lookup(qx, qpn);
	if (c)
		kref_get(&c->kref);
	spin_unlock(&qx->lock);
	return c;
}

static void qctx_release(struct kref *kref)
{
	struct qctx *c = container_of(kref, struct qctx, kref);
	struct qx_dev *qx = c->qx;

	spin_lock(&qx->lock);
	hash_del(&c->node);
	spin_unlock(&qx->lock);
	kfree(c);
}

void qctx_put(struct qctx *c)
{
	kref_put(&c->kref, qctx_release);
}

struct qctx *qctx_create(struct qx_dev *qx, u32 qpn)
{
	struct qctx *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return ERR_PTR(-ENOMEM);
	kref_init(&c->kref);
	c->qx = qx;
	c->qpn = qpn;

	spin_lock(&qx->lock);
	if (__qctx_lookup(qx, qpn)) {
		spin_unlock(&qx->lock);
		kfree(c);
		return ERR_PTR(-EEXIST);
	}
	hash_add(qx->ctx_hash, &c->node, qpn);
	spin_unlock(&qx->lock);
	return c;
}

int qctx_modify(struct qx_dev *qx, u32 qpn, u32 state)
{
	struct qctx *c = qctx_find(qx, qpn);

	if (!c)
		return -ENOENT;
	qx_hw_modify(qx, c->qpn, state);
	qctx_put(c);
	return 0;
}
