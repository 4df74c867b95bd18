import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Locks that only some of those who meet take, who is called until a file is removed, and what a mail allows. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const SUBJECT = 'quux: serialize updates of the control register';
const WORDS = 'The limit jumps back when it is changed while the alarm is handled.';
const THREAD = (object: string): string => `
 	struct device *dev;
+	struct mutex ctrl_lock;
 };
 
 static irqreturn_t quux_irq_thread(int irq, void *data)
 {
 	struct quux *q = ${object};
 	int ctrl;
 
+	mutex_lock(&q->ctrl_lock);
 	ctrl = i2c_smbus_read_word_data(q->client, QUUX_CTRL);
 	ctrl |= QUUX_MASKED;
 	i2c_smbus_write_word_data(q->client, QUUX_CTRL, ctrl);
+	mutex_unlock(&q->ctrl_lock);
 	return IRQ_HANDLED;
 }
`;
const STORE = `
 static void quux_set_limit(struct quux *q, int limit)
 {
 	int ctrl;
 
+	mutex_lock(&q->ctrl_lock);
 	ctrl = i2c_smbus_read_word_data(q->client, QUUX_CTRL);
 	ctrl = (ctrl & ~QUUX_LIMIT) | limit;
 	i2c_smbus_write_word_data(q->client, QUUX_CTRL, ctrl);
+	mutex_unlock(&q->ctrl_lock);
 }
`;

describe('a lock that the patch brings', () => {
	it('keeps nobody out where only one takes it, who never meets himself', async () =>
		expect(await saidOfHunk(analyzer, WORDS, 'struct quux {', THREAD('data'), SUBJECT)).toBe('still-fails: lost-data'));
	it('does where the other one takes it as well', async () =>
		expect(await saidOfHunk(analyzer, WORDS, 'struct quux {', THREAD('data').trimEnd() + STORE, SUBJECT)).toMatch(/^fixes: /));
	it('may where several of them share it', async () =>
		expect(await saidOfHunk(analyzer, WORDS, 'struct quux {', THREAD('((struct quux_port *)data)->parent'), SUBJECT)).toMatch(/^fixes: /));
	it('is not held by the handler that the report is of', async () => {
		const hunk = `
 	struct device *dev;
+	struct mutex lock;
 };
 
 int quux_watch(struct quux *q, struct quux_watch *w)
 {
+	mutex_lock(&q->lock);
 	list_add_tail(&w->node, &q->watches);
+	mutex_unlock(&q->lock);
 	return 0;
 }
`;
		expect(await saidOfHunk(analyzer, 'Unable to handle kernel paging request at virtual address dead000000000100\npc : quux_event_thread+0x7c/0xc8', 'struct quux {', hunk, 'quux: protect the list of watches')).toBe('still-fails: use-after-free');
		expect(await saidOfHunk(analyzer, 'Unable to handle kernel paging request at virtual address dead000000000100\npc : quux_watch+0x7c/0xc8', 'struct quux {', hunk, 'quux: protect the list of watches')).toMatch(/^fixes: /);
	});
});

describe('the file of an attribute', () => {
	const file = (removal: string): string => `
 static ssize_t limit_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
 {
 	struct quux *q = dev_get_drvdata(dev);
 
 	spin_lock_bh(&q->lock);
+	q->limited++;
 	q->limit = count;
 	spin_unlock_bh(&q->lock);
 	return count;
 }
 static DEVICE_ATTR_WO(limit);
 
 static void quux_remove(struct platform_device *pdev)
 {
 	struct quux *q = platform_get_drvdata(pdev);
 
+	q->limited = 0;
${removal}+	kfree(q);
 }
`;
	it('is written to till it is removed', async () => expect(await saidOfFile(analyzer, 'quux', 'free the device', file(''))).toBe('introduces: use-after-free'));
	it('is not after that', async () => expect(await saidOfFile(analyzer, 'quux', 'free the device', file(' 	device_remove_file(&pdev->dev, &dev_attr_limit);\n'))).toBe('no-failure'));
});

describe('that a function may sleep', () => {
	const hunk = `
 	struct quux_owner *ow;
 
 	spin_lock(&q->lock);
 	ow = quux_owner_find(q, id);
+	if (!ow && !spare) {
+		spin_unlock(&q->lock);
+		spare = quux_owner_alloc(GFP_NOFS);
+		goto again;
+	}
 	ow->users++;
 	spin_unlock(&q->lock);
 	return ow;
`;
	it('is no trouble where it lets it', async () =>
		expect(await saidOfHunk(analyzer, 'There is no need for that, as quux_owner_get() may sleep.', 'struct quux_owner *quux_owner_get(struct quux *q, u64 id)', hunk, 'quux: do not allocate owners with GFP_ATOMIC')).toBe('no-failure'));
});

describe('a lock of a field whose struct nobody shows', () => {
	it('is not where what the field holds is', async () => expect(await saidOfFile(analyzer, 'quux', 'hold the lock while a context is looked up', `
 static struct quux_ctx *quux_lookup(struct quux_file *f, u32 id)
 {
 	struct quux_ctx *ctx;
 
+	xa_lock(&f->contexts);
 	ctx = xa_load(&f->contexts, id);
 	if (ctx)
 		refcount_inc(&ctx->refs);
+	xa_unlock(&f->contexts);
 	return ctx;
 }
 
 static void quux_put(struct quux_ctx *ctx)
 {
 	if (refcount_dec_and_test(&ctx->refs))
 		kfree(ctx);
 }
 
 int quux_create(struct quux_file *f, u32 *id)
 {
 	struct quux_ctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
 
 	if (!ctx)
 		return -ENOMEM;
 	refcount_set(&ctx->refs, 1);
 	return xa_alloc(&f->contexts, id, ctx, xa_limit_31b, GFP_KERNEL);
 }
 
 int quux_destroy(struct quux_file *f, u32 id)
 {
 	struct quux_ctx *ctx = xa_erase(&f->contexts, id);
 
 	if (!ctx)
 		return -ENOENT;
 	quux_put(ctx);
 	return 0;
 }
 
 int quux_submit(struct quux_file *f, u32 id)
 {
 	struct quux_ctx *ctx = quux_lookup(f, id);
 
 	if (!ctx)
 		return -ENOENT;
 	mutex_lock(&ctx->lock);
 	ctx->submitted++;
 	mutex_unlock(&ctx->lock);
 	quux_put(ctx);
 	return 0;
 }
`, true)).toMatch(/^fixes: /));
});

describe('a label that nobody shows', () => {
	const hunk = (first: string): string => `
 		return ret;
 	}
 
-	down_write(&q->sem);
+	ret = down_write_killable(&q->sem);
+	if (ret)
+		${first}
 	if (quux_lookup(q, name)) {
 		ret = -EEXIST;
 		goto out;
 	}
 	ret = quux_add(q, name);
`;
	const said = (first: string): Promise<string> => saidOfHunk(analyzer, 'Let who waits be killed.', 'int quux_create(struct quux *q, const char *name)', hunk(first), 'quux: make the creation killable');
	it('releases what is held wherever the code goes there', async () => expect(await said('goto out;')).toBe('introduces: unlock-not-held'));
	it('is not the one that the failed lock goes to', async () => expect(await said('goto out_free;')).toBe('no-failure'));
	it('need not be passed', async () => expect(await said('return ret;')).toBe('no-failure'));
});

describe('a lock that is taken with less kept out', () => {
	const hunk = (weak: string): string => `
 	struct quux *q = filp->private_data;
-	unsigned long flags;
 
-	spin_lock_irqsave(&q->lock, flags);
+	${weak}(&q->lock);
 	q->tail = q->head;
-	spin_unlock_irqrestore(&q->lock, flags);
+	${weak.replace('lock', 'unlock')}(&q->lock);
 	return 0;
 }
`;
	const said = (weak: string, words: string): Promise<string> =>
		saidOfHunk(analyzer, words, 'static long quux_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)', hunk(weak), 'quux: simplify locking in the ioctl');
	it('is let in on where only its caller is said to be no interrupt', async () => expect(await said('spin_lock', 'The ioctl is only called from process\ncontext with interrupts enabled.')).toBe('introduces: irq-unsafe-lock'));
	it('is not where interrupts stay off', async () => expect(await said('spin_lock_irq', 'The ioctl is only called from process context with interrupts enabled.')).toBe('no-failure'));
	it('nor where no interrupt takes it', async () => expect(await said('spin_lock', 'The ioctl is called from process context. The lock is never taken in an interrupt.')).toBe('no-failure'));
	it('nor where softirqs are kept out, of which alone the mail speaks', async () => expect(await said('spin_lock_bh', 'The ioctl is called from process context, and the only other user is the timer.')).toBe('no-failure'));
	const harder = (words: string): Promise<string> => saidOfHunk(analyzer, words, 'static void quux_enable(struct quux *q, u32 bits)', `
 
-	spin_lock(&q->lock);
+	spin_lock_bh(&q->lock);
 	q->mask |= bits;
-	spin_unlock(&q->lock);
+	spin_unlock_bh(&q->lock);
 }
`, 'quux: fix a lockup');
	it('is still open to the interrupt that the mail speaks of', async () => expect(await harder('If the PHY interrupt comes in on the same CPU, whose handler takes q->lock too, we lock up.')).toBe('still-fails: irq-unsafe-lock'));
	it('is not to a softirq', async () => expect(await harder('If the tasklet, which takes q->lock too, runs on the same CPU, we lock up.')).toBe('fixes: irq-unsafe-lock'));
});

const COUNTED = (put: string, removed: string): string => `
#include <linux/kref.h>
struct quux { struct mutex lock; struct idr idr; };
struct item { struct kref ref; struct quux *q; int id; };
static void item_release(struct kref *ref)
{
	struct item *item = container_of(ref, struct item, ref);

${removed}
	kfree(item);
}
void item_put(struct item *item)
{
${put}
}
struct item *item_lookup(struct quux *q, int id)
{
	struct item *item;

	mutex_lock(&q->lock);
	item = idr_find(&q->idr, id);
	if (item)
		kref_get(&item->ref);
	mutex_unlock(&q->lock);
	return item;
}
`;
const PUT = '	kref_put(&item->ref, item_release);';
const REMOVED = '	idr_remove(&item->q->idr, item->id);';
describe('an entry taken out at the last put', () => {
	const said = (file: string): Promise<string> => saidOfFile(analyzer, 'quux', 'fix a race of item_put() with item_lookup()', file, true);
	it('under the lock of the lookup alone is still found with a count of 0', async () =>
		expect(await said(COUNTED(PUT, `+	mutex_lock(&item->q->lock);\n${REMOVED}\n+	mutex_unlock(&item->q->lock);`))).toBe('still-fails: resurrection'));
	it('is not when the lock is held from the put on', async () =>
		expect(await said(COUNTED(`-${PUT}\n+	struct quux *q = item->q;\n+\n+	if (kref_put_mutex(&item->ref, item_release, &q->lock))\n+		mutex_unlock(&q->lock);`, REMOVED))).toBe('fixes: resurrection, use-after-free'));
});
