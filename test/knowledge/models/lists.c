// Lists change under a lock, or two changes overlap.
// simulate: add_unlocked add_unlocked_too
// simulate: add_locked del_locked
// simulate: del_racing del_again
#include <linux/list.h>

struct item {
	struct list_head node;
	int value;
};

struct pool {
	spinlock_t lock;
	struct list_head items;
};

void add_unlocked(struct pool *pool, struct item *item)
{
	list_add_tail(&item->node, &pool->items);
}

void add_unlocked_too(struct pool *pool)
{
	struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

	if (item)
		list_add(&item->node, &pool->items);
}

void add_locked(struct pool *pool, struct item *item)
{
	spin_lock(&pool->lock);
	list_add_tail(&item->node, &pool->items);
	spin_unlock(&pool->lock);
}

void del_locked(struct pool *pool)
{
	struct item *item, *next;

	spin_lock(&pool->lock);
	list_for_each_entry_safe(item, next, &pool->items, node)
		list_del(&item->node);
	spin_unlock(&pool->lock);
}

void del_racing(struct pool *pool)
{
	struct item *item;

	item = list_first_entry_or_null(&pool->items, struct item, node);
	if (!item)
		return;
	spin_lock(&pool->lock);
	list_del(&item->node);
	spin_unlock(&pool->lock);
}

void del_again(struct pool *pool)
{
	struct item *item;

	item = list_first_entry_or_null(&pool->items, struct item, node);
	if (!item)
		return;
	spin_lock(&pool->lock);
	list_del(&item->node);
	spin_unlock(&pool->lock);
}
