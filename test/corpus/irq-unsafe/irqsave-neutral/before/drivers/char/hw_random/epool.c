#include <linux/hw_random.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct ent_entry {
	struct list_head node;
	u32 id;
	u16 quality;
};

struct ent_pool {
	spinlock_t lock;
	struct list_head entries;
	unsigned int count;
};

static struct ent_pool the_pool = {
	.lock = __SPIN_LOCK_UNLOCKED(the_pool.lock),
	.entries = LIST_HEAD_INIT(the_pool.entries),
};

static struct ent_entry *__ent_pool_find(struct ent_pool *pool, u32 id)
{
	struct ent_entry *e;

	list_for_each_entry(e, &pool->entries, node)
		if (e->id == id)
			return e;
	return NULL;
}

static int ent_pool_add(struct ent_pool *pool, u32 id, u16 quality)
{
	struct ent_entry *e;

	e = kzalloc(sizeof(*e), GFP_KERNEL);
	if (!e)
		return -ENOMEM;
	e->id = id;
	e->quality = quality;

	spin_lock(&pool->lock);
	if (__ent_pool_find(pool, id)) {
		spin_unlock(&pool->lock);
		kfree(e);
		return -EEXIST;
	}
	list_add_tail(&e->node, &pool->entries);
	pool->count++;
	spin_unlock(&pool->lock);
	return 0;
}

static int ent_pool_del(struct ent_pool *pool, u32 id)
{
	struct ent_entry *e;

	spin_lock(&pool->lock);
	e = __ent_pool_find(pool, id);
	if (e) {
		list_del(&e->node);
		pool->count--;
	}
	spin_unlock(&pool->lock);
	kfree(e);
	return e ? 0 : -ENOENT;
}

int epool_register(u32 id, u16 quality)
{
	return ent_pool_add(&the_pool, id, quality);
}
EXPORT_SYMBOL_GPL(epool_register);

int epool_unregister(u32 id)
{
	return ent_pool_del(&the_pool, id);
}
EXPORT_SYMBOL_GPL(epool_unregister);

MODULE_LICENSE("GPL");
