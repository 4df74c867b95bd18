#include <linux/mutex.h>

struct quux {
	struct mutex lock;
	int level;
	int limit;
};

int quux_set(struct quux *q, int level)
{
	mutex_lock(&q->lock);
+	if (level > q->limit)
+		return -EINVAL;
	q->level = level;
	mutex_unlock(&q->lock);
	return 0;
}
