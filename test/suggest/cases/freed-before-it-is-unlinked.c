#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct quux {
	struct list_head node;
	int id;
};

static LIST_HEAD(quux_list);
static DEFINE_SPINLOCK(quux_lock);

int quux_sum(void)
{
	struct quux *q;
	int sum = 0;

	spin_lock(&quux_lock);
	list_for_each_entry(q, &quux_list, node)
		sum += q->id;
	spin_unlock(&quux_lock);
	return sum;
}

void quux_del(struct quux *q)
{
+	kfree(q);
	spin_lock(&quux_lock);
	list_del(&q->node);
	spin_unlock(&quux_lock);
-	kfree(q);
}
