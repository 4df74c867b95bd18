// Nodes of a tree go in and out under a lock.
// simulate: erase_bare insert_bare
// simulate: erase_locked insert_locked
#include <linux/rbtree.h>

struct range {
	struct rb_node node;
	unsigned long start;
};

struct space {
	spinlock_t lock;
	struct rb_root ranges;
};

void insert_bare(struct space *space, struct range *range)
{
	rb_insert_color(&range->node, &space->ranges);
}

void erase_bare(struct space *space, struct range *range)
{
	rb_erase(&range->node, &space->ranges);
}

void insert_locked(struct space *space, struct range *range)
{
	spin_lock(&space->lock);
	rb_insert_color(&range->node, &space->ranges);
	spin_unlock(&space->lock);
}

void erase_locked(struct space *space, struct range *range)
{
	spin_lock(&space->lock);
	rb_erase(&range->node, &space->ranges);
	spin_unlock(&space->lock);
}
