import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { fileMail, saidOf } from './hunk-mail';

/** Who still runs while what it uses goes away, who waits behind the first one, and mails that speak of it: each beside one with which all is well. Whole made-up files. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(file: string, expected: RegExp, words = '', subject = 'rework'): Promise<void> {
	const before = `${file.replace(/^\n/, '').split('\n').filter((line) => !line.startsWith('+')).map((line) => line.replace(/^-/, '')).join('\n')}`;
	const mail = fileMail('plum', subject, file).replace('\n\n---', `\n\n${words}\n---`);
	expect(await saidOf(analyzer, mail, { read: (path: string) => (path === 'plum.c' ? before : null) })).toMatch(expected);
}

describe('what a notifier uses', () => {
	const file = (remove: string): string => `
struct plum { struct notifier_block nb; spinlock_t lock; int *hist; int pos; };
static int plum_notify(struct notifier_block *nb, unsigned long what, void *data)
{
	struct plum *p = container_of(nb, struct plum, nb);

	spin_lock(&p->lock);
	p->hist[p->pos++] = what;
	spin_unlock(&p->lock);
	return NOTIFY_OK;
}
static int plum_probe(struct platform_device *pdev)
{
	struct plum *p = platform_get_drvdata(pdev);

	p->nb.notifier_call = plum_notify;
	return fruit_reg_notifier(&p->nb);
}
static void plum_remove(struct platform_device *pdev)
{
	struct plum *p = platform_get_drvdata(pdev);

${remove}
}
static struct platform_driver plum_driver = { .probe = plum_probe, .remove = plum_remove };
`;
	it('is freed before it is taken off its chain, behind what takes off an attribute', () => check(file('	device_remove_file(&pdev->dev, &dev_attr_hist);\n-	fruit_unreg_notifier(&p->nb);\n	kfree(p->hist);\n+	fruit_unreg_notifier(&p->nb);'), /^introduces: use-after-free$/));
	it('is freed behind that, which comes before the attribute now', () => check(file('+	fruit_unreg_notifier(&p->nb);\n	device_remove_file(&pdev->dev, &dev_attr_hist);\n-	fruit_unreg_notifier(&p->nb);\n	kfree(p->hist);'), /^no-failure$/));
});

describe('an interrupt around a change', () => {
	const file = (off: string): string => `
struct ring { int head; };
struct plum { struct mutex lock; struct ring *ring; int irq; };
static irqreturn_t plum_irq(int irq, void *data)
{
	struct plum *p = data;
	struct ring *ring = READ_ONCE(p->ring);

	ring->head++;
	return IRQ_HANDLED;
}
static ssize_t size_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	struct plum *p = dev_get_drvdata(dev);
	struct ring *new, *old;

	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	mutex_lock(&p->lock);
+	${off}(p->irq);
	old = p->ring;
	WRITE_ONCE(p->ring, new);
	kfree(old);
+	enable_irq(p->irq);
	mutex_unlock(&p->lock);
	return count;
}
static DEVICE_ATTR_WO(size);
static int plum_probe(struct platform_device *pdev)
{
	struct plum *p = platform_get_drvdata(pdev);

	return devm_request_irq(&pdev->dev, p->irq, plum_irq, 0, "plum", p);
}
`;
	const WORDS = 'Keep the handler from running while the ring is exchanged.';
	it('is kept off, and not waited for', () => check(file('disable_irq_nosync'), /^still-fails: use-after-free$/, WORDS));
	it('is kept off and waited for', () => check(file('disable_irq'), /^fixes: use-after-free$/, WORDS));
});

describe('one waiter is let go in the place of all, where some bits of a register say so', () => {
	const file = (others: string): string => `
struct plum { void __iomem *regs; struct completion ready; u32 version; };
static irqreturn_t plum_irq(int irq, void *data)
{
	struct plum *p = data;
	u32 msg = readl(p->regs);

	if ((msg & 0xffff) == 0xb007) {
		p->version = msg >> 16;
-		complete_all(&p->ready);
+		complete(&p->ready);
	}
	return IRQ_HANDLED;
}
static int plum_wait(struct plum *p)
{
	return wait_for_completion_interruptible(&p->ready);
}
static ssize_t version_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct plum *p = dev_get_drvdata(dev);

	return plum_wait(p) ?: sysfs_emit(buf, "%u", p->version);
}
${others}
static int plum_probe(struct platform_device *pdev)
{
	struct plum *p = platform_get_drvdata(pdev);

	init_completion(&p->ready);
	return devm_request_irq(&pdev->dev, 1, plum_irq, 0, "plum", p);
}
`;
	const WORDS = 'The message comes once, so there is one event to signal. No functional change.';
	it('and several call who waits', () => check(file('int plum_send(struct plum *p)\n{\n	return plum_wait(p);\n}'), /^introduces: deadlock/, WORDS));
	it('and one does', () => check(file(''), /^no-failure$/, WORDS));
});

describe('a completion behind the unlock', () => {
	const file = (waiter: string): string => `
struct plum { spinlock_t lock; struct completion done; int len; };
irqreturn_t plum_irq(int irq, void *data)
{
	struct plum *p = data;

	spin_lock(&p->lock);
	p->len = 1;
-	complete(&p->done);
	spin_unlock(&p->lock);
+	complete(&p->done);
	return IRQ_HANDLED;
}
int plum_request(struct plum *p)
{
	wait_for_completion(&p->done);
${waiter}
	return 0;
}
`;
	it('of what lives as long as the device', () => check(file('	spin_lock(&p->lock);\n	p->len = 0;\n	spin_unlock(&p->lock);'), /^no-failure$/, 'The completion lives as long as the device, and the interrupt is freed before the device.', 'complete after the lock was dropped'));
	it('of what the waiter frees', () => check(file('	kfree(p);'), /^fixes: use-after-free$/, 'The waiter frees it.', 'complete after the lock was dropped'));
});

describe('a flag for who comes when the device has gone', () => {
	const file = (test: string, set: string): string => `
struct plum { struct kref ref; struct mutex lock; u8 *buf; bool gone; };
static ssize_t plum_read(struct file *file, char __user *to, size_t len, loff_t *pos)
{
	struct plum *p = file->private_data;
	int ret = 0;

${test}
	ret = p->buf[0];
+out:
	mutex_unlock(&p->lock);
	return ret;
}
static const struct file_operations plum_fops = { .read = plum_read };
static void plum_disconnect(struct usb_interface *intf)
{
	struct plum *p = usb_get_intfdata(intf);

${set}
	kfree(p->buf);
	kref_put(&p->ref, plum_delete);
}
static struct usb_driver plum_driver = { .disconnect = plum_disconnect };
`;
	const WORDS = 'A process which holds the device open can call read() after it was unplugged, and we then use the freed transfer buffer. Remember that in a flag.';
	it('is asked before the lock, and set without it', () => check(file('+	if (READ_ONCE(p->gone))\n+		return -ENODEV;\n	mutex_lock(&p->lock);', '+	WRITE_ONCE(p->gone, true);').replace('+out:\n', ''), /^still-fails: use-after-free/, WORDS, 'fail I/O after the device was unplugged'));
	it('is asked and set under it', () => check(file('	mutex_lock(&p->lock);\n+	if (p->gone) {\n+		ret = -ENODEV;\n+		goto out;\n+	}', '+	mutex_lock(&p->lock);\n+	p->gone = true;\n+	mutex_unlock(&p->lock);'), /^fixes: use-after-free/, WORDS, 'fail I/O after the device was unplugged'));
});
