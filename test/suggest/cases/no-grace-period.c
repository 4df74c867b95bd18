#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

struct quux {
	int level;
	struct rcu_head rcu;
};

static struct quux __rcu *current_quux;
static DEFINE_MUTEX(quux_lock);

int quux_level(void)
{
	struct quux *q;
	int level = 0;

	rcu_read_lock();
	q = rcu_dereference(current_quux);
	if (q)
		level = q->level;
	rcu_read_unlock();
	return level;
}

void quux_replace(struct quux *q)
{
	struct quux *old;

	mutex_lock(&quux_lock);
	old = rcu_dereference_protected(current_quux, lockdep_is_held(&quux_lock));
	rcu_assign_pointer(current_quux, q);
	mutex_unlock(&quux_lock);
-	kfree_rcu(old, rcu);
+	kfree(old);
}
