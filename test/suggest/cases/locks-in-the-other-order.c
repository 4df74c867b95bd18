#include <linux/mutex.h>

struct quux {
	struct mutex lock;
	struct mutex list_lock;
	int a;
	int b;
};

void quux_add(struct quux *q)
{
	mutex_lock(&q->lock);
	mutex_lock(&q->list_lock);
	q->a = q->b;
	mutex_unlock(&q->list_lock);
	mutex_unlock(&q->lock);
}

void quux_drop(struct quux *q)
{
+	mutex_lock(&q->list_lock);
	mutex_lock(&q->lock);
-	mutex_lock(&q->list_lock);
	q->b = q->a;
	mutex_unlock(&q->list_lock);
	mutex_unlock(&q->lock);
}
