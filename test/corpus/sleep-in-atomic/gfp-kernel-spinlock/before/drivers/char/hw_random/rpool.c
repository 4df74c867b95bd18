#include <linux/hw_random.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct rng_entry {
	struct list_head node;
	u32 id;
	u16 quality;
};

struct rng_pool {
	spinlock_t lock;
	struct list_head entries;
	unsigned int count;
};

static struct rng_pool the_pool = {
	.lock = __SPIN_LOCK_UNLOCKED(the_pool.lock),
	.entries = LIST_HEAD_INIT(the_pool.entries),
};

static struct rng_entry *__rng_pool_find(struct rng_pool *pool, u32 id)
{
	struct rng_entry *e;

	list_for_each_entry(e, &pool->entries, node)
		if (e->id == id)
			return e;
	return NULL;
}

static int rng_pool_add(struct rng_pool *pool, u32 id, u16 quality)
{
	struct rng_entry *e;

	spin_lock(&pool->lock);
	if (__rng_pool_find(pool, id)) {
		spin_unlock(&pool->lock);
		return -EEXIST;
	}
	e = kzalloc(sizeof(*e), GFP_KERNEL);
	if (!e) {
		spin_unlock(&pool->lock);
		return -ENOMEM;
	}
	e->id = id;
	e->quality = quality;
	list_add_tail(&e->node, &pool->entries);
	pool->count++;
	spin_unlock(&pool->lock);
	return 0;
}

static int rng_pool_del(struct rng_pool *pool, u32 id)
{
	struct rng_entry *e;

	spin_lock(&pool->lock);
	e = __rng_pool_find(pool, id);
	if (e) {
		list_del(&e->node);
		pool->count--;
	}
	spin_unlock(&pool->lock);
	kfree(e);
	return e ? 0 : -ENOENT;
}

int rpool_register(u32 id, u16 quality)
{
	return rng_pool_add(&the_pool, id, quality);
}
EXPORT_SYMBOL_GPL(rpool_register);

int rpool_unregister(u32 id)
{
	return rng_pool_del(&the_pool, id);
}
EXPORT_SYMBOL_GPL(rpool_unregister);

MODULE_LICENSE("GPL");
