import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Remedies of whole made-up files that leave what two of their functions do to each other, each beside the one that ends it. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(subject: string, file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'fern', subject, file, true)).toBe(expected);
}

const REMOVE = (first: string, then: string): string => `
struct fern { struct work_struct work; int irq; u32 seen; };
static void fern_work(struct work_struct *work)
{
	struct fern *f = container_of(work, struct fern, work);
	f->seen++;
}
static irqreturn_t fern_irq(int irq, void *data)
{
	struct fern *f = data;
	schedule_work(&f->work);
	return IRQ_HANDLED;
}
static int fern_probe(struct fern *f)
{
	INIT_WORK(&f->work, fern_work);
	return request_threaded_irq(f->irq, NULL, fern_irq, IRQF_ONESHOT, "fern", f);
}
static void fern_remove(struct fern *f)
{
${first}	free_irq(f->irq, f);
${then}	kfree(f);
}
`;
describe('a work item cancelled', () => {
	it('before the interrupt that starts it', () => check('fix use after free of the work item', REMOVE('+	cancel_work_sync(&f->work);\n', ''), 'still-fails: use-after-free'));
	it('behind it', () => check('fix use after free of the work item', REMOVE('', '+	cancel_work_sync(&f->work);\n'), 'fixes: use-after-free'));
});

const FIND = (...lines: readonly string[]): string => `
struct fern { struct kref ref; int id; };
static DEFINE_IDR(ferns);
static DEFINE_MUTEX(ferns_lock);
static void fern_release(struct kref *ref)
{
	struct fern *f = container_of(ref, struct fern, ref);
	mutex_lock(&ferns_lock);
	idr_remove(&ferns, f->id);
	mutex_unlock(&ferns_lock);
	kfree(f);
}
void fern_put(struct fern *f)
{
	kref_put(&f->ref, fern_release);
}
struct fern *fern_get(int id)
{
	struct fern *f;
	mutex_lock(&ferns_lock);
	f = idr_find(&ferns, id);
-	mutex_unlock(&ferns_lock);
-	if (f)
-		kref_get(&f->ref);
${lines.join('\n')}
+	mutex_unlock(&ferns_lock);
	return f;
}
`;
describe('a reference taken under the lock', () => {
	it('may be one of none', () => check('fix use after free in the lookup', FIND('+	if (f)', '+		kref_get(&f->ref);'), 'still-fails: resurrection'));
	it('unless there is none', () => check('fix use after free in the lookup', FIND('+	if (f && !kref_get_unless_zero(&f->ref))', '+		f = NULL;'), 'fixes: resurrection, use-after-free'));
});

const DRAIN = (...lines: readonly string[]): string => `
struct fern { wait_queue_head_t wq; int busy; };
void fern_done(struct fern *f)
{
	f->busy = 0;
	wake_up(&f->wq);
}
void fern_drain(struct fern *f)
{
	DEFINE_WAIT(wait);
-	while (f->busy) {
-		prepare_to_wait(&f->wq, &wait, TASK_UNINTERRUPTIBLE);
${lines.join('\n')}
		schedule();
	}
	finish_wait(&f->wq, &wait);
}
`;
describe('a wake-up that was missed', () => {
	it('is so where the test still comes first', () => check('fix a lost wake-up', DRAIN('+	while (READ_ONCE(f->busy)) {', '+		prepare_to_wait(&f->wq, &wait, TASK_UNINTERRUPTIBLE);'), 'still-fails: deadlock'));
	it('is not where it comes second', () => check('fix a lost wake-up', DRAIN('+	for (;;) {', '+		prepare_to_wait(&f->wq, &wait, TASK_UNINTERRUPTIBLE);', '+		if (!f->busy)', '+			break;'), 'fixes: deadlock'));
});

const USE = (reads: string, resets: string): string => `
struct fern_buf { u32 len; };
struct fern { spinlock_t lock; struct fern_buf *buf; };
void fern_reset(struct fern *f)
{
${resets}
}
int fern_len(struct fern *f)
{
	int len = 0;
${reads}
	return len;
}
`;
describe('a lock around the use', () => {
	const READS = '-	if (f->buf)\n-		len = f->buf->len;\n+	spin_lock(&f->lock);\n+	if (f->buf)\n+		len = f->buf->len;\n+	spin_unlock(&f->lock);';
	const FREES = '	kfree(f->buf);\n	f->buf = NULL;';
	it('is none where the other one frees without it', () => check('fix use after free in fern_len()', USE(READS, FREES), 'still-fails: use-after-free'));
	it('is one where both take it', () => check('fix use after free in fern_len()', USE(READS, `+	spin_lock(&f->lock);\n${FREES}\n+	spin_unlock(&f->lock);`), 'fixes: check-then-act, use-after-free'));
});

const MODE = (same: string): string => `
struct fern { struct mutex lock; int mode, level; };
static void fern_set_level(struct fern *f, int level)
{
	mutex_lock(&f->lock);
	f->level = level;
	mutex_unlock(&f->lock);
}
int fern_set_mode(struct fern *f, int mode)
{
	mutex_lock(&f->lock);
	if (mode == f->mode) {
${same}
		mutex_unlock(&f->lock);
		return 0;
	}
	f->mode = mode;
-	fern_set_level(f, 1);
+	f->level = 1;
	mutex_unlock(&f->lock);
	return 0;
}
`;
describe('a lock taken twice', () => {
	it('on another path still', () => check('fix deadlock in fern_set_mode()', MODE('		fern_set_level(f, 0);'), 'still-fails: deadlock'));
	it('on none', () => check('fix deadlock in fern_set_mode()', MODE('-		fern_set_level(f, 0);\n+		f->level = 0;'), 'fixes: deadlock'));
});

const COUNT = (drop: string): string => `
struct fern { struct list_head node; atomic_t refs; spinlock_t lock; u64 id; u32 seen; };
struct fern_bed { spinlock_t lock; struct list_head ferns; };
static struct fern *fern_get(struct fern_bed *bed, u64 id)
{
	struct fern *f, *found = NULL;
	spin_lock(&bed->lock);
	list_for_each_entry(f, &bed->ferns, node) {
		if (f->id == id) {
+			atomic_inc(&f->refs);
			found = f;
			break;
		}
	}
	spin_unlock(&bed->lock);
-	if (found)
-		atomic_inc(&found->refs);
	return found;
}
void fern_put(struct fern_bed *bed, struct fern *f)
{
${drop}	list_del(&f->node);
	spin_unlock(&bed->lock);
	kfree(f);
}
int fern_look(struct fern_bed *bed, u64 id, u32 *seen)
{
	struct fern *f = fern_get(bed, id);
	if (!f)
		return -ENOENT;
	spin_lock(&f->lock);
	*seen = f->seen++;
	spin_unlock(&f->lock);
	fern_put(bed, f);
	return 0;
}
void fern_close(struct fern_bed *bed, struct fern *f)
{
	fern_put(bed, f);
}
`;
describe('a reference is counted up under the lock', () => {
	it('from nothing still, where it was counted down before that', () => check('fix use after free of what was found', COUNT('	if (!atomic_dec_and_test(&f->refs))\n		return;\n	spin_lock(&bed->lock);\n'), 'still-fails: use-after-free'));
	it('where it is counted down under it as well', () => check('fix use after free of what was found', COUNT('	if (!atomic_dec_and_lock(&f->refs, &bed->lock))\n		return;\n'), 'fixes: lost-data, use-after-free'));
});

const LISTED = (walk: string): string => `
struct fern_spore { struct list_head node; u32 event; void *priv; };
struct fern { struct device *dev; int irq; struct list_head spores;
+	struct mutex lock;
};
static struct fern *fern;
static irqreturn_t fern_irq_thread(int irq, void *data)
{
	struct fern *f = data;
	struct fern_spore *s;
	u32 event = fern_event(f);
${walk}
	return IRQ_HANDLED;
}
void fern_unlist(u32 event, void *priv)
{
	struct fern_spore *s, *tmp;
+	mutex_lock(&fern->lock);
	list_for_each_entry_safe(s, tmp, &fern->spores, node) {
		if (s->event == event && s->priv == priv) {
			list_del(&s->node);
			kfree(s);
		}
	}
+	mutex_unlock(&fern->lock);
}
static int fern_probe(struct platform_device *pdev)
{
	struct fern *f = devm_kzalloc(&pdev->dev, sizeof(*f), GFP_KERNEL);
	int ret;
	if (!f)
		return -ENOMEM;
+	mutex_init(&f->lock);
	INIT_LIST_HEAD(&f->spores);
	f->irq = platform_get_irq(pdev, 0);
	ret = devm_request_threaded_irq(&pdev->dev, f->irq, NULL, fern_irq_thread, IRQF_ONESHOT, "fern", f);
	if (ret)
		return ret;
	fern = f;
	return 0;
}
`;
describe('a list that is changed under a lock', () => {
	const WALK = '	list_for_each_entry(s, &f->spores, node) {\n		if (s->event == event)\n			fern_call(s->event, s->priv);\n	}';
	it('and walked without', () => check('fix use after free of a spore', LISTED(WALK), 'still-fails: use-after-free'));
	it('and walked under it', () => check('fix use after free of a spore', LISTED(`+	mutex_lock(&f->lock);\n${WALK}\n+	mutex_unlock(&f->lock);`), 'fixes: lost-data, use-after-free'));
});

const TICKS = (stopped: string): string => `
 static void fern_level(struct fern *f, u8 level)
 {
-	spin_lock(&f->lock);
+	spin_lock_bh(&f->lock);
 	f->level = level;
-	spin_unlock(&f->lock);
+	spin_unlock_bh(&f->lock);
 }
 
 static void fern_stop(struct fern *f)
 {
-	spin_lock(&f->lock);
+	spin_lock_bh(&f->lock);
 	f->on = false;
-	spin_unlock(&f->lock);
+	spin_unlock_bh(&f->lock);
 
${stopped}
 }
`;
describe('softirqs off against a timer', () => {
	const hunk = (stopped: string): Promise<string> => saidOfHunk(analyzer, 'The timer spins on the lock for ever when it comes while that is held.', 'static int fern_x(struct fern *f)', TICKS(stopped), 'fern: fix lockup');
	it('that runs in an interrupt', async () => expect(await hunk(' 	hrtimer_cancel(&f->timer);')).toBe('still-fails: irq-unsafe-lock'));
	it('that is asked to run in a softirq', async () => expect(await hunk(' 	hrtimer_cancel(&f->timer);\n 	hrtimer_start(&f->slow, 0, HRTIMER_MODE_REL_SOFT);')).toBe('fixes: irq-unsafe-lock'));
	it('that is started to run in an interrupt', async () => expect(await hunk(' 	hrtimer_start(&f->timer, 0, HRTIMER_MODE_REL);')).toBe('still-fails: irq-unsafe-lock'));
	it('that is started to run in a softirq', async () => expect(await hunk(' 	hrtimer_start(&f->timer, 0, HRTIMER_MODE_REL_SOFT);')).toBe('fixes: irq-unsafe-lock'));
	it('that runs in one', async () => expect(await hunk(' 	del_timer_sync(&f->timer);')).toBe('fixes: irq-unsafe-lock'));
});

const DROPS = (locked: string): string => `
struct fern { spinlock_t lock; struct sk_buff *echo; struct work_struct work; int irq; };
static void fern_drop(struct fern *f)
{
${locked === '' ? '' : '+	spin_lock(&f->lock);\n'}+	if (f->echo) {
		dev_kfree_skb(f->echo);
		f->echo = NULL;
+	}
${locked === '' ? '' : '+	spin_unlock(&f->lock);\n'}}
static void fern_work(struct work_struct *work)
{
	fern_drop(container_of(work, struct fern, work));
}
static irqreturn_t fern_thread(int irq, void *data)
{
	struct fern *f = data;
	fern_drop(f);
	return IRQ_HANDLED;
}
static int fern_open(struct fern *f)
{
	INIT_WORK(&f->work, fern_work);
	return request_threaded_irq(f->irq, NULL, fern_thread, IRQF_ONESHOT, "fern", f);
}
`;
describe('a test against freeing twice', () => {
	it('with no lock', () => check('fern_work() and fern_thread() race and free the skb twice', DROPS(''), 'still-fails: use-after-free'));
	it('under a lock', () => check('fern_work() and fern_thread() race and free the skb twice', DROPS('locked'), 'fixes: check-then-act, data-race, use-after-free'));
});
