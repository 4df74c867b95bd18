import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Shapes that the patches of strangers have, each over made-up names, beside one that looks alike and is to be left alone. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toBe(expected);
}

const WIDER = `
 
 	order = &next->order;
 
+	spin_lock(&order->lock);
 	if (!list_empty(&order->list)) {
 		job = list_entry(order->list.next, struct quux_job, list);
 
-		spin_lock(&order->lock);
 		list_del_init(&job->list);
-		spin_unlock(&order->lock);
 
 		q->done++;
 
+		spin_unlock(&order->lock);
 		goto out;
 	}
+	spin_unlock(&order->lock);
 
 	if (this_cpu_read(q->index) == next->index) {
 		job = ERR_PTR(-ENODATA);
`;

const CONVERTED = (failing: string): string => `
 
 static void quux_get(struct quux *q)
 {
-	if (!atomic_inc_not_zero(&q->users))
-		${failing};
+	refcount_inc(&q->users);
 }
 
 static void quux_put(struct quux *q)
 {
-	if (atomic_dec_and_test(&q->users))
+	if (refcount_dec_and_test(&q->users))
 		kfree(q);
 }
`;

const OTHER_LOCK = `
 	if (type == QUUX_LATER) {
-		mutex_lock(&q->port_lock);
+		mutex_lock(&hub->lock);
 
 		if (q->gone)
 			goto out;
 	}
@@ -60,7 +60,7 @@ static void quux_start(struct quux *q)
 		q->started = 1;
  out:
 		quux_idle(q);
-		mutex_unlock(&q->port_lock);
+		mutex_unlock(&hub->lock);
 	}
 
 	quux_drop(q);
`;
const EARLIER = `
 		q->users++;
 		req->iocb = iocb;
+		req->size = len;
 		err = quux_submit(req);
 
-		if (err == -EINPROGRESS) {
-			req->size = len;
+		if (err == -EINPROGRESS)
 			return -EIOCBQUEUED;
-		}
 
 		quux_drop(q);
`;
const STOPPED = `
 	WARN_ON(!q->port);
 
+	disable_irq(q->irq);
 	quux_write(q, QUUX_ENABLE, 0);
+	enable_irq(q->irq);
 	q->port = NULL;
 
 	return 0;
`;
const RAW = `
 	trace_quux(q);
 
-	spin_lock_irq(&quux_state_lock);
+	raw_spin_lock_irq(&quux_state_lock);
 	if (quux_pending())
 		goto out;
 
 	quux_state = 1;
-	spin_unlock_irq(&quux_state_lock);
+	raw_spin_unlock_irq(&quux_state_lock);
 
 	msleep(10);
`;
const RETURNS = `
 	fd = get_unused_fd_flags(O_CLOEXEC);
 	if (fd < 0) {
 		fput(file);
-		goto out;
+		return fd;
 	}
 
 	q->owner = file_inode(file);
`;

const QUEUED = `
 
 static void quux_wake(struct quux *q)
 {
-	if (q == quux_list || q->next)
+	if (test_and_set_bit(QUUX_QUEUED, &q->flags))
 		return;
 
 	quux_get(q);
 
 	spin_lock(&quux_list_lock);
`;

const TIMER = `
 {
 	struct quux_sock *qs = quux_sk(sk);
 
-	mod_timer(&qs->timer, jiffies + qs->delay);
+	quux_reset_timer(sk, &qs->timer, jiffies + qs->delay);
 }
`;

describe('words of trouble', () => {
	const head = 'static void quux_start(struct quux *q, struct quux_hub *hub)';
	it('another lock, as the first was not enough', () => check('quux: fix the locking in quux_start()', 'It is not adequate to provide mutual exclusion with quux_stop(), which holds the same lock as the others.', head, OTHER_LOCK, 'fixes: check-then-act, data-race'));
	it('another lock, to wait less', () => check('quux: use the lock of the hub in quux_start()', 'There is less contention on it.', head, OTHER_LOCK, 'no-failure'));
	it('taken over by a stable kernel', () => check('quux: change the locking in quux_start()', 'commit 07d316a22e119fa301fd7dba7f1e1adfd4f72c05 upstream.\n\nThe locking is not adequate to provide mutual exclusion with quux_stop().', head, OTHER_LOCK, 'fixes: check-then-act, data-race'));
	it('for the sake of another one', () => check('quux: change the locking in quux_start()', 'commit 07d316a22e119fa301fd7dba7f1e1adfd4f72c05 upstream.\n\nThe locking is not adequate to provide mutual exclusion with quux_stop().\n\nStable-dep-of: 0123456789ab ("quux: fix it")', head, OTHER_LOCK, 'no-failure'));
	it('what may be gone behind a call', () => check('quux: fix race accessing a request', 'The callback deletes the request, which must not be accessed any more then.', 'static int quux_read(struct quux *q, struct quux_req *req)', EARLIER, 'fixes: use-after-free'));
	it('who runs is stopped, of what is unregistered', () => check('quux: avoid race when unregistering a port', 'A NULL pointer can be accessed if an interrupt is running.', 'static int quux_unregister(struct quux *q)', STOPPED, 'fixes: use-after-free'));
	it('a lock that spins with PREEMPT_RT as well, in a function that sleeps elsewhere', () => check('quux: make the lock a raw one to fix a warning', 'It is taken with interrupts disabled; avoids "sleeping while atomic" warnings on RT.', 'static void quux_enter(struct quux *q)', RAW, 'fixes: sleep-in-atomic'));
	it('a timer that keeps a reference', () => check('quux: switch to the timers of sockets', 'They handle its count; that could fix a refcounting bug.\n\nReported-by: syzbot+defa700d16f1bd1b9a05@syzkaller.appspotmail.com', 'void quux_start_timer(struct sock *sk)', TIMER, 'fixes: use-after-free'));
	it('a timer that is started by another name', () => check('quux: switch to the timers of sockets', 'They handle its count.', 'void quux_start_timer(struct sock *sk)', TIMER, 'no-failure'));
	it('a reference that is taken once more', () => check('quux: do not enqueue the same one twice', 'The last on the list is queued again, which is a refcount leak.', 'struct quux_list {', QUEUED, 'fixes: refcount-leak'));
	it('the same, to test less', () => check('quux: one test will do', 'A bit says it as well.', 'struct quux_list {', QUEUED, 'no-failure'));
	it('what is released twice on a way out', () => check('quux: avoid the duplicated release of the context', 'It is freed by fput() already, so return directly.', 'static int quux_create(struct quux *q)', RETURNS, 'fixes: use-after-free'));
	it('the same as a clean-up', () => check('quux: return directly', 'That reads better.', 'static int quux_create(struct quux *q)', RETURNS, 'no-failure'));
});

describe('a part of what nobody shows', () => {
	it('is no other field of it', () => check('quux: avoid race in ordering', 'Two threads can take the same job.', 'static struct quux_job *quux_next(struct quux *q)', WIDER, 'fixes: check-then-act, data-race'));
});

describe('a count of another type', () => {
	it('whose being zero was asserted', () => check('quux: convert quux::users to refcount_t', 'refcount_t can prevent overflows, reducing the exploitability of reference leak bugs.', 'struct quux {', CONVERTED('BUG()'), 'no-failure'));
	it('whose being zero was minded', () => check('quux: convert quux::users to refcount_t', 'refcount_t can prevent overflows.', 'struct quux {', CONVERTED('return'), 'introduces: resurrection'));
});
