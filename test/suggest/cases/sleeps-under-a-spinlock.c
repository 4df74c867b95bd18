#include <linux/slab.h>
#include <linux/spinlock.h>

struct quux {
	spinlock_t lock;
	void *buffer;
};

int quux_fill(struct quux *q)
{
	spin_lock(&q->lock);
-	q->buffer = kmalloc(64, GFP_ATOMIC);
+	q->buffer = kzalloc(128, GFP_KERNEL);
	spin_unlock(&q->lock);
	return 0;
}
