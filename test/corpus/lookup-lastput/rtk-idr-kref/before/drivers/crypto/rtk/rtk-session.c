// SPDX-License-Identifier: GPL-2.0
#include <linux/idr.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "rtk.h"

struct rtk_session {
	struct kref ref;
	u32 id;
	u8 key[32];
	unsigned int keylen;
	atomic_t ops;
	struct rcu_head rcu;
};

static DEFINE_IDR(rtk_sessions);
static DEFINE_SPINLOCK(rtk_sessions_lock);

static void rtk_session_release(struct kref *ref)
{
	struct rtk_session *s = container_of(ref, struct rtk_session, ref);

	spin_lock(&rtk_sessions_lock);
	idr_remove(&rtk_sessions, s->id);
	spin_unlock(&rtk_sessions_lock);
	kfree_rcu(s, rcu);
}

void rtk_session_put(struct rtk_session *s)
{
	kref_put(&s->ref, rtk_session_release);
}

struct rtk_session *rtk_session_get(u32 id)
{
	struct rtk_session *s;

	rcu_read_lock();
	s = idr_find(&rtk_sessions, id);
	if (s)
		kref_get(&s->ref);
	rcu_read_unlock();

	return s;
}

struct rtk_session *rtk_session_create(const u8 *key, unsigned int keylen)
{
	struct rtk_session *s;
	int id;

	if (keylen > sizeof(s->key))
		return ERR_PTR(-EINVAL);

	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return ERR_PTR(-ENOMEM);

	kref_init(&s->ref);
	memcpy(s->key, key, keylen);
	s->keylen = keylen;

	idr_preload(GFP_KERNEL);
	spin_lock(&rtk_sessions_lock);
	id = idr_alloc(&rtk_sessions, NULL, 1, 0, GFP_NOWAIT);
	if (id > 0) {
		s->id = id;
		idr_replace(&rtk_sessions, s, id);
	}
	spin_unlock(&rtk_sessions_lock);
	idr_preload_end();

	if (id < 0) {
		kfree(s);
		return ERR_PTR(id);
	}
	return s;
}

int rtk_session_encrypt(u32 id, struct rtk_req *req)
{
	struct rtk_session *s;
	int ret;

	s = rtk_session_get(id);
	if (!s)
		return -ENOENT;

	atomic_inc(&s->ops);
	ret = rtk_hw_submit(req, s->key, s->keylen);
	rtk_session_put(s);
	return ret;
}
