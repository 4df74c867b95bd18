#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/string.h>

struct cst_node {
	struct list_head lru;
	struct mutex lock;
	char name[64];
	unsigned int nlink;
	bool dirty;
};

struct cst_tree {
	struct mutex lock;
	struct list_head lru;
	unsigned long renames;
	unsigned long links;
};

int cst_rename(struct cst_tree *t, struct cst_node *n, const char *name)
{
	if (strlen(name) >= sizeof(n->name))
		return -ENAMETOOLONG;

	mutex_lock(&n->lock);
	mutex_lock(&t->lock);
	strcpy(n->name, name);
	n->dirty = true;
	t->renames++;
	mutex_unlock(&t->lock);
	mutex_unlock(&n->lock);
	return 0;
}

int cst_link(struct cst_tree *t, struct cst_node *n)
{
	int ret = 0;

	mutex_lock(&t->lock);
	mutex_lock(&n->lock);
	if (n->nlink >= 255) {
		ret = -EMLINK;
		goto out;
	}
	n->nlink++;
	list_move_tail(&n->lru, &t->lru);
	t->links++;
out:
	mutex_unlock(&n->lock);
	mutex_unlock(&t->lock);
	return ret;
}

unsigned int cst_evict(struct cst_tree *t, unsigned int nr)
{
	struct cst_node *n, *tmp;
	unsigned int done = 0;

	mutex_lock(&t->lock);
	list_for_each_entry_safe(n, tmp, &t->lru, lru) {
		if (done == nr)
			break;
		mutex_lock(&n->lock);
		if (!n->dirty && !n->nlink) {
			list_del_init(&n->lru);
			done++;
		}
		mutex_unlock(&n->lock);
	}
	mutex_unlock(&t->lock);
	return done;
}

void cst_tree_init(struct cst_tree *t)
{
	mutex_init(&t->lock);
	INIT_LIST_HEAD(&t->lru);
}
