import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** A callback that a statement stores where its struct keeps it, and a slot that a statement fills. */
describe('a callback that is stored in a field', () => {
	const check = fileCheck('quux', 'stop it later');
	const file = (arm: string, stop: string): string => `
struct quux { struct hrtimer timer; int ticks; };
static enum hrtimer_restart quux_tick(struct hrtimer *t)
{
	struct quux *q = container_of(t, struct quux, timer);

	q->ticks++;
	return HRTIMER_NORESTART;
}
int quux_start(struct quux *q)
{
	${arm}
	hrtimer_start(&q->timer, ktime_set(0, 1000), HRTIMER_MODE_REL);
	return 0;
}
void quux_stop(struct quux *q)
{
	${stop}
	kfree(q);
}
`;
	const stored = 'hrtimer_init(&q->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);\n\tq->timer.function = quux_tick;';
	const handed = 'hrtimer_setup(&q->timer, quux_tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL);';
	it('runs as one that a call is handed', async () => {
		for (const arm of [stored, handed]) await check(file(arm, '-	hrtimer_cancel(&q->timer);'.trim()).replace('\t-', '-'), 'introduces: use-after-free');
	});
	it('is as quiet where it is waited for, and where only the way it is set up changes', async () => {
		await check(file(stored, 'hrtimer_cancel(&q->timer);').replace(`	${stored}`, `-	${stored.replace('\n', '\n-')}\n+	${handed}`), 'no-failure');
	});
});

describe('the role of a function that a statement puts into a slot', () => {
	const check = fileCheck('quux', 'allocate the buffer in advance');
	const file = (slot: string): string => `
struct quux { struct device dev; void *buf; };
static int quux_open(struct inode *inode, struct file *file)
{
	struct quux *q = file->private_data;

-	get_device(&q->dev);
	q->buf = NULL;
+	get_device(&q->dev);
	return 0;
}
static void quux_gone(struct device *dev)
{
	struct quux *q = container_of(dev, struct quux, dev);

	kfree(q->buf);
	kfree(q);
}
int quux_add(struct quux *q)
{
	device_initialize(&q->dev);
	q->dev.${slot} = quux_gone;
	return device_add(&q->dev);
}
static const struct file_operations quux_fops = { .open = quux_open };
`;
	it('keeps it apart from whoever has a reference', () => check(file('release'), 'no-failure'));
});
