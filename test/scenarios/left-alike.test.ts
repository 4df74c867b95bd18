import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

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
