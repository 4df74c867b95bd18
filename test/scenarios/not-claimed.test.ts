import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfHunk } from './hunk-mail';

/** Mails of features, clean-ups and time saved, whose words sound like those of a remedy: each with the twin that is one. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> => {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toBe(expected);
};

describe('what is done without the lock now', () => {
	const HEAD = 'int quux_flush(struct quux *q)';
	const HUNK = `
 
 	mutex_lock(&q->lock);
 	ret = quux_write_back(q);
+	mutex_unlock(&q->lock);
+
 	if (!ret)
 		quux_release_stage(q);
-	mutex_unlock(&q->lock);
 	return ret;
 }
`;
	it('for its cost', () => check('quux: do not release the stage with the lock held', 'The buffer of an erase block is large, and all CPUs get an IPI.', HEAD, HUNK, 'no-failure'));
	it('for who waits there', () => check('quux: do not release the stage with the lock held', 'quux_release_stage() waits for a work item, which takes q->lock.', HEAD, HUNK, 'fixes: deadlock'));
	it('an allocation, for its length', () => check('quux: do not allocate tables with dom_mutex held', 'It can take long. Meanwhile dom_mutex is held, and nobody can look anything up.', 'struct quux_dom *quux_dom_get(struct quux *q, u16 id)', `
 	mutex_lock(&q->dom_mutex);
 	dom = quux_dom_find(q, id);
 	if (!dom) {
+		mutex_unlock(&q->dom_mutex);
 		dom = quux_dom_alloc(q, id);
-		if (!dom) {
-			mutex_unlock(&q->dom_mutex);
+		if (!dom)
 			return ERR_PTR(-ENOMEM);
-		}
+
+		mutex_lock(&q->dom_mutex);
 		list_add(&dom->node, &q->domains);
 	}
`, 'introduces: check-then-act'));
});

describe('what is to be looked at before something is set up', () => {
	const HEAD = 'int quux_mmap(struct file *file, struct vm_area_struct *vma)';
	const HUNK = `
 
 int quux_mmap(struct file *file, struct vm_area_struct *vma)
 {
+	if ((vma->vm_flags & VM_SYNC) && !quux_syncs(file))
+		return -EOPNOTSUPP;
+
 	file_accessed(file);
 	vma->vm_ops = &quux_vm_ops;
 	return 0;
`;
	it('as others do', () => check('quux: refuse MAP_SYNC on devices without a flush', 'Check for support before the vma is set up, as the others do.', HEAD, HUNK, 'no-failure'));
	it('because of who comes', () => check('quux: refuse MAP_SYNC on devices without a flush', 'The handler may run before the vma is set up.', HEAD, HUNK, 'fixes: check-then-act'));
});

describe('a plain reference in the place of a careful one', () => {
	const HEAD = 'struct quux *quux_get(u32 key)';
	const HUNK = `
 
 	spin_lock(&quux_table_lock);
 	q = __quux_find(key);
-	if (q && !kref_get_unless_zero(&q->kref))
-		q = NULL;
+	if (q)
+		kref_get(&q->kref);
 	spin_unlock(&quux_table_lock);
 	return q;
 }
`;
	it('under the lock that the mail names', () => check('quux: kref_get_unless_zero() is not needed', 'The table has a reference of its own, given up when q was taken out under quux_table_lock.', HEAD, HUNK, 'no-failure'));
	it('for no reason', () => check('quux: use kref_get()', 'It is shorter.', HEAD, HUNK, 'introduces: resurrection'));
});

describe('a lock that the patch brings', () => {
	const HEAD = 'struct quux_queue {';
	const HUNK = `
 	spinlock_t		lock;
+	struct mutex		start_lock;
 	struct list_head	backlog;
 };
 
 static void quux_next(struct quux_queue *q)
 {
 	struct quux_req *req = quux_pop(q);
 
-	if (req)
+	if (req) {
+		mutex_lock(&q->start_lock);
+		if (!quux_powered(q->dev))
+			quux_power_up(q->dev);
 		quux_start(q, req);
+		mutex_unlock(&q->start_lock);
+	}
 }
`;
	it('with the work that it is for', () => check('quux: take the engine out of reset on demand', 'quux_power_up() sleeps, so the lock has to be a mutex. A new one serializes the power up and the start.', HEAD, HUNK, 'no-failure'));
	it('for a race', () => check('quux: fix race of two starts', 'Two requests may be started at the same time.', HEAD, HUNK, 'fixes: check-then-act, data-race'));
});

describe('a completion that is made ready', () => {
	const both = async (hunk: string, forward: string, backward: string): Promise<void> => {
		expect(await saidBothWays(analyzer, 'static irqreturn_t quux_irq(int irq, void *data)', hunk)).toEqual([forward, backward]);
	};
	it('by a helper, behind what begins it', () => both(`
 	return IRQ_HANDLED;
 }
 
+static u32 quux_wait(struct quux *quux)
+{
+	reinit_completion(&quux->eoc);
+	wait_for_completion(&quux->eoc);
+	return quux->sample;
+}
+
 static int quux_read(struct quux *q, unsigned int chan, int *val)
 {
 	mutex_lock(&q->lock);
-	reinit_completion(&q->eoc);
 	writel(QUUX_START | chan, q->regs + QUUX_CTRL);
-
-	wait_for_completion(&q->eoc);
-	*val = q->sample;
+	*val = quux_wait(q);
 	mutex_unlock(&q->lock);
 	return 0;
 }
`, 'introduces: deadlock', 'fixes: deadlock'));
	it('by a helper, before it', () => both(`
 	return IRQ_HANDLED;
 }
 
+static void quux_begin(struct quux *quux, unsigned int chan)
+{
+	reinit_completion(&quux->eoc);
+	writel(QUUX_START | chan, quux->regs + QUUX_CTRL);
+}
+
 static int quux_read(struct quux *q, unsigned int chan, int *val)
 {
 	mutex_lock(&q->lock);
-	reinit_completion(&q->eoc);
-	writel(QUUX_START | chan, q->regs + QUUX_CTRL);
-
+	quux_begin(q, chan);
 	wait_for_completion(&q->eoc);
 	*val = q->sample;
 	mutex_unlock(&q->lock);
 	return 0;
 }
`, 'no-failure', 'no-failure'));
	it('behind the address, before the command', () => both(`
 static int quux_read(struct quux *q, unsigned int chan, int *val)
 {
 	mutex_lock(&q->lock);
-	reinit_completion(&q->eoc);
 	writel(chan, q->regs + QUUX_ADDR);
+	reinit_completion(&q->eoc);
 	writel(QUUX_START, q->regs + QUUX_CTRL);
 	wait_for_completion(&q->eoc);
 	mutex_unlock(&q->lock);
 	return 0;
 }
`, 'no-failure', 'no-failure'));
});

describe('a lock that is destroyed', () => {
	const gone = (line: string): string => `
 	quux_put_inodes(q);
+	${line}
 	mutex_destroy(&q->off_lock);
 	kfree(q);
 	mount->quux = NULL;
`;
	const said = (line: string, expected: string): Promise<void> => check('quux: fix missed lock teardown', 'quux_destroy() does not do that for tree_lock, while it does for off_lock.', 'void quux_destroy(struct mount *mount)', gone(line), expected);
	it('keeps nobody out', () => said('mutex_destroy(&q->tree_lock);', 'no-failure'));
	it('of whatever kind', () => said('quux_rwsem_destroy(&q->tree_lock);', 'no-failure'));
	it('is not one that is taken', () => said('mutex_lock(&q->tree_lock);', 'fixes: data-race, lost-data'));
});

describe('memory that is lost', () => {
	const HEAD = 'static int quux_zero(struct quux *q, unsigned int flags)';
	const EARLIER = `
 		unsigned int nr = quux_sectors(q);
 		struct bio *bio;
 
-		bio = quux_alloc(q, nr);
-		bio->sector = q->sector;
-
 		if ((flags & QUUX_KILLABLE) &&
 		    fatal_signal_pending(current))
 			break;
 
+		bio = quux_alloc(q, nr);
+		bio->sector = q->sector;
+
 		do {
 			unsigned int len;
`;
	it('when a signal is pending', () => check('quux: fix memory leak in quux_zero()', 'Move the check before quux_alloc(). If a signal is pending, the loop is left without freeing the bio.', HEAD, EARLIER, 'no-failure'));
	const STOPPED = `
 	struct quux *q = dev->priv;
 
+	cancel_work_sync(&q->work);
 	quux_hide(q);
 	kfree(q->buf);
 	return 0;
`;
	it('is not what is still used', () => check('quux: fix the removal', 'The work may still be pending when the device is removed.', 'static int quux_remove(struct dev *dev)', STOPPED, 'fixes: use-after-free'));
	it('nor is what leaks beside that', () => check('quux: fix leak and the removal', 'The buffer is leaked, and the work may still be pending when the device is removed.', 'static int quux_remove(struct dev *dev)', STOPPED, 'fixes: use-after-free'));
	const SCOPED = `
 	q->index = -1;
 
-	name = quux_get_name(q->dev);
+	const char *name __free(kfree) = quux_get_name(q->dev);
+
 	ret = quux_apply(q, name);
 	if (ret)
 		return ret;
`;
	it('behind a look-up', () => check('quux: fix name leaks', 'Several ways out after the lookup under the lock can return without releasing the string.', 'static int quux_probe(struct quux *q)', SCOPED, 'no-failure'));
});

describe('memory that is given back behind its readers', () => {
	const HEAD = 'int quux_replace(struct quux *q, struct quux_set *set)';
	const freed = (was: string, now: string): string => `
 	old = rcu_replace_pointer(q->set, set, lockdep_is_held(&q->lock));
 	mutex_unlock(&q->lock);
 
${was.split('\n').map((line) => `-	${line}\n`).join('')}${now.split('\n').map((line) => `+	${line}\n`).join('')} 	return 0;
 }
`;
	const words = 'The old sets pile up until the grace period has passed, and small boxes run out of memory.';
	it('at once, by who waits for them', () => check('quux: wait for readers when a set is replaced', words, HEAD, freed('kvfree_rcu(old, rcu);', 'synchronize_rcu();\nkvfree(old);'), 'no-failure'));
	it('later, by nobody who waits', () => check('quux: do not wait for readers when a set is replaced', 'The grace period takes its time.', HEAD, freed('synchronize_rcu();\nkvfree(old);', 'kvfree_rcu(old, rcu);'), 'no-failure'));
	it('and before them', () => check('quux: wait for readers when a set is replaced', 'The readers may still be there until the grace period has passed.', HEAD, freed('kvfree(old);', 'synchronize_rcu();\nkvfree(old);'), 'fixes: use-after-free'));
});
