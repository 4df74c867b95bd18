import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** How mails say what their patches end, and where in the lines that may lie: made-up hunks, each beside one that says or does something else. */
const checkHunk = hunkCheck();
const check = (subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> => checkHunk(head, hunk, expected, words, subject);

describe('who waits', () => {
	const shut = (line: string): string => `
 	if (!s)
 		return;
 
+	${line}
+
 	mutex_lock(&s->pool->lock);
 	quux_take_out(s);
`;
	it('does so for what comes behind the lock', () => check('quux: fix UAF in quux_next()', 'A worker still uses the pool after it was freed.', 'void quux_shut(struct quux_shell *s)', shut('synchronize_rcu();'), 'fixes: use-after-free'));
	it('is not who prints', () => check('quux: fix UAF in quux_next()', 'A worker still uses the pool after it was freed.', 'void quux_shut(struct quux_shell *s)', shut('pr_debug("shut");'), 'no-failure'));
	const LAST = `
 		quux_forget_handler(q->handle, type,
 				    quux_notify);
 	}
+	quux_wait_events_complete();
 }
 
 /* Handle events. */
`;
	it('may be all that is shown', () => check('quux: ensure that handlers are not running after removal', 'quux_forget() may return while the handler being removed is still running.', 'static void quux_forget(struct quux *q)', LAST, 'fixes: use-after-free'));
	it('is none of whom nothing is said', () => check('quux: quux_forget() is slow', 'It polls.', 'static void quux_forget(struct quux *q)', LAST, 'no-failure'));
});

describe('what nobody else sees', () => {
	const loop = (place: string): string => `
 		if (quux_is_own(ring, skb)) {
 			quux_put_back(skb);
+			${place} = NULL;
 			continue;
 		}
 
`;
	it('is a local variable', () => check('quux: fix use-after-free in the ring', 'The next round uses what was freed.', 'static int quux_clean(struct quux_ring *ring)', loop('skb'), 'no-failure'));
	it('is not a field', () => check('quux: fix use-after-free in the ring', 'The next round uses what was freed.', 'static int quux_clean(struct quux_ring *ring)', loop('ring->skb'), 'fixes: use-after-free'));
});

describe('data that are corrupted', () => {
	const copied = `
 	unsigned short *p = q->pos;
 
 	quux_forget(q, nr);
-	quux_copy_words(p, p + nr, (q->columns - nr) * 2);
+	quux_shift_words(p, p + nr, (q->columns - nr) * 2);
 	quux_clear(q);
`;
	const HEAD = 'static void quux_delete(struct quux *q, unsigned int nr)';
	it('by a copy onto itself are so whoever else is there', () => check('quux: fix copy of the line', 'The copy can cause data corruption when it is done by memcpy, as the source overlaps with the destination.', HEAD, copied, 'no-failure'));
	it('by a write that leaves its buffer are so whoever else is there', () => check('quux: fix copy of the line', 'An out-of-bounds write can cause data corruption.', HEAD, copied, 'no-failure'));
	it('by somebody else are not', () => check('quux: fix copy of the line', 'An out-of-bounds write can cause data corruption when it races with a resize.', HEAD, copied, 'fixes: lost-data'));
	it('in no way that is told', () => check('quux: fix copy of the line', 'The copy can cause data corruption.', HEAD, copied, 'fixes: lost-data'));
});

describe('a lock that a function demands', () => {
	const locked = (line: string): string => `
 	if (q->closed)
 		return -EOPNOTSUPP;
 
-	if (lock_it) {
-		quux_lock(q);
-		if (mode & QUUX_HOLE)
-			quux_write_back(q);
-	}
${line}
+	if (mode & QUUX_HOLE)
+		quux_write_back(q);
 
 	if (!(mode & QUUX_KEEP))
 		quux_check(q);
`;
	const HEAD = 'static long quux_allocate(struct quux *q, int mode)';
	const demanded = (words: string, line: string, expected: string): Promise<void> => check('quux: fix quux_allocate()', words, HEAD, locked(line), expected);
	it('is taken whatever the mode is', () => demanded('quux_touch() must be called with the quux lock held.', '+\tquux_lock(q);', 'fixes: assertion'));
	it('as that is put otherwise', () => demanded('quux_touch() expects the quux mutex to be held.', '+\tquux_lock(q);', 'fixes: assertion'));
	it('is none that must not be held', () => demanded('quux_touch() must not be called with the quux lock held.', '+\tquux_lock(q);', 'no-failure'));
	it('is still taken for some only', () => demanded('quux_touch() must be called with the quux lock held.', '+\tif (lock_it)\n+\t\tquux_lock(q);', 'no-failure'));
	it('is not what is only written in another order', () => demanded('quux_touch() wants more room.', '+\tquux_lock(q);', 'no-failure'));
});

describe('a call with less', () => {
	const stopped = (was: string, now: string): string => `
-static void quux_stop(struct quux *q, bool soon)
+static void quux_stop(struct quux *q)
 {
 	if (!cmpxchg(&q->stopped, 0, 1))
 		quux_quiet(q);
 }
 
 static void quux_block(struct quux *q)
 {
 	mutex_lock(&q->lock);
-	${was}
-	mutex_unlock(&q->lock);
+	/* Otherwise a simultaneous quux_start() call might let it go before we stop it. */
+	${now}
+	mutex_unlock(&q->lock);
 }
`;
	it('of what takes less now is none that was not there', () => check('quux: don\'t wait in quux_stop()', 'It has just two callers.', '', stopped('quux_stop(q, false);', 'quux_stop(q);'), 'no-failure'));
	it('of something else is', () => check('quux: don\'t wait in quux_stop()', 'It has just two callers.', '', stopped('quux_note(q);', 'quux_halt(q);'), 'fixes: check-then-act'));
});

describe('words', () => {
	const asked = (remark: string): string => `
 	quux_assert_off();
 
+	/*
+	 * ${remark}
+	 */
+	if (q->leaving)
+		return;
+
 	/* There is no point in going on. */
`;
	it('of a comment, where the mail has none', () => check('Patch CVE-2031-12345', 'See the reference.', 'void quux_run(struct quux *q)', asked('Otherwise a concurrent quux_drop() may miss it.'), 'fixes: check-then-act'));
	it('that say nothing', () => check('Patch CVE-2031-12345', 'See the reference.', 'void quux_run(struct quux *q)', asked('What leaves is of no interest.'), 'no-failure'));
	const AGAIN = `
 	mode = q->mode;
+	err = quux_permission(q, mode);
 	quux_unlock(q);
 
+	if (err)
+		return;
+
 	quux_take_mode(q, mode);
`;
	it('of what there is not are no claim', () => check('quux: fix ToCToU between check and use of the mode', 'The mode may have changed since. It is understood that this is safe against dead-locks.', 'static void quux_fill(struct quux *q)', AGAIN, 'fixes: check-then-act'));
	const TWICE = `
 	mutex_lock(&quux_mutex);
-	quux_unregister_unlocked(hook);
+	if (!list_empty(&hook->list))
+		quux_unregister_unlocked(hook);
 	mutex_unlock(&quux_mutex);
 }
`;
	it('of who was unregistered before speak of no thread', () => check('quux: fix possible crash when unregistering a hook', 'The hook may already be unregistered because it failed.', 'void quux_unregister(struct quux_hook *hook)', TWICE, 'no-failure'));
	it('of who runs at once do', () => check('quux: fix possible crash when unregistering a hook', 'The hook may be unregistered concurrently, and freed while it is used.', 'void quux_unregister(struct quux_hook *hook)', TWICE, 'fixes: use-after-free'));
});

describe('what is known', () => {
	it('a module that is put does not end the way', () => check('quux: restore a missing call', 'It was lost by mistake.', 'static void quux_destroy(struct quux *q)', `
 	cancel_delayed_work_sync(&port->connect_worker);
 	quux_close(q);
+	cancel_work_sync(&port->error_worker);
 	quux_free(q);
 	module_put(THIS_MODULE);
 }
`, 'fixes: use-after-free'));
	it('nor does what is handed out and whose type nobody tells', () => check('quux: fix race of the tail', 'The tail may be taken off concurrently.', 'static long quux_wait(struct sock *sk)', `
 		prepare_to_wait(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
 
+		spin_lock(&sk->quux_lock);
 		tail = quux_tail(sk);
+		spin_unlock(&sk->quux_lock);
 		if (tail)
 			break;
`, 'fixes: data-race, lost-data'));
	const seqlock = (off: string, write: string, on: string, end: string): string => `
-	local_irq_save(flags);
-	write_seqlock(&quux_seq);
+	${off}
+	${write}
 	quux_build(node);
-	write_sequnlock(&quux_seq);
-	local_irq_restore(flags);
+	${end}
+	${on}
 }
`;
	const RT = 'The lock becomes a sleeping lock on PREEMPT_RT and must not be acquired with disabled interrupts.';
	it('a lock that sleeps with PREEMPT_RT', () => check('quux: use write_seqlock_irqsave()', RT, 'static void quux_rebuild(int node)', seqlock('write_seqlock_irqsave(&quux_seq, flags);', 'quux_enter();', 'quux_leave();', 'write_sequnlock_irqrestore(&quux_seq, flags);'), 'fixes: sleep-in-atomic'));
	it('is taken with interrupts off still', () => check('quux: use local_irq_disable()', RT, 'static void quux_rebuild(int node)', seqlock('local_irq_disable();', 'write_seqlock(&quux_seq);', 'local_irq_enable();', 'write_sequnlock(&quux_seq);'), 'still-fails: sleep-in-atomic'));
});

describe('more words', () => {
	const READY = (condition: string): string => `
 	int ret = 0;
 
-	if (!q)
+	if (${condition})
 		return 0;
 
 	page = quux_page(q);
`;
	it('what is not ready yet', () => check('quux: prevent reading the table until it is ready', 'If it gets read before the table is fully set up, more is read than was written.', 'static ssize_t quux_read(struct quux *q)', READY('!q || !q->end'), 'fixes: check-then-act'));
	it('what is ready and empty', () => check('quux: prevent reading of an empty table', 'It is a waste of time.', 'static ssize_t quux_read(struct quux *q)', READY('!q || !q->end'), 'no-failure'));
	const TRY = (words: string): Promise<void> => check('quux: use mutex_trylock() in the shrinker', words, 'static unsigned long quux_shrink(struct quux *q)', `
 	unsigned long freed = 0;
 
-	mutex_lock(&q->pool->lock);
+	if (!mutex_trylock(&q->pool->lock))
+		return 0;
 	list_for_each_entry(p, &q->pool->list, list)
 		freed += quux_count(p);
`, words.includes('deadlock') ? 'fixes: deadlock' : 'no-failure');
	it('who only tries is not stuck', () => TRY('An allocation with the lock held causes someone to deadlock when this is called.'));
	it('who only tries may do so for speed', () => TRY('There is no point in waiting.'));
	const ENTRIES = (line: string): string => `
 	while (!done) {
 		while ((crq = quux_next(q)) != NULL) {
+			${line}
 			quux_handle(crq, q);
 			crq->first = 0;
 		}
`;
	it('what is read in order', () => check('quux: fix the order in which entries are read', 'Ensure that entries are read in order. A dma_rmb barrier has been added before the entry is looked at.', 'static void quux_tasklet(struct quux *q)', ENTRIES('dma_rmb();'), 'fixes: data-race'));
	const BH = (off: string, on: string): string => `
 	err = quux_cipher(req);
+	${off}
 	quux_finalize(engine, req, err);
+	${on}
 
 	return 0;
 }
`;
	it('softirqs that take what is called with them on', () => check('quux: fix recursion, finalize with BH disabled', 'It produces a spinlock recursion warning.', 'static int quux_handle(struct quux *engine, void *req)', BH('local_bh_disable();', 'local_bh_enable();'), 'fixes: deadlock'));
	it('what only counts does not', () => check('quux: fix the count of what is finalized', 'It produces a spinlock recursion warning.', 'static int quux_handle(struct quux *engine, void *req)', BH('engine->seen++;', 'engine->done++;'), 'no-failure'));
	const CANCELS = (line: string): string => `
 	mutex_unlock(&q->lock);
 	wait_for_completion_killable(&data->c);
+	if (!data->completed)
+		${line}
 	mutex_lock(&q->lock);
`;
	it('what is cancelled where it may still come, before a lock', () => check('quux: cancel delayed work', 'It referred to stale data, and resulted in an oops when the work ran.', 'static int quux_transmit(struct quux *q, struct quux_data *data)', CANCELS('cancel_delayed_work_sync(&data->work);'), 'fixes: use-after-free'));
	it('what is cancelled though nothing uses it', () => check('quux: cancel delayed work', 'Nothing uses the data any more.', 'static int quux_transmit(struct quux *q, struct quux_data *data)', CANCELS('cancel_delayed_work_sync(&data->work);'), 'no-failure'));
	const POINTER = (was: string, now: string): string => `
 	new[pos] = 0;
 
-	rcu_assign_pointer(*(${was})file->private_data, new);
+	rcu_assign_pointer(*(${now})file->private_data, new);
 	quux_wait(q);
`;
	it('where a pointer points, as those are told who read the code', () => check('quux: fix comparison of types', 'rcu_assign_pointer() expects that.', 'static ssize_t quux_write(struct quux *q, struct file *file)', POINTER('char **', 'char __rcu **'), 'no-failure'));
	it('what is handled in order', () => check('quux: fix the order in which entries are counted', 'Ensure that entries are counted in order.', 'static void quux_tasklet(struct quux *q)', ENTRIES('q->seen++;'), 'no-failure'));
});
