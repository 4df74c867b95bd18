import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** What is stopped before those who might start it again: where all of them are in sight, they either do or do not. */
const check = fileCheck('quay', 'stop it first');
const file = (body: string): string => `
struct quay {
	struct hrtimer timer;
	struct notifier_block nb;
	int irq;
	u32 *ring;
};

static enum hrtimer_restart quay_timer(struct hrtimer *t)
{
	struct quay *q = container_of(t, struct quay, timer);

	q->ring[0]++;
	return HRTIMER_NORESTART;
}

static irqreturn_t quay_irq(int irq, void *data)
{
	struct quay *q = data;

	q->ring[1]++;
${body}	return IRQ_HANDLED;
}

int quay_probe(struct quay *q)
{
	q->ring = kcalloc(8, sizeof(*q->ring), GFP_KERNEL);
	if (!q->ring)
		return -ENOMEM;
	hrtimer_init(&q->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	q->timer.function = quay_timer;
	return request_irq(q->irq, quay_irq, 0, "quay", q);
}

void quay_remove(struct quay *q)
{
+	hrtimer_cancel(&q->timer);
	free_irq(q->irq, q);
-	hrtimer_cancel(&q->timer);
	kfree(q->ring);
	kfree(q);
}
`;
describe('a timer that is stopped before the interrupt', () => {
	it('which starts it', () => check(file('	hrtimer_start(&q->timer, 0, HRTIMER_MODE_REL);\n'), 'introduces: use-after-free'));
	it('which does not', () => check(file(''), 'pre-existing'));
});
