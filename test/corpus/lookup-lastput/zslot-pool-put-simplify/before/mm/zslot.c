// SPDX-License-Identifier: GPL-2.0
/*
 * zslot pools - named pools of compressed slots shared between users
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/zslot.h>

struct zslot_pool {
	struct list_head	list;
	refcount_t		users;
	char			name[32];
	struct shrinker		*shrinker;
	atomic_long_t		nr_free;
	struct kmem_cache	*cache;
};

static LIST_HEAD(zslot_pools);
static DEFINE_MUTEX(zslot_pools_lock);

static unsigned long zslot_count(struct shrinker *sh,
				 struct shrink_control *sc)
{
	struct zslot_pool *pool = sh->private_data;

	return atomic_long_read(&pool->nr_free);
}

static unsigned long zslot_scan(struct shrinker *sh,
				struct shrink_control *sc)
{
	struct zslot_pool *pool = sh->private_data;

	kmem_cache_shrink(pool->cache);
	return atomic_long_xchg(&pool->nr_free, 0);
}

static void zslot_pool_destroy(struct zslot_pool *pool)
{
	shrinker_free(pool->shrinker);
	kmem_cache_destroy(pool->cache);
	kfree(pool);
}

static struct zslot_pool *zslot_pool_new(const char *name, size_t size)
{
	struct zslot_pool *pool;

	pool = kzalloc(sizeof(*pool), GFP_KERNEL);
	if (!pool)
		return NULL;
	strscpy(pool->name, name, sizeof(pool->name));
	refcount_set(&pool->users, 1);
	pool->cache = kmem_cache_create(pool->name, size, 0, 0, NULL);
	if (!pool->cache)
		goto err_free;
	pool->shrinker = shrinker_alloc(0, "zslot:%s", name);
	if (!pool->shrinker)
		goto err_cache;
	pool->shrinker->count_objects = zslot_count;
	pool->shrinker->scan_objects = zslot_scan;
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
struct zslot_pool *zslot_pool_get(const char *name, size_t size)
{
	struct zslot_pool *pool;

	mutex_lock(&zslot_pools_lock);
	list_for_each_entry(pool, &zslot_pools, list) {
		if (!strcmp(pool->name, name)) {
			refcount_inc(&pool->users);
			goto out;
		}
	}
	pool = zslot_pool_new(name, size);
	if (pool)
		list_add(&pool->list, &zslot_pools);
out:
	mutex_unlock(&zslot_pools_lock);
	return pool;
}
EXPORT_SYMBOL_GPL(zslot_pool_get);

void zslot_pool_put(struct zslot_pool *pool)
{
	if (!refcount_dec_and_mutex_lock(&pool->users, &zslot_pools_lock))
		return;
	list_del(&pool->list);
	mutex_unlock(&zslot_pools_lock);

	zslot_pool_destroy(pool);
}
EXPORT_SYMBOL_GPL(zslot_pool_put);
