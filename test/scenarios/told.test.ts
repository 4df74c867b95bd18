import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What is said of a hunk that nothing explains but the mail's own words: the names are made up, and nobody else is in sight. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toBe(expected);
}

const FORGETS = `
 	quux_reset(iter->walker, q);
 	iter->slot = 0;
+	iter->cursor = NULL;
 	return -EAGAIN;
 }
`;

const WRAPPED = `
-static long quux_ioctl(struct quux *q, int cmd)
+static long __quux_ioctl(struct quux *q, int cmd)
 {
 	if (cmd)
 		return quux_select(q);
 	return quux_start(q);
 }
+
+static long quux_ioctl(struct quux *q, int cmd)
+{
+	long ret;
+
+	mutex_lock(&q->ioctl_lock);
+	ret = __quux_ioctl(q, cmd);
+	mutex_unlock(&q->ioctl_lock);
+	return ret;
+}
`;

describe('what the mail says and nothing explains', () => {
	it('a lock around all that there was', () => check('quux: fix race of ioctls', 'quux_select() frees the timer while another thread may be using it.', '', WRAPPED, 'fixes: use-after-free'));
	it('is none where the next patch wants it', () => check('quux: split quux_ioctl()', 'The next patch needs the inner part.', '', WRAPPED, 'no-failure'));
	it('a pointer that is forgotten', () => check('quux: clear the stale cursor', 'The object is freed by the reset, and the next walk is a use-after-free.', 'int quux_walk_start(struct quux_iter *iter, struct quux *q)', FORGETS, 'fixes: use-after-free'));
	it('is not said without the words', () => check('quux: clear the cursor', 'That is what readers of the code expect.', 'int quux_walk_start(struct quux_iter *iter, struct quux *q)', FORGETS, 'no-failure'));
	it('nor where the words deny it', () => check('quux: fix the cursor', 'There is no use-after-free here, and no functional change.', 'int quux_walk_start(struct quux_iter *iter, struct quux *q)', FORGETS, 'no-failure'));
	it('an order that is turned', () => check('quux: fix a deadlock on resize', 'The resize waits for ever for who holds the map.', 'static int quux_resize(struct quux *q)', `
 	q->width = 3;
-	quux_map_enter(q);
 	quux_resize_table(q, 4);
+	quux_map_enter(q);
 	q->height = 2;
`, 'fixes: deadlock'));
	it('an answer that is wiped out', () => check('quux: fix the lost answer of a measurement', 'The handler may answer before the mark is prepared, and the caller waits for ever.', 'static int quux_measure(struct quux *q)', `
 	u8 mode = q->mode;
 
+	quux_mark_prepare(q);
 	quux_hw_begin(q, mode);
-	quux_mark_prepare(q);
 	q->count = 1;
`, 'fixes: deadlock'));
	it('a test that is added', () => check('quux: fix race of two openers', 'Two of them may run concurrently and both go on.', 'static int quux_open(struct quux *q, struct quux_user *u)', `
 	quux_prepare(u);
+	if (quux_has_user(q, u))
+		return -EBUSY;
 	quux_attach_user(q, u);
 	return 0;
 }
`, 'fixes: check-then-act'));
	it('but not where a way goes round it', () => check('quux: fix race of two openers', 'Two of them may run concurrently and both go on.', 'static int quux_open(struct quux *q, struct quux_user *u)', `
 	if (u->early)
 		goto attach;
 	quux_prepare(u);
+	if (quux_has_user(q, u))
+		return -EBUSY;
+	u->seen = 1;
+attach:
 	quux_attach_user(q, u);
 	return 0;
 }
`, 'no-failure'));
	it('something that is done twice', () => check('quux: fix a double free on the error path', 'The caller cleans up as well.', 'static int quux_fill(struct quux *q)', `
 	if (quux_load(q, 3) < 0) {
-		quux_table_release(q->table);
 		return -EIO;
 	}
 	return 0;
 }
`, 'fixes: use-after-free'));
	const UNTESTED = `
 	spin_lock(&q->lock);
 	if (quux_queue_stopped(q)) {
-		if (!quux_running(q))
+		if (!quux_running(q) || !q->tty)
 			goto out;
 		quux_kick(q);
`;
	it('a pointer that another one takes away', () => check('quux: fix NULL pointer dereference on timeout', 'It is cleared when the line is closed.', 'static void quux_timeout(struct quux *q)', UNTESTED, 'fixes: use-after-free'));
	it('but not one that could not be allocated', () => check('quux: fix NULL pointer dereference on close', 'It is NULL where the allocation failed.', 'static void quux_timeout(struct quux *q)', UNTESTED, 'no-failure'));
	it('nor what a revert quotes', () => check('Revert "quux: fix race of two openers"', 'It broke the build.', 'static int quux_open(struct quux *q, struct quux_user *u)', `
 	quux_prepare(u);
-	if (quux_has_user(q, u))
-		return -EBUSY;
 	quux_attach_user(q, u);
+	u->seen = 1;
 	return 0;
 }
`, 'no-failure'));
	it('what sleeps now does not keep anybody from sleeping', () => check('quux: fix the delay', 'This is never called in atomic context.', 'static void quux_settle(struct quux *q)', `
 	quux_gpio(q, 1);
-	mdelay(10);
+	usleep_range(10000, 12000);
 	quux_gpio(q, 0);
 }
`, 'no-failure'));
	it('a way out that goes by a release now', () => check('quux: fix missing unlock on error', '', 'static int quux_evict(struct quux *q)', `
 	t = quux_enter_table(q, &idx);
 	if (!t)
-		return 0;
+		goto leave;
 
 	quux_drop_keys(t);
+leave:
 	quux_leave_table(q, idx);
 	return 0;
 }
`, 'fixes: lock-held-at-return'));
	it('a condition that is taken apart', () => check('quux: fix node refcount leak', '', 'static void quux_parse(struct quux *q)', `
 		child = quux_find_child(q, i);
-		if (!child || !q->state)
+		if (!child)
 			continue;
+		if (!q->state) {
+			quux_put_child(child);
+			continue;
+		}
 
 		quux_read(child);
`, 'fixes: refcount-leak'));
	const MARKED = `
 {
-	return quux_ns(q)->limit & 4;
+	return READ_ONCE(quux_ns(q)->limit) & 4;
 }
`;
	it('a mark on an access', () => check('quux: fix data-races around limit', '', 'static bool quux_limited(struct quux *q)', MARKED, 'fixes: data-race'));
	it('but not without the words', () => check('quux: read limit once', '', 'static bool quux_limited(struct quux *q)', MARKED, 'no-failure'));
	it('a result that is kept over a read side', () => check('quux: fix use-after-free of the table', 'It is freed after a grace period.', 'static int quux_size(struct quux *q)', `
 {
-	return quux_entries(quux_table(q)) + 1;
+	int ret;
+
+	rcu_read_lock();
+	ret = quux_entries(quux_table(q)) + 1;
+	rcu_read_unlock();
+	return ret;
 }
`, 'fixes: use-after-free'));
	it('a guard in a lock\'s place ends nothing', () => check('quux: use guard(mutex)', 'It cannot be forgotten, which would be a deadlock.', 'static int quux_read(struct quux *q, int *val)', `
 	int ret;
 
-	mutex_lock(&q->lock);
+	guard(mutex)(&q->lock);
+
 	ret = quux_reg(q, val);
 	if (ret < 0)
-		goto out;
+		return ret;
 
-	ret = 1;
-out:
-	mutex_unlock(&q->lock);
-	return ret;
+	return 1;
 }
`, 'no-failure'));
	it('a lock for writing in the place of one for reading', () => check('quux: fix use-after-free of the area', 'An unmap that runs in parallel frees it.', 'static int quux_update(struct quux *q)', `
 	int ret;
 
-	mmap_read_lock(q->mm);
+	mmap_write_lock(q->mm);
 	ret = quux_insert(q->area);
-	mmap_read_unlock(q->mm);
+	mmap_write_unlock(q->mm);
 	return ret;
 }
`, 'fixes: data-race, lost-data, use-after-free'));
	it('an unlock of what the next call gives up', () => check('quux: fix use-after-free of the page', 'The table was all that kept it.', 'static int quux_reuse(struct quux *q, struct quux_page *page)', `
 	page->count = 0;
-	quux_reuse_page(q);
 	quux_page_unlock(page);
+	quux_reuse_page(q);
 	return 1;
 }
`, 'fixes: use-after-free'));
	it('what comes behind the rest of a prototype', () => check('quux: fix the check of whether mappings change', 'While the lock is not held, they could have been changed by another thread.', 'extern int quux_copy(struct quux_mm *mm,', `
 		       unsigned long start,
 		       unsigned long len,
+		       atomic_t *changing,
 		       bool wp);
 
 static int quux_fill(struct quux_mm *mm, atomic_t *changing)
 {
 	quux_unlock(mm);
 	quux_prepare(mm);
 	quux_lock(mm);
+	if (changing && atomic_read(changing))
+		return -EAGAIN;
+
 	quux_insert(mm);
 	return 0;
 }
`, 'fixes: check-then-act'));
	it('an early way out that does not see who has just begun to wait', () => check('quux: remove the lockless check of waiters', 'A wakeup is missed where the list is looked at before the waiter is on it.', 'static void quux_wake(struct quux *q)', `
 	unsigned long flags;
 
-	if (!swait_active(&q->wait))
-		return;
-
 	raw_spin_lock_irqsave(&q->lock, flags);
 	quux_wake_locked(q);
 	raw_spin_unlock_irqrestore(&q->lock, flags);
`, 'fixes: deadlock'));
	it('a completion that is made ready only behind what completes it', () => check('quux: fix the order of a transfer', 'It may end before that, losing the completion.', 'static int quux_transfer(struct quux *q, struct quux_tx *tx)', `
 		return -EIO;
 	}
 
+	reinit_completion(&q->done);
 	tx->param = q;
 	cookie = tx->submit(tx);
-	reinit_completion(&q->done);
 
 	ret = quux_error(cookie);
`, 'fixes: deadlock'));
	it('a full barrier in the place of one that orders less', () => check('quux: fix improper use of smp_mb__before_atomic()', 'It does not order the store before it.', 'static void quux_update(struct quux *q, int batch)', `
 		WRITE_ONCE(q->batch, batch);
-		smp_mb__before_atomic();
+		smp_mb();
 		quux_reset(q);
 	}
 }
`, 'fixes: data-race'));
});
