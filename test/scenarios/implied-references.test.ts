import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfFile, saidOfHunk } from './hunk-mail';

/**
 * Who else drops a reference, or uses what is freed, of whom a change speaks: a hunk of a function that the mail shows in part, and what is said of it; then of its reverse. The names are made
 * up, and nobody's else is in sight.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string, subject?: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, subject)).toEqual([forward, backward]);
}

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
`, 'fixes: resurrection, use-after-free', 'introduces: lost-data, resurrection, use-after-free'));
});

describe('what was pending already', () => {
	const queued = (was: string, is: string): string => `
 	set_bit(ev, &q->events);
 	kref_get(&q->ref);
-	${was}
+	${is}
 	spin_unlock(&q->lock);
 }
`;
	const head = 'static void quux_event(struct quux *q, int ev)';
	it('runs once', () => check(head, queued('schedule_work(&q->work);', 'if (!schedule_work(&q->work))\n+\t\tquux_put(q);'), 'fixes: refcount-leak', 'introduces: refcount-leak'));
	it('as its answer says, which is kept', () => check(head, queued('queue_delayed_work(q->wq, &q->work, HZ);', 'queued = queue_delayed_work(q->wq, &q->work, HZ);\n+\tif (queued == false)\n+\t\tkref_put(&q->ref, quux_free);'), 'fixes: refcount-leak', 'introduces: refcount-leak'));
	it('as a timer answers the other way round', () => check(head, queued('mod_timer(&q->timer, jiffies + HZ);', 'if (mod_timer(&q->timer, jiffies + HZ))\n+\t\tquux_put(q);'), 'fixes: refcount-leak', 'introduces: refcount-leak'));
	it('with a reference that a call hands out', () => check('int quux_rescan(struct quux_hw *hw)', `
 	struct quux *q = quux_get(hw);
 
 	set_bit(0, &q->events);
-	queue_work(hw->wq, &q->work);
+	if (!queue_work(hw->wq, &q->work))
+		quux_put(q);
 	return 0;
 }
`, 'fixes: refcount-leak', 'introduces: refcount-leak'));
	it('and is only told of', () => check(head, queued('schedule_work(&q->work);', 'if (!schedule_work(&q->work))\n+\t\tpr_debug("pending");'), 'no-failure', 'no-failure'));
	it('was asked before, in other words', () => check(head, queued('if (!schedule_work(&q->work))\n-\t\tkref_put(&q->ref, quux_free);', 'if (!schedule_work(&q->work))\n+\t\tquux_put(q);'), 'no-failure', 'no-failure'));
});

describe('what is cancelled before it ran', () => {
	const cancelled = (answer: string): string => `
 	q->stopping = true;
-	cancel_work_sync(&q->work);
+	if (cancel_work_sync(&q->work))
+		${answer};
 	quux_off(q);
 }
`;
	const said = (answer: string): Promise<string> => saidOfHunk(analyzer, 'The work item owns a reference, which is leaked when it is cancelled before it runs.', 'static void quux_stop(struct quux *q)', cancelled(answer));
	it('gives back nothing itself', async () => expect(await said('quux_put(q)')).toBe('fixes: refcount-leak'));
	it('and is only told of', async () => expect(await said('pr_debug("pending")')).toBe('no-failure'));
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
`, 'fixes: use-after-free', 'no-failure', MAIL));
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

describe('what is taken away while it is pending', () => {
	const cancelled = (was: string, is: string): string => `
 	list_del_init(&q->list);
 	spin_unlock(&quux_lock);
 
-	${was}
+	${is}
 	quux_stop(dev);
 }
`;
	const head = 'static void quux_remove(struct quux *q)';
	const asked = 'if (cancel_delayed_work_sync(&q->work))\n-\t\tquux_put(q);';
	const of = (was: string, is: string, words?: string): Promise<string> => saidOfHunk(analyzer, words ?? 'The work drops its reference itself when it has run. Nobody has to wait.', head, cancelled(was, is));
	it('and it was one drop too many, by the mail', async () => expect(await of(asked, 'cancel_delayed_work_sync(&q->work);', 'This is a double put: the count drops below zero.')).not.toMatch(/introduces/));
	it('was asked before, in other words', async () => expect(await of(asked, 'busy = cancel_delayed_work_sync(&q->work);\n+\tif (busy)\n+\t\tquux_put(q);')).toBe('no-failure'));
	it('asked for the sake of a message', async () => expect(await of('if (cancel_delayed_work_sync(&q->work))\n-\t\tpr_debug("pending");', 'cancel_delayed_work_sync(&q->work);')).toBe('no-failure'));
	const whole = (get: string): string => `
struct quux { struct kref ref; struct work_struct work; };
void quux_free(struct kref *ref);
void quux_kick(struct quux *q)
{
	${get}
	schedule_work(&q->work);
}
void quux_stop(struct quux *q)
{
-	if (cancel_work_sync(&q->work))
-		kref_put(&q->ref, quux_free);
+	cancel_work_sync(&q->work);
	kref_put(&q->ref, quux_free);
}
`;
	it('who queues it takes one', async () => expect(await saidOfFile(analyzer, 'quux', 'simplify', whole('kref_get(&q->ref);'), true)).toBe('introduces: refcount-leak'));
	it('who queues it takes none', async () => expect(await saidOfFile(analyzer, 'quux', 'simplify', whole('q->events++;'), true)).not.toMatch(/introduces/));
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
