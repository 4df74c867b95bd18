import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Patches that do by other means what was done before, each beside one that leaves something of it undone. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'sloe', 'simplify', file, true)).toBe(expected);
}

const unlisted = (walk: string, del: string): string => `
 static struct sloe *sloe_find(u32 id)
 {
 	struct sloe *s;
 
-	list_for_each_entry_rcu(s, &sloes, node, lockdep_is_held(&sloe_lock)) {
+	${walk}(s, &sloes, node) {
 		if (s->id == id)
 			return s;
 	}
 	return NULL;
 }
 
 void sloe_drop(u32 id)
 {
 	struct sloe *s;
 
 	mutex_lock(&sloe_lock);
 	s = sloe_find(id);
 	if (s) {
-		list_del_rcu(&s->node);
-		kfree_rcu(s, rcu);
+		${del}(&s->node);
+		kfree(s);
 	}
 	mutex_unlock(&sloe_lock);
 }
`;

describe('what was freed behind a grace period is freed at once', () => {
	const hunk = (walk: string, del: string): Promise<string> => saidOfHunk(analyzer, 'All of it is done under sloe_lock.', 'static LIST_HEAD(sloes);', unlisted(walk, del));
	it('with a list that is walked under a lock only', async () => expect(await hunk('list_for_each_entry', 'list_del')).toBe('no-failure'));
	it('with a list for readers', async () => expect(await hunk('list_for_each_entry_rcu', 'list_del_rcu')).toBe('introduces: use-after-free'));
});

const exited = (freed: string, then: string): string => `
 	list_del_rcu(&s->node);
${freed} 	mutex_unlock(&sloe_lock);
-	rcu_barrier();
${then} }
`;

describe('callbacks are no longer waited for', () => {
	const hunk = (freed: string, then = ''): Promise<string> => saidOfHunk(analyzer, 'Simplify it.', 'static void __exit sloe_exit(void)', exited(freed, then));
	it('that are gone', async () => expect(await hunk('-	call_rcu(&s->rcu, sloe_free);\n+	kfree_rcu(s, rcu);\n')).toBe('no-failure'));
	it('that are still there', async () => expect(await hunk(' 	call_rcu(&s->rcu, sloe_free);\n')).toBe('introduces: use-after-free'));
	it('whose cache goes away', async () => expect(await hunk('-	call_rcu(&s->rcu, sloe_free);\n+	kfree_rcu(s, rcu);\n', ' 	kmem_cache_destroy(sloe_cache);\n')).toBe('introduces: use-after-free'));
});

const handedOver = (taken: string): string => `
struct sloe { struct list_head node; };
struct sloe_queue { spinlock_t lock; struct list_head waiting; unsigned int nr; };
void sloe_add(struct sloe_queue *q, struct sloe *s)
{
	spin_lock(&q->lock);
	list_add_tail(&s->node, &q->waiting);
	q->nr++;
	spin_unlock(&q->lock);
}
static void sloe_flush(struct sloe_queue *q)
{
	struct sloe *s, *tmp;
	LIST_HEAD(batch);
	if (!READ_ONCE(q->nr))
		return;
	spin_lock(&q->lock);
${taken}	spin_unlock(&q->lock);
	list_for_each_entry_safe(s, tmp, &batch, node) {
		list_del(&s->node);
		kfree(s);
	}
}
`;

it('how many are on a list is nothing once all of them are taken, whatever was seen before', () => check(handedOver(`-	list_for_each_entry_safe(s, tmp, &q->waiting, node) {
-		list_move_tail(&s->node, &batch);
-		q->nr--;
-	}
+	list_splice_tail_init(&q->waiting, &batch);
+	q->nr = 0;
`), 'no-failure'));

const counted = `
struct sloe_set { struct xarray all; };
struct sloe {
-	atomic_t users;
+	refcount_t users;
	u32 id;
	struct sloe_set *set;
	struct rcu_head rcu;
};
void sloe_put(struct sloe *s)
{
-	if (!atomic_dec_and_test(&s->users))
+	if (!refcount_dec_and_test(&s->users))
		return;
	xa_erase(&s->set->all, s->id);
	kfree_rcu(s, rcu);
}
void sloe_hold(struct sloe *s)
{
-	atomic_inc(&s->users);
+	refcount_inc(&s->users);
}
struct sloe *sloe_get(struct sloe_set *set, u32 id)
{
	struct sloe *s;
	rcu_read_lock();
	s = xa_load(&set->all, id);
-	if (s && !atomic_inc_not_zero(&s->users))
+	if (s && !refcount_inc_not_zero(&s->users))
		s = NULL;
	rcu_read_unlock();
	return s;
}
int sloe_queue(struct sloe_set *set, u32 id)
{
	struct sloe *s = sloe_get(set, id);
	int ret;
	if (!s)
		return -ENOENT;
	ret = sloe_start(set, s);
	if (ret)
		sloe_put(s);
	return ret;
}
`;

it('a count of another type keeps nothing that it did not keep before', () => check(counted, 'no-failure'));

const queued = (cancelled: string): string => `
 static int sloe_probe(struct sloe *s)
 {
+	s->wq = alloc_workqueue("sloe", WQ_HIGHPRI, 1);
+	if (!s->wq)
+		return -ENOMEM;
 	return sloe_register(s);
 }
 
 static void sloe_remove(struct sloe *s)
 {
 	sloe_unregister(s);
${cancelled}+	destroy_workqueue(s->wq);
 }
`;

describe('a queue of its own', () => {
	const hunk = (cancelled: string): Promise<string> => saidOfHunk(analyzer, 'Use a queue of our own.', 'struct sloe { struct workqueue_struct *wq; struct work_struct work; };', queued(cancelled));
	it('is nothing to wait for where its work is waited for', async () => expect(await hunk(' 	cancel_work_sync(&s->work);\n')).toBe('no-failure'));
	it('waits for what was not waited for', async () => expect(await hunk('')).toBe('fixes: use-after-free'));
});

const copied = (fetch: string): string => `
struct sloe { struct rcu_head rcu; u8 up[8]; };
struct sloe_if { struct mutex lock; struct sloe __rcu *map; };
u8 sloe_up(struct sloe_if *sif, u8 at)
{
	struct sloe *s;
	u8 up = 0;
	rcu_read_lock();
	s = rcu_dereference(sif->map);
	if (s)
		up = s->up[at];
	rcu_read_unlock();
	return up;
}
int sloe_set(struct sloe_if *sif, u8 at, u8 up)
{
	struct sloe *s, *old;
	mutex_lock(&sif->lock);
-	rcu_read_lock();
-	old = rcu_dereference(sif->map);
+	old = ${fetch};
	s = kmemdup(old, sizeof(*old), GFP_ATOMIC);
-	rcu_read_unlock();
	if (!s) {
		mutex_unlock(&sif->lock);
		return -ENOMEM;
	}
	s->up[at] = up;
	rcu_assign_pointer(sif->map, s);
	mutex_unlock(&sif->lock);
	kfree_rcu(old, rcu);
	return 0;
}
`;

it('what was found in a read side is found under the lock that the patch names', () => check(copied('rcu_dereference_protected(sif->map, lockdep_is_held(&sif->lock))'), 'no-failure'));

const atOnce = (ready: string): string => `
 static void sloe_apply(struct sloe *s)
 {
 	sloe_write(s, s->mode);
 }
 
-static void sloe_work(struct work_struct *work)
-{
-	sloe_apply(container_of(work, struct sloe, work));
-}
-
 void sloe_mode(struct sloe *s, u8 mode)
 {
 	s->mode = mode;
-	schedule_work(&s->work);
+	sloe_apply(s);
 }
 
 int sloe_init(struct sloe *s)
 {
${ready} 	return sloe_register(s);
 }
 
 void sloe_exit(struct sloe *s)
 {
 	sloe_unregister(s);
-	cancel_work_sync(&s->work);
 }
`;

describe('a work item is no longer waited for', () => {
	const hunk = (ready: string): Promise<string> => saidOfHunk(analyzer, 'Do it at once.', 'struct sloe { u8 mode; struct work_struct work; };', atOnce(ready));
	it('and there is none any more', async () => expect(await hunk('-	INIT_WORK(&s->work, sloe_work);\n')).toBe('no-failure'));
	it('that somebody may start', async () => expect(await hunk(' 	INIT_WORK(&s->work, sloe_other);\n')).toBe('introduces: use-after-free'));
});
