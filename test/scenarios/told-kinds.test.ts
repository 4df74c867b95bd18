import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** Which failure a mail's words and the place of its lines come to: made-up hunks, each beside one that says or does something else. */
const checkHunk = hunkCheck();
const check = (subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> => checkHunk(head, hunk, expected, words, subject);

describe('what stands behind a label', () => {
	const freed = (line: string): string => `
 	return 0;
 out3:
 	quux_unregister_device(rc);
+	${line}
 out2:
 	quux_led_unregister(&q->led);
 out:
`;
	const head = 'static int quux_probe(struct quux_interface *intf)';
	it('has freed what is freed once more', () => check('quux: fix double free', 'quux_unregister_device() frees it already.', head, freed('rc = NULL;'), 'fixes: use-after-free'));
	it('is not what is only told', () => check('quux: fix double free', 'quux_unregister_device() frees it already.', head, freed('pr_debug("gone");'), 'no-failure'));
});

describe('who is told that it is done', () => {
	const done = (use: string): string => `
 	q->result = 0;
-	quux_req_complete(req, status);
 	if (q->step == QUUX_FAILED)
 		${use};
+	quux_req_complete(req, status);
 }
`;
	const head = 'static void quux_execute(struct quux *q, struct quux_req *req)';
	it('frees what is used behind that', () => check('quux: fix double free', 'A request is complete only when it is freed here, as both free it otherwise.', head, done('quux_ctrl_fatal(q)'), 'fixes: use-after-free'));
	it('is of no matter where nobody speaks of it', () => check('quux: complete a request last', 'It reads better so.', head, done('quux_ctrl_fatal(q)'), 'no-failure'));
});

describe('a call that may sleep', () => {
	const moved = (comment: string): string => `
 	quux_set_platform(q->dev, false);
 
-	spin_lock_irqsave(&q->lock, flags);
+	/* ${comment} */
 	quux_resume(q);
+
+	spin_lock_irqsave(&q->lock, flags);
 	q->in_lpm = false;
 	spin_unlock_irqrestore(&q->lock, flags);
`;
	const head = 'static int quux_controller_resume(struct quux *q)';
	it('is named by a comment that is new', () => check('quux: fix spin lock issue in resume', '', head, moved('quux_resume() may sleep, do not call it under q->lock.'), 'fixes: sleep-in-atomic'));
	it('is another one', () => check('quux: fix spin lock issue in resume', '', head, moved('quux_suspend() may sleep, this does not.'), 'no-failure'));
});

describe('a race', () => {
	const once = `
 static void quux_reset(struct quux *q)
 {
-	if (quux_bus_read(q->port, &data))
-		return;
-	data &= ~QUUX_BIT;
-	if (quux_bus_write(q->port, data))
+	if (quux_bus_modify(q->port, 0, QUUX_BIT))
 		dev_err(q->dev, "no reset");
 
`;
	const head = 'static int quux_get(struct quux *q)';
	it('of three steps loses what another one writes', () => check('quux: Fix race when resetting', 'The lock is kept during the read-modify-write now.', head, once, 'fixes: lost-data'));
	it('of which nothing more is said is one of a test', () => check('quux: Fix race when resetting', 'The lock is kept now.', head, once, 'fixes: check-then-act'));

	const wrapped = `
-int quux_change(struct quux *q, const char *name)
+static int __quux_change(struct quux *q, const char *name)
 {
 	char buffer[8];
 	struct quux_type *e;
@@ -60,6 +60,16 @@ int quux_change(struct quux *q, const char *name)
 
 	return quux_switch(q, e);
 }
+
+int quux_change(struct quux *q, const char *name)
+{
+	int ret;
+
+	mutex_lock(&q->lock);
+	ret = __quux_change(q, name);
+	mutex_unlock(&q->lock);
+	return ret;
+}
 
`;
	it('in all of a function, around which a lock is taken now', () => check('quux: fix race in quux_change()', 'It is called by others, too.', '', wrapped, 'fixes: data-race, lost-data'));

	const killed = `
 	struct quux *q = to_quux(port);
 
+	tasklet_kill(&q->tasklet);
+
 	device_init_wakeup(&pdev->dev, 0);
 
 	ret = quux_remove_one_port(&quux_uart, port);
 
-	tasklet_kill(&q->tasklet);
 	kfree(q->ring.buf);
`;
	it('with who is stopped too late is one for what is gone', () => check('quux: fix race condition in quux_remove', 'It was called after quux_remove_one_port() which destroys what the tasklet needs.', 'static int quux_remove(struct platform_device *pdev)', killed, 'fixes: use-after-free'));
});

describe('what is stopped', () => {
	const again = `
 	/* Force a look */
-	schedule_delayed_work(&q->irq_work, 0);
-
 	pm_runtime_mark_last_busy(q->dev);
`;
	const head = 'static int quux_stop(struct quux *q)';
	it('is not started again', () => check('quux: remove schedule work called after flush', 'It is already cancelled by quux_remove().', head, again, 'fixes: use-after-free'));
	it('may not be needed', () => check('quux: remove schedule work', 'There is nothing to look at.', head, again, 'no-failure'));
});

describe('interrupts', () => {
	const saved = `
 	bool post;
+	unsigned long flags;
 
-	raw_spin_lock_irq(&q->wait_lock);
+	raw_spin_lock_irqsave(&q->wait_lock, flags);
 	post = __quux_unlock(q);
-	raw_spin_unlock_irq(&q->wait_lock);
+	raw_spin_unlock_irqrestore(&q->wait_lock, flags);
 
`;
	const head = 'void quux_unlock(struct quux *q)';
	it('are off at the caller, whatever another commit is called', () => check('quux: Make quux_unlock() safe for irq-off callsites', 'lockdep reports an inconsistent lock state.\n\nSince 02a7c234e540 ("rcu: Suppress lockdep false-positive complaints") it is called with interrupts off.', head, saved, 'fixes: irq-unsafe-lock'));
	it('are of no matter where nobody speaks of them', () => check('quux: use irqsave', 'As others do.', head, saved, 'no-failure'));
});

describe('a reference', () => {
	const second = `
 	old = quux_insert(&quux_peers, &peer->node);
 	if (old) {
+		netdev_put(dev, &peer->tracker);
 		kfree(peer);
 		return old;
 	}
`;
	const head = 'struct peer *quux_peer_get(struct net_device *dev)';
	it('that is kept is what is waited for for ever', () => check('quux: put the device when another one was first', 'unregister_netdevice hangs: who comes second has taken a reference, too.', head, second, 'fixes: refcount-leak'));

	const asked = (take: string, give: string): string => `
 	page = quux_page(entry);
-	if (page != cached)
+	if (page != cached) {
+		${take}
 		lock_page(page);
+	}
 
 	spin_lock(&q->lock);
 	quux_cow(q, page);
@@ -80,6 +82,8 @@ out:
 	spin_unlock(&q->lock);
-	if (page != cached)
+	if (page != cached) {
 		unlock_page(page);
+		${give}
+	}
 
 	mutex_unlock(&q->mutex);
 }
`;
	it('is taken under a condition that stands there twice', () => check('quux: fix race condition in quux_fault()', 'The ref count drops to zero and unlock_page() panics: take an extra reference to the page.', 'static int quux_fault(struct quux *q)', asked('get_page(page);', 'put_page(page);'), 'fixes: use-after-free'));
});

describe('what is done in the same order', () => {
	const either = `
 		else if (quux_test_set_locked(page))
 			found++;
-		else if (page->mapping) {
-			found += quux_file(page);
+		else {
+			if (page->mapping)
+				found += quux_file(page);
 			quux_clear(page);
 		}
 	}
`;
	it('but under one condition less is something else', () => check('quux: fix race of quux_clear() in quux_referenced()', 'It is missed otherwise.', 'int quux_referenced(struct page *page)', either, 'no-failure'));
});

describe('a jump that is new', () => {
	const label = (line: string): string => `
 
 out_super:
 	quux_deactivate(sb);
+	${line}
 out:
 	quux_cleanup(q);
 	return root;
`;
	const head = 'static struct quux *quux_mount(struct super *sb)';
	it('spares what is done already', () => check('quux: fix double free when the mount fails', 'quux_deactivate() frees it in the end.', head, label('return root;'), 'fixes: use-after-free'));
	it('is of no matter where nobody speaks of that', () => check('quux: return earlier when the mount fails', 'There is nothing to clean up.', head, label('return root;'), 'no-failure'));
});

describe('a condition', () => {
	const alive = (condition: string): string => `
 	quux_now(&now);
 	read_lock(&quux_list_lock);
-	points = quux_score(task->leader, now);
+	if (${condition})
+		points = quux_score(task, now);
 	read_unlock(&quux_list_lock);
 	return points;
 }
`;
	const [subject, words, head] = ['quux: fix the unsafe usage of quux_score()', 'If this task was already released before we take the lock, the leader points to nowhere.', 'static int quux_show(struct task *task)'] as const;
	it('asks whether what is used is there, though that is used otherwise now', () => check(subject, words, head, alive('quux_alive(task)'), 'fixes: use-after-free'));
	it('may ask something else', () => check(subject, words, head, alive('quux_verbose'), 'no-failure'));
	const looked = `
-	if (!quux_suits(sk) ||
-	    sk->state != QUUX_UP) {
+	if (!quux_suits(sk)) {
 		ret = -EOPNOTSUPP;
 		goto out;
 	}
 
 	quux_acquire(sk);
-	ret = quux_update(map, sk);
+	if (sk->state != QUUX_UP)
+		ret = -EOPNOTSUPP;
+	else
+		ret = quux_update(map, sk);
 	quux_release(sk);
`;
	it('is asked anew by who speaks of a TOCTTOU', () => check('quux: Check requirements after locking', 'It is possible to insert in unexpected states, due to a TOCTTOU.\n\nFixes: 604326b41a6f ("quux: new")', 'static int quux_elem(struct map *map, struct sock *sk)', looked, 'fixes: check-then-act'));
});

describe('an order that is called for', () => {
	const fence = (line: string): string => `
 	if (unlikely(task->flags & QUUX_TRAPPING)) {
 		task->flags &= ~QUUX_TRAPPING;
+		${line}
 		quux_wake_bit(&task->flags, QUUX_BIT);
 	}
 }
`;
	const head = 'void quux_clear(struct task *task)';
	it('is that of a fence that the title says is needed', () => check('quux: quux_clear()->quux_wake_bit() needs mb()', 'It asks whether somebody waits.', head, fence('smp_mb();'), 'fixes: data-race'));
	it('is not that of a remark', () => check('quux: quux_clear()->quux_wake_bit() needs mb()', 'It asks whether somebody waits.', head, fence('pr_debug("cleared");'), 'no-failure'));

	const pinned = `
 	lockdep_assert_held(&quux_mutex);
 
+	preempt_disable();
+
 	if (wide)
 		quux_map(addr, QUUX_POKE);
 
 	quux_write(addr);
+
+	preempt_enable();
+
 	return 0;
 }
`;
	it('is that of one CPU', () => check('quux: Disable preemption when using quux_map()', 'It flushes this CPU only, so avoid any task migration to another CPU.', 'static int quux_set(void *addr)', pinned, 'fixes: data-race'));
	it('is none where nobody speaks of CPUs', () => check('quux: Disable preemption when using quux_map()', 'It is quicker.', 'static int quux_set(void *addr)', pinned, 'no-failure'));
});
