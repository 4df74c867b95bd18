import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/**
 * Who else takes, holds or waits for a lock, of whom a change speaks: a hunk of a function that the mail shows in part, and what is said of it; then of its reverse. The names are made
 * up, and nobody's else is in sight.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string, subject?: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, subject)).toEqual([forward, backward]);
}

describe('a lock that is released on one more way out', () => {
	const out = (rest: string): string => `
 	ret = quux_check(q, skb);
 	if (ret != QUUX_PASS) {
 		quux_count(q);
+		if (fed)
+			mutex_unlock(&f->feed_lock);
 		return ret;
 	}
${rest} 	quux_pass(q, skb);
`;
	it('and that nobody shows to be taken', () => check('static int quux_get_user(struct quux *q, struct quux_file *f)', out(''), 'fixes: lock-held-at-return', 'introduces: lock-held-at-return', 'quux: rework quux_get_user()'));
	it('and no longer further down', () => check('static int quux_get_user(struct quux *q, struct quux_file *f)', out('-	mutex_unlock(&f->feed_lock);\n'), 'no-failure', 'no-failure', 'quux: rework quux_get_user()'));
});

describe('what is under a lock on one side only', () => {
	it('a pointer that is followed', () => check('static vm_fault_t quux_vm_fault(struct vm_fault *vmf)', `
 	struct quux *q = vmf->vma->vm_private_data;
 	unsigned long idx;
 
+	mutex_lock(&q->lock);
 	idx = vmf->pgoff;
-	if (idx >= q->count)
+	if (idx >= q->count) {
+		mutex_unlock(&q->lock);
 		return VM_FAULT_SIGBUS;
+	}
 	quux_map(vmf, q->vec[idx].addr);
+	mutex_unlock(&q->lock);
 	return 0;
 }
`, 'fixes: use-after-free', 'no-failure', 'quux: fix use-after-free of the vector'));
	it('a test before the work', () => check('static int quux_start(struct quux *q)', `
 	int err;
 
-	if (q->state != QUUX_IDLE)
-		return -EBUSY;
-
 	mutex_lock(&q->lock);
+	if (q->state != QUUX_IDLE) {
+		mutex_unlock(&q->lock);
+		return -EBUSY;
+	}
+
 	err = quux_hw_start(q);
 	mutex_unlock(&q->lock);
 	return err;
`, 'fixes: check-then-act, data-race', 'no-failure', 'quux: fix race between start and stop'));
	it('a test before a call that is known', () => check('static void quux_poll(struct timer_list *t)', `
 	struct quux *q = from_timer(q, t, timer);
 
 	q->ops->poll(q);
+	spin_lock(&q->lock);
 	if (q->users)
 		mod_timer(&q->timer, jiffies + q->interval);
+	spin_unlock(&q->lock);
 }
`, 'fixes: check-then-act, data-race', 'no-failure', 'quux: fix race between poll and stop'));
	// A known gap: nobody sets the status, so it is taken as never set; should be fixes: check-then-act.
	it('a test of what is only ever cleared in sight', () => check('static int quux_read(struct quux *q, u8 *out)', `
 	while (nr) {
+		spin_lock_irq(&q->link->lock);
 		if (packet && q->link->status) {
-			spin_lock_irq(&q->link->lock);
 			status = q->link->status;
 			q->link->status = 0;
 			spin_unlock_irq(&q->link->lock);
 			*out++ = status;
 			break;
+		} else {
+			spin_unlock_irq(&q->link->lock);
 		}
 		quux_wait(q);
`, 'fixes: check-then-act, data-race', 'no-failure', 'quux: fix atomicity violation'));
	it('a new test under the lock that was there', () => check('static int quux_open(struct quux *q)', `
 
 	mutex_lock(&q->lock);
+	if (!q->exist) {
+		res = -ENODEV;
+		goto out_unlock;
+	}
 	q->users++;
 	quux_note(q);
`, 'fixes: check-then-act', 'no-failure', 'quux: fix race between open and disconnect'));
	it('two fields that are read together', () => check('static int quux_get_frequency(struct quux *q, u32 *freq)', `
 	struct quux_priv *priv = q->priv;
 
+	mutex_lock(&priv->lock);
 	*freq = priv->base + priv->offset;
+	mutex_unlock(&priv->lock);
 	return 0;
 }
`, 'fixes: data-race, lost-data', 'no-failure', 'quux: fix atomicity violation'));
	it('a list that others change', () => check('void quux_release(struct quux *q)', `
 
 	if (q->kind == QUUX_LISTED) {
+		mutex_lock(&q->owner->list_lock);
 		list_del(&q->entry);
+		mutex_unlock(&q->owner->list_lock);
 		quux_forget(q);
`, 'fixes: data-race, lost-data', 'no-failure', 'quux: protect the list against concurrent changes'));
	it('a lock that has only moved from the caller', () => check('static void quux_count(struct quux *q)', `
 	struct quux_stats *s = q->stats;
 
+	spin_lock(&s->lock);
 	s->packets++;
+	spin_unlock(&s->lock);
 }
 
 static void quux_rx(struct quux *q)
 {
 	struct quux_stats *s = q->stats;
 
-	spin_lock(&s->lock);
 	quux_count(q);
-	spin_unlock(&s->lock);
 }
`, 'no-failure', 'no-failure', 'quux: take the lock in quux_count(), concurrent callers need it'));
});

describe('what only one may do', () => {
	it('under a lock, a call that moves there', () => check('static int quux_writepage(struct quux *q, struct page *page)', `
 		quux_set_entry(q, page);
-		spin_unlock(&q->lock);
 		quux_swap_alloc(page);
+		spin_unlock(&q->lock);
 		quux_write(page);
 		return 0;
`, 'fixes: check-then-act, data-race, lost-data', 'no-failure', 'quux: fix a race'));
	it('by who sets a bit first', () => check('static void quux_reset(struct quux *q)', `
 	int ret;
 
-	if (test_bit(QUUX_RESETTING, &q->flags))
+	if (test_and_set_bit(QUUX_RESETTING, &q->flags))
 		return;
-	set_bit(QUUX_RESETTING, &q->flags);
 
 	ret = quux_hw_reset(q);
 	clear_bit(QUUX_RESETTING, &q->flags);
`, 'fixes: check-then-act', 'inconclusive', 'quux: fix a race'));
	it('once', () => check('static void quux_destroy_queue(struct quux *q)', `
-	clear_bit(QUUX_LIVE, &q->flags);
+	if (!test_and_clear_bit(QUUX_LIVE, &q->flags))
+		return;
 	quux_sq_destroy(&q->sq);
 	quux_queue_free(q->queue);
 }
`, 'fixes: use-after-free', 'no-failure', 'quux: fix a double free'));
});

describe('what is read and what goes by it, in one critical section', () => {
	it('the test comes under the lock', () => check('static void quux_reap(struct quux *q)', `
 {
 	struct quux_slot *slot = q->slot;
 
-	if (slot->busy)
-		return;
-	spin_lock(&q->lock);
+	spin_lock(&q->lock);
+	if (slot->busy) {
+		spin_unlock(&q->lock);
+		return;
+	}
 	quux_recycle(q, slot);
 	spin_unlock(&q->lock);
 }
`, 'fixes: check-then-act, data-race', 'no-failure', 'quux: fix race in reaping'));

	it('two sections become one', () => check('static void quux_detach(struct quux *q, struct quux_dev *dev)', `
 {
 	spin_lock(&q->lock);
-	list_del_init(&dev->node);
 	quux_quiet(q);
 	spin_unlock(&q->lock);
 
 	quux_flush(dev);
 
 	spin_lock(&q->lock);
+	list_del_init(&dev->node);
 	if (list_empty(&q->devices))
 		quux_last(q);
 	spin_unlock(&q->lock);
`, 'fixes: check-then-act', 'no-failure', 'quux: close a race of two detaching devices'));
});

describe('locks that the mail says are waited for for ever', () => {
	it('one that the caller has already', () => check('static void quux_reset(struct quux *q)', `
 static void quux_reset(struct quux *q)
 {
-	mutex_lock(&q->lock);
 	quux_write(q, 0);
-	mutex_unlock(&q->lock);
 }
`, 'fixes: deadlock', 'no-failure', 'quux: fix deadlock on reset'));

	it('nothing without such words', () => check('static void quux_reset(struct quux *q)', `
 static void quux_reset(struct quux *q)
 {
-	mutex_lock(&q->lock);
 	quux_write(q, 0);
-	mutex_unlock(&q->lock);
 }
`, 'no-failure', 'no-failure', 'quux: no lock for one write'));

	it('one that a callee takes', () => check('static void quux_stop(struct quux *q)', `
 	mutex_lock(&q->lock);
 	q->running = 0;
-	quux_bus_stop(q->bus);
 	mutex_unlock(&q->lock);
+	quux_bus_stop(q->bus);
 }
`, 'fixes: deadlock', 'no-failure', 'quux: fix ABBA deadlock with the bus'));

	it('a named one that an early return keeps', () => check('static int quux_set(struct quux *q)', `
 	quux_hw_lock(q);
 	ret = quux_write(q, 1);
-	if (ret)
+	if (ret) {
+		quux_hw_unlock(q);
 		return ret;
+	}
 	quux_write(q, 2);
 	quux_hw_unlock(q);
 	return 0;
`, 'fixes: lock-held-at-return', 'introduces: lock-held-at-return', 'quux: add the missing unlock'));
});
