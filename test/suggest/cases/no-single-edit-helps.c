#include <linux/mutex.h>

struct quux {
	struct mutex lock;
	int level;
};

int quux_level(struct quux *q)
{
	int level;

	mutex_lock(&q->lock);
	level = q->level;
	mutex_unlock(&q->lock);
	return level;
}

int quux_raise(struct quux *q)
{
	int ret;

	mutex_lock(&q->lock);
	ret = q->level;
+	if (ret < 10)
+		ret = quux_level(q) + 1;
	q->level = ret;
	mutex_unlock(&q->lock);
	return ret;
}
