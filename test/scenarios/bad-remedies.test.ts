import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfHunk } from './hunk-mail';

/** Remedies that leave a way to fail, and changes of an order that bring one. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(words: string, head: string, hunk: string, expected: string, subject?: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toBe(expected);
}

describe('a stop that does not wait', () => {
	const hunk = (call: string): string => `
 	struct quux *q = platform_get_drvdata(pdev);
 
 	quux_hw_off(q->base);
+	${call}(&q->timer);
 	kfree(q);
 }
`;
	const WORDS = 'The timer stays queued and its function then uses freed memory.';
	const HEAD = 'static void quux_remove(struct platform_device *pdev)';
	it('leaves the callback that runs', () => check(WORDS, HEAD, hunk('timer_delete'), 'still-fails: use-after-free'));
	it('says nothing where no mail speaks of it', () => check('Tidy up.', HEAD, hunk('timer_delete'), 'no-failure'));
	it('is none where it waits', () => check(WORDS, HEAD, hunk('timer_delete_sync'), 'fixes: use-after-free'));
});

describe('a guard', () => {
	const hunk = (first: string, then: string): string => `
 	struct quux *q = file->private_data;
 	int ret;
 
+	${first}
+		return -EBUSY;
+
 	ret = quux_upload(q, arg);
${then} 	return ret;
 }
`;
	const WORDS = 'Two tasks that load the firmware at the same time race with each other.';
	const HEAD = 'static int quux_load(struct file *file, unsigned long arg)';
	it('of two steps lets two runs pass', () => check(WORDS, HEAD, hunk('if (atomic_read(&q->busy))', '+	atomic_set(&q->busy, 1);\n'), 'still-fails: check-then-act'));
	it('of a flag does, too', () => check(WORDS, HEAD, hunk('if (test_bit(QUUX_BUSY, &q->flags))', '+	set_bit(QUUX_BUSY, &q->flags);\n'), 'still-fails: check-then-act'));
});

describe('a read-side section around a walk', () => {
	const hunk = (found: string): string => `
 	struct quux *q, *best = NULL;
 
+	rcu_read_lock();
 	list_for_each_entry_rcu(q, &quux_all, list) {
 		if (!best || q->weight > best->weight)
 			best = q;
 	}
${found}+	rcu_read_unlock();
 	return best;
 }
`;
	const WORDS = 'quux_connect() may use a quux that quux_del() has removed: a use-after-free.';
	const HEAD = 'static struct quux *quux_find(u32 hash)';
	it('leaves the caller what it finds', () => check(WORDS, HEAD, hunk(''), 'still-fails: use-after-free'));
	it('does not where it is held', () => check(WORDS, HEAD, hunk('+	if (best && !refcount_inc_not_zero(&best->refs))\n+		best = NULL;\n'), 'fixes: use-after-free'));
	it('nor where only lockdep speaks of it', () => check('lockdep reports suspicious RCU usage.', HEAD, hunk(''), 'fixes: use-after-free'));
});

it('a guard that was one step', async () => {
	expect(await saidBothWays(analyzer, 'static int quux_open(struct inode *inode, struct file *file)', `
 	struct quux *q = file->private_data;
 	int ret;
 
-	if (test_and_set_bit(QUUX_OPEN, &q->flags))
+	if (test_bit(QUUX_OPEN, &q->flags))
 		return -EBUSY;
 
 	ret = quux_power_on(q);
+	set_bit(QUUX_OPEN, &q->flags);
 	return ret;
 }
`, 'quux: set the flag last', 'It can go wrong.')).toEqual(['introduces: check-then-act', 'fixes: check-then-act']);
});

it('the wait for readers before or behind what takes an entry away from them', async () => {
	expect(await saidBothWays(analyzer, 'static void quux_forget(struct quux_table *t)', `
 	struct quux_rule *r, *tmp;
 
 	mutex_lock(&t->lock);
+	synchronize_rcu();
 	list_for_each_entry_safe(r, tmp, &t->rules, list) {
 		list_del_rcu(&r->list);
-		synchronize_rcu();
 		kfree(r);
 	}
 	mutex_unlock(&t->lock);
 }
`)).toEqual(['introduces: use-after-free', 'fixes: use-after-free']);
});

it('readers of another kind', () => check('Readers are under srcu_read_lock(): wait for them.', 'void quux_unlisten(struct quux_listener *l)', `
 	list_del_rcu(&l->node);
 	mutex_unlock(&quux_lock);
 
-	synchronize_rcu();
+	synchronize_srcu(&quux_srcu);
 	kfree(l);
 }
`, 'fixes: use-after-free'));

it('what lives on the stack is taken out when nobody answers in time', () => check('A late answer writes to a stack frame that is gone.', 'int quux_call(struct quux *q, u32 op, u32 *reply)', `
 	quux_post(q, &cmd);
 
 	if (!wait_for_completion_timeout(&cmd.done, HZ)) {
+		spin_lock_irq(&q->lock);
+		q->cur = NULL;
+		spin_unlock_irq(&q->lock);
 		return -ETIMEDOUT;
 	}
 	*reply = cmd.reply;
`, 'fixes: use-after-free'));

it('a walk is left behind what ends its entry, where that is not shown', () => check('Speed.', 'int quux_del(struct quux *q, u16 id)', `
 	list_for_each_entry(z, &q->zones, list) {
 		if (z->id != id)
 			continue;
+		quux_trace(q, id);
 		list_del(&z->list);
 		write_unlock_bh(&q->lock);
 		kfree(z);
`, 'no-failure'));

it('bits that are named by their number', async () => {
	expect(await saidBothWays(analyzer, 'static irqreturn_t quux_irq(int irq, void *data)', `
 {
 	struct quux *q = data;
 
-	q->events |= BIT(QUUX_CARD);
+	set_bit(QUUX_CARD, &q->events);
 	schedule_work(&q->work);
 	return IRQ_HANDLED;
 }
@@ -60,6 +60,6 @@ static ssize_t retune_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
 {
 	struct quux *q = dev_get_drvdata(dev);
 
-	q->events |= BIT(QUUX_RETUNE);
+	set_bit(QUUX_RETUNE, &q->events);
 	schedule_work(&q->work);
 	return count;
`.trim())).toEqual(['fixes: data-race, lost-data', 'introduces: data-race, lost-data']);
});

describe('a work item cancelled where its interrupt is freed', () => {
	const hunk = (first: string, then: string, before = ''): string => `
 	struct quux *q = platform_get_drvdata(pdev);
 
${before}${first} 	free_irq(q->irq, q);
${then} 	kfree(q);
 }
`;
	const WORDS = 'The work item may still run and then uses freed memory.';
	const HEAD = 'static void quux_remove(struct platform_device *pdev)';
	const CANCEL = '+	cancel_work_sync(&q->work);\n';
	it('is started again before that', () => check(WORDS, HEAD, hunk(CANCEL, ''), 'still-fails: use-after-free'));
	it('is not behind it', () => check(WORDS, HEAD, hunk('', CANCEL), 'fixes: use-after-free'));
	it('is not where the device is kept from interrupting', () => check(WORDS, HEAD, hunk(CANCEL, '', ' 	quux_disable_interrupts(q);\n'), 'fixes: use-after-free'));
});

describe('a plain flag that is looked at and set', () => {
	const hunk = (open: string): string => `
 {
 	struct quux *q = quux_of(${open});
 
+	if (q->busy)
+		return -EBUSY;
+	q->busy = true;
+
 	q->samples = vzalloc(QUUX_SIZE);
 	if (!q->samples)
 		return -ENOMEM;
`;
	it('keeps no second opener out', () => check('Two processes that open it at the same time overwrite the buffer of each other.', 'static int quux_open(struct inode *inode, struct file *file)', hunk('inode'), 'still-fails: check-then-act', 'quux: fix a second open'));
	it('may do so where nobody knows what its callers hold', async () => {
		expect(await saidOfHunk(analyzer, 'Two processes that start it at the same time overwrite the buffer of each other.', 'static int quux_start(struct quux_dev *dev)', hunk('dev'), 'quux: fix a second start')).not.toContain('still-fails');
	});
});
