import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfFile, saidOfHunk } from './hunk-mail';

/** What waits, and what waits for it: a frame that is left, a lock that the callback wants, two objects of a kind. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

describe('a request on the stack that is taken back after a timeout', () => {
	const HEAD = 'static int quux_xfer(struct quux *q, u32 cmd)';
	const WORDS = 'When the answer comes after the timeout the handler writes it to a stack frame that is long gone.';
	const hunk = (out: string): string => `
 	WRITE_ONCE(q->pending, &req);
 	writel(cmd, q->regs + QUUX_REQ);
 
-	if (!wait_for_completion_timeout(&req.done, HZ))
+	if (!wait_for_completion_timeout(&req.done, HZ)) {
${out}+		return -ETIMEDOUT;
+	}
-		return -ETIMEDOUT;
 	return req.code;
 }
`;
	const said = (out: string): Promise<string> => saidOfHunk(analyzer, WORDS, HEAD, hunk(out), 'quux: forget the request after a timeout');
	it('may have been found by then', async () => expect(await said('+		WRITE_ONCE(q->pending, NULL);\n')).toBe('still-fails: use-after-free'));
	it('has not under a lock', async () => expect(await said('+		spin_lock_irq(&q->lock);\n+		q->pending = NULL;\n+		spin_unlock_irq(&q->lock);\n')).toBe('fixes: use-after-free'));
	it('is waited for', async () => expect(await said('+		WRITE_ONCE(q->pending, NULL);\n+		synchronize_irq(q->irq);\n')).toBe('fixes: use-after-free'));
	it('is taken back behind a label that nobody shows', async () => expect(await saidOfHunk(analyzer, 'A late answer finds the request on the stack.', HEAD, `
 	q->pending = &req;
 	writel(cmd, q->regs + QUUX_REQ);
 	if (!wait_for_completion_timeout(&req.done, HZ)) {
-		return -ETIMEDOUT;
+		ret = -ETIMEDOUT;
+		goto out_forget;
 	}
 	return req.code;
`, 'quux: do not leave a stack address behind')).toBe('fixes: use-after-free'));
});

describe('a wait under a lock that the callback takes', () => {
	const hunk = (wait: string): string => `
 	mutex_lock(&q->lock);
 	if (q->enabled) {
 		q->enabled = false;
-		cancel_delayed_work_sync(&q->poll);
${wait} 	}
 	mutex_unlock(&q->lock);
`;
	const said = (wait: string): Promise<string> => saidOfHunk(analyzer, 'Suspend hangs in cancel_delayed_work_sync() with the poll work waiting for q->lock: a deadlock.', 'static int quux_disable(struct quux *q)', hunk(wait), 'quux: avoid a hang in suspend');
	it('is one by another name', async () => expect(await said('+		if (!cancel_delayed_work(&q->poll))\n+			flush_delayed_work(&q->poll);\n')).toBe('still-fails: deadlock'));
	it('is none where nothing is waited for', async () => expect(await said('+		cancel_delayed_work(&q->poll);\n')).toBe('fixes: deadlock'));
});

describe('the locks of two of a kind', () => {
	const HEAD = 'static void quux_move(struct quux *from, struct quux *to)';
	const hunk = (order: string): string => `
 static void quux_move(struct quux *from, struct quux *to)
 {
-	mutex_lock(&from->lock);
-	mutex_lock_nested(&to->lock, SINGLE_DEPTH_NESTING);
${order} 	to->moved++;
 	mutex_unlock(&to->lock);
 	mutex_unlock(&from->lock);
 }
`;
	it('are taken in an order of their own now', async () => expect(await saidBothWays(analyzer, HEAD, hunk('+	if (from > to) {\n+		mutex_lock(&to->lock);\n+		mutex_lock_nested(&from->lock, SINGLE_DEPTH_NESTING);\n+	} else {\n+		mutex_lock(&from->lock);\n+		mutex_lock_nested(&to->lock, SINGLE_DEPTH_NESTING);\n+	}\n')))
		.toEqual(['fixes: deadlock', 'introduces: deadlock']));
	it('are, by who changes their places first', async () => expect((await saidBothWays(analyzer, HEAD, hunk('+	struct quux *a = from, *b = to;\n+\n+	if (a > b)\n+		swap(a, b);\n+	mutex_lock(&a->lock);\n+	mutex_lock_nested(&b->lock, SINGLE_DEPTH_NESTING);\n')))[0]).toBe('fixes: deadlock'));
	it('are, by which of them comes first', async () => expect((await saidBothWays(analyzer, HEAD, hunk('+	mutex_lock(&min(from, to)->lock);\n+	mutex_lock_nested(&max(from, to)->lock, SINGLE_DEPTH_NESTING);\n')))[0]).toBe('fixes: deadlock'));
	it('are not, where one of them is taken twice', async () => expect((await saidBothWays(analyzer, HEAD, hunk('+	mutex_lock(&min(from, to)->lock);\n+	mutex_lock_nested(&min(to, from)->lock, SINGLE_DEPTH_NESTING);\n')))[0]).toBe('introduces: unlock-not-held'));
	it('were before, and which comes first is told in other words', async () => expect(await saidBothWays(analyzer, HEAD, `
 static void quux_move(struct quux *from, struct quux *to)
 {
-	struct quux *a = from < to ? from : to;
-	struct quux *b = from < to ? to : from;
+	struct quux *a = min(from, to);
+	struct quux *b = max(from, to);
 
 	mutex_lock(&a->lock);
 	mutex_lock_nested(&b->lock, SINGLE_DEPTH_NESTING);
 	to->moved++;
 	mutex_unlock(&to->lock);
 	mutex_unlock(&from->lock);
 }
`)).toEqual(['no-failure', 'no-failure']));
	it('were before', async () => expect(await saidBothWays(analyzer, HEAD, hunk('+	mutex_lock(&from->lock);\n+	mutex_lock(&to->lock);\n'))).toEqual(['no-failure', 'no-failure']));
});

describe('a test and what makes it so', () => {
	it('are one step now', async () => expect(await saidBothWays(analyzer, 'static int quux_open(struct inode *inode, struct file *file)', `
 	struct quux *q = container_of(inode->i_cdev, struct quux, cdev);
 	char *rx;
 
-	if (test_bit(QUUX_BUSY, &q->state))
+	if (test_and_set_bit_lock(QUUX_BUSY, &q->state))
 		return -EBUSY;
 
 	rx = vzalloc(QUUX_BUF);
-	set_bit(QUUX_BUSY, &q->state);
 	spin_lock_bh(&q->lock);
 	q->rx = rx;
 	spin_unlock_bh(&q->lock);
`, 'quux: let only one reader in')).toEqual(['fixes: check-then-act', 'introduces: check-then-act']));
});

describe('what the mail says was so before', () => {
	it('is not what it ends', async () => expect(await saidOfHunk(analyzer, 'Take the lock for one bucket at a time. A flow added in parallel may or may not survive the flush, which was so before.', 'void quux_flush(void)', `
 	int i;
 
-	spin_lock_bh(&quux_lock);
 	for (i = 0; i < ARRAY_SIZE(quux_table); i++) {
+		spin_lock_bh(&quux_lock);
 		quux_flush_bucket(&quux_table[i]);
+		spin_unlock_bh(&quux_lock);
+		cond_resched();
 	}
-	spin_unlock_bh(&quux_lock);
 }
`, 'quux: walk the buckets with one lock hold each')).toBe('no-failure'));
});

describe('a walk with a condition under which it is let', () => {
	it('goes over the member that is named before that', async () => expect(await saidOfFile(analyzer, 'quux', 'do not wait for readers under the table lock', `
 static struct quux_flow *quux_find(u32 key)
 {
 	struct quux_flow *flow;
 
 	hlist_for_each_entry_rcu(flow, &quux_table, node, lockdep_is_held(&quux_lock)) {
 		if (flow->key == key)
 			return flow;
 	}
 	return NULL;
 }
 
 int quux_del(u32 key)
 {
 	struct quux_flow *flow;
 
 	spin_lock_bh(&quux_lock);
 	flow = quux_find(key);
 	if (flow)
 		hlist_del_rcu(&flow->node);
 	spin_unlock_bh(&quux_lock);
 	if (flow)
 		kfree_rcu(flow, rcu);
 	return 0;
 }
 
 void quux_flush(void)
 {
 	struct quux_flow *flow;
 	struct hlist_node *tmp;
 
 	spin_lock_bh(&quux_lock);
 	hlist_for_each_entry_safe(flow, tmp, &quux_table, node) {
 		hlist_del_rcu(&flow->node);
-		synchronize_rcu();
-		kfree(flow);
+		kfree_rcu(flow, rcu);
 	}
 	spin_unlock_bh(&quux_lock);
 }
`, true)).toBe('fixes: sleep-in-atomic'));
});
