#include <linux/interrupt.h>
#include <linux/spinlock.h>

struct quux {
	spinlock_t lock;
	int irq;
	int count;
};

static irqreturn_t quux_irq(int irq, void *data)
{
	struct quux *q = data;

	spin_lock(&q->lock);
	q->count++;
	spin_unlock(&q->lock);
	return IRQ_HANDLED;
}

int quux_start(struct quux *q)
{
	return request_irq(q->irq, quux_irq, 0, "quux", q);
}

+int quux_count(struct quux *q)
+{
+	int count;
+
+	spin_lock(&q->lock);
+	count = q->count;
+	q->count = 0;
+	spin_unlock(&q->lock);
+	return count;
+}
