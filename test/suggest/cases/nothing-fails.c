#include <linux/spinlock.h>

struct quux {
	spinlock_t lock;
	int users;
};

void quux_join(struct quux *q)
{
+	spin_lock(&q->lock);
	q->users++;
+	spin_unlock(&q->lock);
}

void quux_leave(struct quux *q)
{
	spin_lock(&q->lock);
	q->users--;
	spin_unlock(&q->lock);
}
