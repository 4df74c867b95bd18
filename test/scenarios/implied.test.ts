import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { answerOf } from '../corpus/answer';
import { sourceAnalyzer } from '../measure/engine';

/**
 * Partners that a change speaks of: a hunk of a function that the mail shows in part, and what is said of it; then of its reverse. The names are made
 * up, and nobody's else is in sight.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const TURNED: Readonly<Record<string, string>> = { '+': '-', '-': '+' };
const turned = (hunk: string): string => hunk.split('\n').map((line) => `${TURNED[line[0] ?? ''] ?? line[0] ?? ''}${line.slice(1)}`).join('\n');

function mail(subject: string, head: string, hunk: string): string {
	const lines = hunk.split('\n');
	const count = (other: string): number => lines.filter((line) => !line.startsWith(other)).length;
	return `From: A <a@b.example>\nSubject: [PATCH] ${subject}\n\nIt can go wrong.\n---\n drivers/misc/quux.c | 2 +-\n 1 file changed\n\n--- a/drivers/misc/quux.c\n+++ b/drivers/misc/quux.c\n@@ -40,${count('+')} +40,${count('-')} @@ ${head}\n${hunk}\n-- \n2.40.1\n`;
}

async function said(text: string): Promise<string> {
	const reviews = await analyzer.review(text, { name: 'quux' });
	return answerOf(reviews, { neutral: false, outcome: [], checks: [], threads: [] } as never).words;
}

async function check(head: string, hunk: string, forward: string, backward: string, subject = 'quux: rework'): Promise<void> {
	const lines = hunk.replace(/^\n|\n$/g, '');
	expect([await said(mail(subject, head, lines)), await said(mail(subject, head, turned(lines)))]).toEqual([forward, backward]);
}

describe('who calls a function by its name and signature', () => {
	it('a transmit start under the port lock', () => check('static void quux_start_tx(struct uart_port *port)', `
 static void quux_start_tx(struct uart_port *port)
 {
-	spin_lock(&port->lock);
 	quux_write(port, 1);
-	spin_unlock(&port->lock);
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
});

describe('locals that stand for a part of what is given', () => {
	it('a lock in it', () => check('static int quux_get(struct quux *q, u32 id)', `
 {
 	struct quux_table *table = &q->priv.table;
 	unsigned long flags;
 
-	spin_lock(&table->lock);
+	spin_lock_irqsave(&table->lock, flags);
 	table->used++;
-	spin_unlock(&table->lock);
+	spin_unlock_irqrestore(&table->lock, flags);
 
 	if (id)
`, 'fixes: irq-unsafe-lock', 'no-failure', 'quux: fix deadlock with interrupt'));
});

describe('grace periods', () => {
	it('kfree_rcu() for kfree()', () => check('static int quux_del(struct quux *q, u32 id)', `
 	list_del_rcu(&c->node);
 	quux_notify(q, c);
-	kfree(c);
+	kfree_rcu(c, rcu);
 	return 0;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('a wait before the free', () => check('static void quux_set_table(struct quux *q, struct quux_table *new)', `
 	old = rcu_dereference_protected(q->table, lockdep_is_held(&q->lock));
 	rcu_assign_pointer(q->table, new);
 	mutex_unlock(&q->lock);
 
+	synchronize_rcu();
 	kfree(old);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('a wait before a function frees', () => check('static void quux_del_entry(struct quux *q, struct quux_entry *e)', `
 	list_del_rcu(&e->node);
 	spin_unlock_bh(&q->lock);
+	synchronize_rcu();
 	quux_entry_free(e);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('another shape of it', () => check('static void quux_del_entry(struct quux *q, struct quux_entry *e)', `
 	list_del_rcu(&e->node);
 	spin_unlock_bh(&q->lock);
-	synchronize_rcu();
-	kfree(e);
+	kfree_rcu(e, rcu);
 }
`, 'no-failure', 'no-failure'));
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
`, 'fixes: check-then-act', 'no-failure', 'quux: fix race between start and stop'));
	it('a test before a call that is known', () => check('static void quux_poll(struct timer_list *t)', `
 	struct quux *q = from_timer(q, t, timer);
 
 	q->ops->poll(q);
+	spin_lock(&q->lock);
 	if (q->users)
 		mod_timer(&q->timer, jiffies + q->interval);
+	spin_unlock(&q->lock);
 }
`, 'fixes: check-then-act', 'no-failure', 'quux: fix race between poll and stop'));
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
`, 'fixes: check-then-act', 'no-failure', 'quux: fix atomicity violation'));
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
`, 'fixes: lost-data', 'no-failure', 'quux: fix atomicity violation'));
	it('a list that others change', () => check('void quux_release(struct quux *q)', `
 
 	if (q->kind == QUUX_LISTED) {
+		mutex_lock(&q->owner->list_lock);
 		list_del(&q->entry);
+		mutex_unlock(&q->owner->list_lock);
 		quux_forget(q);
`, 'fixes: lost-data', 'no-failure', 'quux: protect the list against concurrent changes'));
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

describe('calls that speak by themselves', () => {
	it('cached pages are dropped', () => check('static long quux_zero_range(struct file *file, loff_t offset, loff_t len)', `
 	struct inode *inode = file_inode(file);
 
 	quux_lock_range(inode);
 
+	truncate_pagecache_range(inode, offset, offset + len - 1);
 	rc = quux_server_zero(inode, offset, len);
 	quux_unlock_range(inode);
`, 'fixes: stale-mapping', 'introduces: stale-mapping', 'quux: page cache is stale after zero range'));
});

describe('what must be done first', () => {
	it('a reference before the goto', () => check('static int quux_send(struct quux *q)', `
 	quux_prepare(q);
 
+	kref_get(&q->ref);
 	arg = kzalloc(sizeof(*arg), GFP_KERNEL);
 	if (!arg) {
 		rc = -ENOMEM;
 		goto send_err;
 	}
-	kref_get(&q->ref);
 
 	arg->q = q;
`, 'fixes: refcount-underflow', 'no-failure', 'quux: fix refcount imbalance'));
	it('a copy before the count', () => check('static int quux_add(struct quux *q, struct quux *template)', `
 		return -ENOMEM;
 	}
 
-	kref_init(&q->ref);
 	memcpy(q, template, sizeof(struct quux));
+	kref_init(&q->ref);
 	q->id = 0;
`, 'fixes: resurrection', 'introduces: resurrection'));
	it('the initialisation before the registration', () => check('static int quux_probe(struct quux *q)', `
 	quux_reset(q);
 
+	spin_lock_init(&q->lock);
 	err = quux_register(q);
 	if (err)
 		return err;
-	spin_lock_init(&q->lock);
 
 	return 0;
`, 'fixes: use-after-free', 'introduces: use-after-free', 'quux: lock is used uninitialized'));
});

describe('marked accesses', () => {
	const hunk = `
 	struct quux_req *req;
 
-	if (q->running)
+	if (READ_ONCE(q->running))
 		quux_kick(q);
 	quux_wait(q);
`;
	it('where the mail speaks of a data race', () => check('static int quux_poll(struct quux *q)', hunk, 'fixes: data-race', 'no-failure', 'quux: annotate a data-race around running'));
	it('not for style', () => check('static int quux_poll(struct quux *q)', hunk, 'no-failure', 'no-failure', 'quux: rework'));
});

describe('memory order', () => {
	it('a write fence between two stores', () => check('static void quux_set(struct quux *q, int n)', `
 	q->value = n;
+	smp_wmb();
 	q->ready = 1;
 	quux_kick(q);
 }
`, 'fixes: data-race', 'introduces: data-race'));
	it('a release of the second', () => check('static void quux_set(struct quux *q, const void *from)', `
 	memcpy(q->data, from, q->size);
-	q->ready = 1;
+	smp_store_release(&q->ready, 1);
 	quux_kick(q);
 }
`, 'fixes: data-race', 'introduces: data-race'));
	it('whether anybody sleeps', () => check('static void quux_kick(struct quux *q)', `
 	preempt_disable();
-	if (waitqueue_active(&q->wait))
+	if (wq_has_sleeper(&q->wait))
 		wake_up(&q->wait);
 	preempt_enable();
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
	it('not a fence that nothing is stored around', () => check('static void quux_go(struct quux *q)', `
 	quux_prepare(q);
+	smp_wmb();
 	quux_kick(q);
 }
`, 'no-failure', 'no-failure'));
});

describe('read sections', () => {
	it('round the use of a pointer', () => check('static int quux_stats(struct quux *q)', `
 	struct quux_table *t;
 	int n;
 
+	rcu_read_lock();
 	t = rcu_dereference(q->table);
 	n = t ? t->entries : 0;
+	rcu_read_unlock();
 
 	return n;
`, 'fixes: use-after-free', 'no-failure'));
	it('round the use of what is looked up', () => check('static int quux_show(struct quux *q, u32 id)', `
 	struct quux_entry *e;
 	int n;
 
+	rcu_read_lock();
 	e = quux_find(q, id);
 	if (!e) {
+		rcu_read_unlock();
 		return -ENOENT;
 	}
 	n = e->count;
+	rcu_read_unlock();
 	return n;
`, 'fixes: use-after-free', 'no-failure'));
	it('that ends before the use', () => check('static int quux_stats(struct quux *q)', `
 	struct quux_table *t;
 	int n;
 
 	rcu_read_lock();
 	t = rcu_dereference(q->table);
+	rcu_read_unlock();
 	n = t ? t->entries : 0;
-	rcu_read_unlock();
 
 	return n;
`, 'introduces: use-after-free', 'fixes: use-after-free'));
});

describe('stops', () => {
	it('of a work item before the free', () => check('static void quux_remove(struct platform_device *pdev)', `
 	struct quux *q = platform_get_drvdata(pdev);
 
 	quux_hw_off(q);
+	cancel_delayed_work_sync(&q->poll);
 	kfree(q);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of a timer, whose object is freed by somebody else', () => check('static void quux_disconnect(struct usb_interface *intf)', `
 	struct quux *q = usb_get_intfdata(intf);
 
 	usb_set_intfdata(intf, NULL);
-	del_timer(&q->timer);
+	del_timer_sync(&q->timer);
 	quux_put_all(q);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('renamed', () => check('static void quux_disconnect(struct usb_interface *intf)', `
 	struct quux *q = usb_get_intfdata(intf);
 
 	usb_set_intfdata(intf, NULL);
-	del_timer_sync(&q->timer);
+	timer_delete_sync(&q->timer);
 	kfree(q);
 }
`, 'no-failure', 'no-failure'));
	it('of an interrupt before its ring goes', () => check('static int quux_close(struct net_device *ndev)', `
 	struct quux *q = netdev_priv(ndev);
 
 	netif_stop_queue(ndev);
-	quux_free_ring(q);
 	free_irq(q->irq, q);
+	quux_free_ring(q);
 	return 0;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of an urb before its buffer goes', () => check('static void quux_close(struct input_dev *input)', `
 	struct quux *q = input_get_drvdata(input);
 
-	kfree(q->buffer);
 	usb_kill_urb(q->urb);
+	kfree(q->buffer);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of a thread', () => check('static void quux_exit(struct quux *q)', `
 	quux_hw_off(q);
+	kthread_stop(q->thread);
 	kfree(q->buffer);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	// A known gap: nothing shows what goes to the label.
	it('when the start fails', () => check('static int quux_probe(struct platform_device *pdev)', `
 	return 0;
 
 err_work:
+	cancel_work_sync(&q->work);
 	quux_hw_off(q);
 	return ret;
 }
`, 'no-failure', 'no-failure'));
	it('under a lock that the callback takes', () => check('static void quux_stop(struct quux *q)', `
 	mutex_lock(&q->lock);
 	q->running = false;
-	cancel_delayed_work_sync(&q->poll);
 	mutex_unlock(&q->lock);
+	cancel_delayed_work_sync(&q->poll);
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
	it('of a high-resolution timer under a lock, which spins', () => check('static void quux_stop(struct quux *q)', `
 	spin_lock_bh(&q->lock);
 	q->enabled = false;
-	hrtimer_cancel(&q->timer);
 	spin_unlock_bh(&q->lock);
+	hrtimer_cancel(&q->timer);
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
	it('before what starts it again is stopped', () => check('static void quux_remove(struct platform_device *pdev)', `
 	struct quux *q = platform_get_drvdata(pdev);
 
-	cancel_work_sync(&q->work);
 	free_irq(q->irq, q);
+	cancel_work_sync(&q->work);
 	quux_hw_off(q);
 	kfree(q);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('before callers are gone', () => check('static void quux_remove(struct platform_device *pdev)', `
 	struct quux *q = platform_get_drvdata(pdev);
 
-	cancel_work_sync(&q->work);
 	quux_core_unregister(q->core);
+	cancel_work_sync(&q->work);
 	kfree(q);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
});

describe('locks and interrupts', () => {
	it('interrupts off, where the mail speaks of one', () => check('static void quux_submit(struct quux *q, struct quux_req *r)', `
-	spin_lock(&q->lock);
+	spin_lock_irqsave(&q->lock, flags);
 	list_add_tail(&r->node, &q->requests);
-	spin_unlock(&q->lock);
+	spin_unlock_irqrestore(&q->lock, flags);
 }
`, 'fixes: irq-unsafe-lock', 'no-failure', 'quux: the interrupt handler submits as well'));
});

describe('references', () => {
	it('only above zero', () => check('static struct quux *quux_find(u32 id)', `
 	list_for_each_entry(q, &quux_list, node) {
 		if (q->id == id) {
-			kref_get(&q->ref);
+			if (!kref_get_unless_zero(&q->ref))
+				continue;
 			return q;
 		}
 	}
`, 'fixes: resurrection', 'introduces: resurrection'));
	it('taken where it is looked up', () => check('static struct quux *quux_get_by_id(int id)', `
 	spin_lock(&quux_lock);
 	q = idr_find(&quux_idr, id);
+	if (q)
+		kref_get(&q->ref);
 	spin_unlock(&quux_lock);
-	if (q)
-		kref_get(&q->ref);
 	return q;
 }
`, 'fixes: resurrection, use-after-free', 'introduces: resurrection, use-after-free'));
	it('taken under the lock of the look-up', () => check('static int quux_show(struct quux_dev *d)', `
 	struct quux *q;
 
+	mutex_lock(&d->lock);
 	q = d->current;
-	kref_get(&q->ref);
+	if (q)
+		kref_get(&q->ref);
+	mutex_unlock(&d->lock);
`, 'fixes: resurrection, use-after-free', 'introduces: resurrection, use-after-free'));
});

describe('what is left behind', () => {
	it('a pointer to what was freed', () => check('static void quux_reset(struct quux *q)', `
 	quux_hw_off(q);
 	kfree(q->table);
+	q->table = NULL;
 	q->entries = 0;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
});

describe('wake-ups', () => {
	it('after the last use', () => check('static void quux_done(struct quux_req *r, int status)', `
+	r->status = status;
 	complete(&r->done);
-	r->status = status;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of all', () => check('static void quux_open_ack(struct quux *q)', `
 	q->state = 1;
-	complete(&q->opened);
+	complete_all(&q->opened);
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
	it('after the condition', () => check('static void quux_finish(struct quux *q)', `
+	q->finished = true;
 	wake_up(&q->wait);
-	q->finished = true;
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
});

describe('what only one may do', () => {
	it('under a lock, a call that moves there', () => check('static int quux_writepage(struct quux *q, struct page *page)', `
 		quux_set_entry(q, page);
-		spin_unlock(&q->lock);
 		quux_swap_alloc(page);
+		spin_unlock(&q->lock);
 		quux_write(page);
 		return 0;
`, 'fixes: check-then-act, lost-data', 'no-failure', 'quux: fix a race'));
	it('by who sets a bit first', () => check('static void quux_reset(struct quux *q)', `
 	int ret;
 
-	if (test_bit(QUUX_RESETTING, &q->flags))
+	if (test_and_set_bit(QUUX_RESETTING, &q->flags))
 		return;
-	set_bit(QUUX_RESETTING, &q->flags);
 
 	ret = quux_hw_reset(q);
 	clear_bit(QUUX_RESETTING, &q->flags);
`, 'fixes: lost-data', 'no-failure', 'quux: fix a race'));
	it('once', () => check('static void quux_destroy_queue(struct quux *q)', `
-	clear_bit(QUUX_LIVE, &q->flags);
+	if (!test_and_clear_bit(QUUX_LIVE, &q->flags))
+		return;
 	quux_sq_destroy(&q->sq);
 	quux_queue_free(q->queue);
 }
`, 'fixes: use-after-free', 'no-failure', 'quux: fix a double free'));
});

describe('what ends for good', () => {
	it('a timer that is not started again', () => check('static void quux_destroy(struct quux *q)', `
 	quux_off(q);
-	del_timer_sync(&q->timer);
+	timer_shutdown_sync(&q->timer);
 	kfree(q);
 }
`, 'fixes: use-after-free', 'no-failure', 'quux: fix the timer'));
	it('callers, before what they use goes', () => check('static void quux_remove(struct pci_dev *pdev)', `
 	struct quux *q = pci_get_drvdata(pdev);
 
-	kfree(q->table);
 	unregister_netdev(q->ndev);
+	kfree(q->table);
 	free_netdev(q->ndev);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('callbacks of RCU, before their code goes', () => check('static void __exit quux_exit(void)', `
 	quux_unregister_all();
+	rcu_barrier();
 	kmem_cache_destroy(quux_cache);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('NAPI, before its device goes', () => check('static void quux_remove(struct pci_dev *pdev)', `
 	struct quux *q = pci_get_drvdata(pdev);
 
 	unregister_netdev(q->ndev);
+	netif_napi_del(&q->napi);
 	free_netdev(q->ndev);
`, 'fixes: use-after-free', 'introduces: use-after-free'));
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
`, 'fixes: check-then-act', 'no-failure', 'quux: fix race in reaping'));

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

describe('a list that is asked whether it is empty', () => {
	it('is left early, with the lock, when it is', () => check('static void quux_issue(struct quux *q)', `
 	unsigned long flags;
 
 	spin_lock_irqsave(&q->lock, flags);
-	if (list_empty(&q->submitted))
-		return;
-
 	list_splice_tail_init(&q->submitted, &q->issued);
 	quux_start(q);
 	spin_unlock_irqrestore(&q->lock, flags);
`, 'fixes: lock-held-at-return', 'introduces: lock-held-at-return', 'quux: issue what was submitted'));
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

describe('what sleeps out of sight', () => {
	it('in a call that is left to a work item', () => check('static void quux_set_rx_mode(struct net_device *ndev)', `
 	struct quux *q = netdev_priv(ndev);
 
-	quux_write_filter(q);
+	schedule_work(&q->work);
 }
`, 'fixes: sleep-in-atomic', 'no-failure', 'quux: fix sleeping in atomic context'));
});

describe('interrupts that a callee enables', () => {
	it('under a lock of the caller', () => check('static void quux_ack(struct quux *q)', `
+	unsigned long flags;
+
-	spin_lock_irq(&q->lock);
+	spin_lock_irqsave(&q->lock, flags);
 	q->acked = 1;
-	spin_unlock_irq(&q->lock);
+	spin_unlock_irqrestore(&q->lock, flags);
 }
`, 'fixes: irq-unsafe-lock', 'no-failure', 'quux: callers have interrupts disabled'));
});

describe('waits for what never comes', () => {
	it('a completion that a path leaves out', () => check('static void quux_done(struct quux *q, int status)', `
 	if (status) {
 		q->result = -5;
-		return;
+		goto out;
 	}
 	q->result = 0;
+out:
 	complete(&q->done);
 }
`, 'fixes: deadlock', 'no-failure', 'quux: complete the request on error too, its waiter hangs'));
});

describe('the lock under which the last reference goes', () => {
	it('a put that has it then', () => check('void quux_put(struct quux *q)', `
 void quux_put(struct quux *q)
 {
-	kref_put(&q->ref, quux_release);
+	kref_put_mutex(&q->ref, quux_release, &quux_mutex);
 }
`, 'fixes: resurrection', 'introduces: resurrection'));
	it('a count that is dropped with it', () => check('void quux_put(struct quux *q)', `
 void quux_put(struct quux *q)
 {
-	if (!refcount_dec_and_test(&q->refs))
+	if (!refcount_dec_and_lock(&q->refs, &quux_lock))
 		return;
 
-	spin_lock(&quux_lock);
 	list_del(&q->node);
 	spin_unlock(&quux_lock);
 	kfree(q);
`, 'fixes: resurrection', 'introduces: resurrection'));
	it('around a put, where the mail speaks of look-ups', () => check('void quux_put(struct quux *q)', `
 void quux_put(struct quux *q)
 {
+	spin_lock(&quux_lock);
 	kref_put(&q->ref, quux_release);
+	spin_unlock(&quux_lock);
 }
`, 'fixes: resurrection', 'no-failure', 'quux: close race between lookup and last put'));
	it('around a put, of which the mail does not say why', () => check('void quux_put(struct quux *q)', `
 void quux_put(struct quux *q)
 {
+	spin_lock(&quux_lock);
 	kref_put(&q->ref, quux_release);
+	spin_unlock(&quux_lock);
 }
`, 'no-failure', 'no-failure'));
	it('held already', () => check('void quux_put(struct quux *q)', `
 void quux_put(struct quux *q)
 {
-	mutex_lock(&quux_mutex);
-	kref_put(&q->ref, quux_release);
-	mutex_unlock(&quux_mutex);
+	kref_put_mutex(&q->ref, quux_release, &quux_mutex);
 }
`, 'no-failure', 'no-failure'));
});

describe('what is said to be used after it was freed', () => {
	const MAIL = 'quux: fix use-after-free';
	it('another pointer to it', () => check('static int quux_send(struct quux *q)', `
 	ret = quux_queue(q, req);
 	if (ret) {
+		q->req = NULL;
 		quux_free_request(q, req);
 		goto out;
 	}
`, 'fixes: use-after-free', 'no-failure', MAIL));
	it('another pointer, of which nothing is said', () => check('static int quux_send(struct quux *q)', `
 	ret = quux_queue(q, req);
 	if (ret) {
+		q->req = NULL;
 		quux_free_request(q, req);
 		goto out;
 	}
`, 'no-failure', 'no-failure'));
	it('what is returned without a reference of its own', () => check('static struct quux *quux_make(struct file *file, u32 *handle)', `
 	ret = quux_handle_create(file, q, handle);
-	quux_put(q);
-	if (ret)
+	if (ret) {
+		quux_put(q);
 		return ERR_PTR(ret);
+	}
 
 	return q;
`, 'fixes: use-after-free', 'no-failure', MAIL));
	it('what goes with what it has', () => check('static void quux_close(struct tty_struct *tty)', `
 	struct quux *q = tty->disc_data;
 
+	cancel_work_sync(&q->tx_work);
 	unregister_netdev(q->netdev);
-	cancel_work_sync(&q->tx_work);
 	ida_free(&quux_ida, id);
`, 'fixes: use-after-free', 'fixes: use-after-free', MAIL));
	it('an entry that a walk goes on from', () => check('static void quux_flush(struct quux *q)', `
 static void quux_flush(struct quux *q)
 {
-	struct quux_key *k;
+	struct quux_key *k, *tmp;
 
-	list_for_each_entry_rcu(k, &q->keys, list) {
+	list_for_each_entry_safe(k, tmp, &q->keys, list) {
 		if (k->busy)
 			continue;
 
`, 'fixes: use-after-free', 'no-failure', MAIL));
	it('an entry of which nothing is said', () => check('static void quux_flush(struct quux *q)', `
 static void quux_flush(struct quux *q)
 {
-	struct quux_key *k, *tmp;
+	struct quux_key *k;
 
-	list_for_each_entry_safe(k, tmp, &q->keys, list) {
+	list_for_each_entry(k, &q->keys, list) {
 		if (k->busy)
 			continue;
 
`, 'no-failure', 'no-failure'));
});

describe('references that others may drop meanwhile', () => {
	it('taken before others find it', () => check('static int quux_make(struct quux *q)', `
 	struct quux_dev *dev = quux_alloc(q);
 
+	quux_get(q);
 	ret = anon_inode_getfd("quux", &quux_fops, dev, O_RDWR);
 	if (ret < 0) {
+		quux_put(q);
 		quux_destroy(dev);
 		return ret;
 	}
-	quux_get(q);
 	return 0;
`, 'fixes: use-after-free', 'no-failure', 'quux: fix reference counting'));
	it('dropped by a function of that name before the last use', () => check('static int quux_show(struct seq_file *m, void *v)', `
 	q = quux_lookup(id);
 	if (!q)
 		return -ENOENT;
 
+	quux_put(q);
 	seq_printf(m, "%llu", q->id);
-	quux_put(q);
 	return 0;
`, 'introduces: use-after-free', 'fixes: use-after-free'));
	it('given away under rcu_read_lock()', () => check('int quux_send(struct sk_buff *skb)', `
 	struct quux_route *rt = quux_route(skb);
 	int err;
 
+	rcu_read_lock();
 	err = quux_local_out(skb);
 	if (err)
 		quux_count(rt->idev);
 
+	rcu_read_unlock();
 	return err;
 }
`, 'fixes: use-after-free', 'no-failure', 'quux: prevent UAF in quux_send()'));
	it('pointers that are only cleared', () => check('static void quux_cleanup(struct quux *q)', `
 	quux_flush(q);
 	kfree(q->frame);
+	q->frame = NULL;
 }
`, 'no-failure', 'no-failure'));
});
