// SPDX-License-Identifier: GPL-2.0
/*
 * zcell pools - named pools of compressed slots shared between users
 */
#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/zcell.h>

struct zcell_pool {
	struct list_head	list;
	atomic_t		users;
	char			name[32];
	struct shrinker		*shrinker;
	atomic_long_t		nr_free;
	struct kmem_cache	*cache;
};

static LIST_HEAD(zcell_pools);
static DEFINE_MUTEX(zcell_pools_lock);

static unsigned long zcell_count(struct shrinker *sh,
				 struct shrink_control *sc)
{
	struct zcell_pool *pool = sh->private_data;

	return atomic_long_read(&pool->nr_free);
}

static unsigned long zcell_scan(struct shrinker *sh,
				struct shrink_control *sc)
{
	struct zcell_pool *pool = sh->private_data;

	kmem_cache_shrink(pool->cache);
	return atomic_long_xchg(&pool->nr_free, 0);
}

static void zcell_pool_destroy(struct zcell_pool *pool)
{
	shrinker_free(pool->shrinker);
	kmem_cache_destroy(pool->cache);
	kfree(pool);
}

static struct zcell_pool *zcell_pool_new(const char *name, size_t size)
{
	struct zcell_pool *pool;

	pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return NULL;
	strscpy(pool->name, name, sizeof(pool->name));
	atomic_set(&pool->users, 1);
	pool->cache = kmem_cache_create(pool->name, size, 0, 0, NULL);
	if (!pool->cache)
		goto err_free;
	pool->shrinker = shrinker_alloc(0, "zcell:%s", name);
	if (!pool->shrinker)
		goto err_cache;
	pool->shrinker->count_objects = zcell_count;
	pool->shrinker->scan_objects = zcell_scan;
	pool->shrinker->private_data = pool;
	shrinker_register(pool->shrinker);
	return pool;

err_cache:
	kmem_cache_destroy(pool->cache);
err_free:
	kfree(pool);
	return NULL;
}

/* Find the pool of this name, or make it; every user has a reference. */
struct zcell_pool *zcell_pool_get(const char *name, size_t size)
{
	struct zcell_pool *pool;

	mutex_lock(&zcell_pools_lock);
	list_for_each_entry(pool, &zcell_pools, list) {
		if (!strcmp(pool->name, name)) {
			atomic_inc(&pool->users);
			goto out;
		}
	}
	pool = zcell_pool_new(name, size);
	if (pool)
		list_add(&pool->list, &zcell_pools);
out:
	mutex_unlock(&zcell_pools_lock);
	return pool;
}
EXPORT_SYMBOL_GPL(zcell_pool_get);

void zcell_pool_put(struct zcell_pool *pool)
{
	if (!atomic_dec_and_mutex_lock(&pool->users, &zcell_pools_lock))
		return;
	list_del(&pool->list);
	mutex_unlock(&zcell_pools_lock);

	zcell_pool_destroy(pool);
}
EXPORT_SYMBOL_GPL(zcell_pool_put);
