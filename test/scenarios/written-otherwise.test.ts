import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Code that is written otherwise and does the same: what is said of it, by mails that do not say so themselves. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const checkHunk = async (head: string, hunk: string, expected: string): Promise<void> => expect(await saidOfHunk(analyzer, 'As discussed.', head, hunk)).toBe(expected);
const checkFile = async (file: string, expected: string): Promise<void> => expect(await saidOfFile(analyzer, 'plum', 'update', file, true)).toBe(expected);

describe('written otherwise', () => {
	it('a guard that may fail holds nothing then', () => checkHunk('static ssize_t quux_read(struct quux *q, char *to, size_t count)', `
 	ssize_t ret;
 
-	ret = mutex_lock_interruptible(&q->mutex);
-	if (ret)
-		return ret;
-
-	ret = q->gone ? -ENODEV : quux_copy(q, to, count);
-	mutex_unlock(&q->mutex);
-	return ret;
+	scoped_cond_guard(mutex_intr, return -EINTR, &q->mutex)
+		return q->gone ? -ENODEV : quux_copy(q, to, count);
 }`, 'no-failure'));
	it('each round of a loop whose head is not shown frees another entry', () => checkHunk('static void quux_discard(struct work_struct *work)', `
 			err = quux_load(q, fd->group);
 			if (err) {
-				kmem_cache_free(quux_cache, fd);
 				group = -1;
-				continue;
-			} else {
-				group = fd->group;
+				goto free;
 			}
+			group = fd->group;
 			quux_trim(q, fd->start);
 		}
+free:
 		kmem_cache_free(quux_cache, fd);
 	}`, 'no-failure'));
	it('what is read under a lock of its object stays, whoever is waited for meanwhile', () => checkFile(`
struct plum_panel { struct mutex lock; int on; };
struct plum { struct plum_panel *panel; struct mutex lock; int enabled; };

void plum_enable(struct plum *p)
{
	mutex_lock(&p->lock);
-	mutex_lock(&p->panel->lock);
-	p->panel->on = 1;
-	mutex_unlock(&p->panel->lock);
+	if (!plum_is_blank) {
+		mutex_lock(&p->panel->lock);
+		p->panel->on = 1;
+		mutex_unlock(&p->panel->lock);
+	}
	p->enabled = 1;
	mutex_unlock(&p->lock);
}`, 'no-failure'));
	it('what was taken off its list under the lock may be freed outside of it, and ways out release by themselves', () => checkFile(`
struct plum_item { struct list_head node; int id; };
struct plum { struct mutex lock; struct list_head items; };

static struct plum_item *plum_find(struct plum *p, int id)
{
	struct plum_item *item;

	list_for_each_entry(item, &p->items, node)
		if (item->id == id)
			return item;
	return NULL;
}
int plum_del(struct plum *p, int id)
{
	struct plum_item *item;
-	int ret = -ENOENT;
+	int ret;

	mutex_lock(&p->lock);
	item = plum_find(p, id);
-	if (item) {
-		ret = plum_hw_del(p, id);
-		if (!ret) {
-			list_del(&item->node);
-			kfree(item);
-		}
+	if (!item) {
+		mutex_unlock(&p->lock);
+		return -ENOENT;
+	}
+	ret = plum_hw_del(p, id);
+	if (ret) {
+		mutex_unlock(&p->lock);
+		return ret;
	}
+	list_del(&item->node);
	mutex_unlock(&p->lock);
-	return ret;
+	kfree(item);
+	return 0;
}`, 'no-failure'));
	it('readers that a lock kept out before need no grace period then', () => checkFile(`
struct plum { struct list_head node; struct rcu_head rcu; int id; };
static LIST_HEAD(plums);
-static DEFINE_RWLOCK(plum_lock);
+static DEFINE_SPINLOCK(plum_lock);

int plum_has(int id)
{
	struct plum *p;
	int found = 0;

-	read_lock(&plum_lock);
-	list_for_each_entry(p, &plums, node)
+	rcu_read_lock();
+	list_for_each_entry_rcu(p, &plums, node)
		if (p->id == id)
			found = 1;
-	read_unlock(&plum_lock);
+	rcu_read_unlock();
	return found;
}
void plum_del(struct plum *p)
{
-	write_lock(&plum_lock);
-	list_del(&p->node);
-	write_unlock(&plum_lock);
-	kfree(p);
+	spin_lock(&plum_lock);
+	list_del_rcu(&p->node);
+	spin_unlock(&plum_lock);
+	kfree_rcu(p, rcu);
}`, 'no-failure'));
	it('an access is marked of which the mail says that the race does not matter', async () =>
		expect(await saidOfHunk(analyzer, 'KCSAN reports a data race on q->seen. It is only a statistic, the race is harmless.', 'static void quux_rx(struct quux *q)', `
 	q->length++;
-	q->seen++;
+	data_race(q->seen++);
 	quux_kick(q);
 }`, 'quux: annotate q->seen')).toBe('no-failure'));
	it('a list is taken over under the lock and worked on without it', () => checkHunk('static void quux_cleanup(struct timer_list *t)', `
 	struct quux_event *event, *tmp;
+	LIST_HEAD(events);
 
 	spin_lock(&q->event_lock);
-	list_for_each_entry_safe(event, tmp, &q->pending, list) {
+	list_splice_init(&q->pending, &events);
+	spin_unlock(&q->event_lock);
+
+	list_for_each_entry_safe(event, tmp, &events, list) {
 		if (++event->count >= QUUX_TIMEOUT) {
 			list_del(&event->list);
 			kfree(event);
 		}
 	}
+
+	spin_lock(&q->event_lock);
+	list_splice(&events, &q->pending);
 	spin_unlock(&q->event_lock);
 }`, 'no-failure'));
	it('what a firmware image leaks is memory, no reference', async () =>
		expect(await saidOfHunk(analyzer, 'The image is leaked every time the codec is probed.', 'static int quux_load(struct quux *q)', `
 	mutex_lock(&q->lock);
 	q->coeffs = coeffs;
 	mutex_unlock(&q->lock);
+	release_firmware(fw);
 
 	return 0;
 }`, 'quux: free the firmware image after it was parsed')).toBe('no-failure'));
	it('a mutex becomes a spin lock under which nothing sleeps', async () =>
		expect(await saidOfHunk(analyzer, 'The sections are short. Nothing sleeps with the lock held.', 'static void quux_set(struct quux *q, int level)', `
 	struct quux_led *led = q->led;
 
-	mutex_lock(&led->lock);
+	spin_lock(&led->lock);
 	led->level = level;
 	led->dirty = true;
-	mutex_unlock(&led->lock);
+	spin_unlock(&led->lock);
 	schedule_work(&led->work);
 }`, 'quux: use a spinlock for the cache')).toBe('no-failure'));
	it('a barrier in a section of a lock is not needed by those who take it', () => checkFile(`
struct plum { spinlock_t lock; u64 *desc; unsigned int prod, cons, size; };

int plum_post(struct plum *p, u64 desc)
{
	spin_lock_bh(&p->lock);
	p->desc[p->prod % p->size] = desc;
-	smp_wmb();
	p->prod++;
	spin_unlock_bh(&p->lock);
	return 0;
}
int plum_next(struct plum *p, u64 *desc)
{
	int found = 0;

	spin_lock_bh(&p->lock);
	if (p->cons != p->prod) {
		*desc = p->desc[p->cons % p->size];
		p->cons++;
		found = 1;
	}
	spin_unlock_bh(&p->lock);
	return found;
}`, 'no-failure'));
});
