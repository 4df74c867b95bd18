import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/**
 * Who else reads or writes in another order, or within a grace period, of whom a change speaks: a hunk of a function that the mail shows in part, and what is said of it; then of its reverse. The names are made
 * up, and nobody's else is in sight.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string, subject?: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, subject)).toEqual([forward, backward]);
}

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
	const ringed = (wasPublished: string, publish: string, of = 'q->head'): string => `
 	u32 head = q->head;
 
 	q->slots[head & q->mask].item = item;
 	q->slots[head & q->mask].len = len;
-	${wasPublished}
+	${publish}
 	return 0;
 }
`.replaceAll('HEAD', of);
	const RING = 'static int quux_produce(struct quux *q, void *item, u32 len)';
	it('a release behind a part of an element', () => check(RING, ringed('HEAD = head + 1;', 'smp_store_release(&HEAD, head + 1);'), 'fixes: data-race', 'introduces: data-race'));
	it('a release of another part of it', () => check(RING, ringed('HEAD = 1;', 'smp_store_release(&HEAD, 1);', 'q->slots[head & q->mask].full'), 'fixes: data-race', 'introduces: data-race'));
	it('not one that was there in other words', () => check(RING, ringed('smp_wmb();\n-	WRITE_ONCE(HEAD, head + 1);', 'smp_store_release(&HEAD, head + 1);'), 'no-failure', 'no-failure'));
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
`, 'fixes: use-after-free', 'introduces: use-after-free'));
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
`, 'fixes: use-after-free', 'introduces: use-after-free'));
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
