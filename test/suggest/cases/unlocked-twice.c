#include <linux/mutex.h>

struct quux {
	struct mutex lock;
	int ready;
};

int quux_use(struct quux *q)
{
	mutex_lock(&q->lock);
	if (!q->ready) {
+		mutex_unlock(&q->lock);
		goto out;
	}
	q->ready = 0;
out:
	mutex_unlock(&q->lock);
	return 0;
}
