import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What a change takes away that the rest of the file still keeps to: a whole made-up file that the hunk shows, and what is said. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'fig', 'simplify', file)).toBe(expected);
}

const TYPES = `
struct fig { spinlock_t lock; spinlock_t nut; int speed; int mode; struct list_head ripe; };
`;

describe('a lock that others hold', () => {
	it('around a store', () => check(`${TYPES}
void fig_set(struct fig *fig, int mode)
{
-	spin_lock(&fig->lock);
 	fig->mode = mode;
-	spin_unlock(&fig->lock);
}

void fig_stop(struct fig *fig)
{
	spin_lock(&fig->lock);
	fig->mode = 0;
	fig_write(fig, 0);
	spin_unlock(&fig->lock);
}
`, 'introduces: lost-data'));

	it('in the same function, elsewhere', () => check(`${TYPES}
void fig_feed(struct fig *fig, int by)
{
	spin_lock(&fig->lock);
	fig->speed += by;
	spin_unlock(&fig->lock);
	fig_write(fig, by);
	spin_lock(&fig->lock);
+	spin_unlock(&fig->lock);
 	fig->speed = 0;
-	spin_unlock(&fig->lock);
}
`, 'introduces: data-race, lost-data'));

	it('around a field of a struct without a name', () => check(`
static DEFINE_MUTEX(fig_mutex);
static struct { int speed; int mode; } figs;

void fig_set(int mode)
{
	mutex_lock(&fig_mutex);
-	figs.mode = mode;
 	mutex_unlock(&fig_mutex);
+	figs.mode = mode;
}

void fig_stop(void)
{
	mutex_lock(&fig_mutex);
	figs.mode = 0;
	mutex_unlock(&fig_mutex);
}
`, 'introduces: lost-data'));

	it('where it was left early before it is taken again', () => check(`${TYPES}
void fig_set(struct fig *fig, int mode)
{
-	spin_lock(&fig->lock);
 	fig->mode = mode;
-	spin_unlock(&fig->lock);
}

int fig_stop(struct fig *fig)
{
	spin_lock(&fig->lock);
	if (!fig->speed)
		goto unlock;
	fig->mode = 1;
	spin_unlock(&fig->lock);
	fig_write(fig, 0);
	spin_lock(&fig->lock);
	fig->mode = 0;
unlock:
	spin_unlock(&fig->lock);
	return 0;
}
`, 'introduces: lost-data'));

	it('where the function first asks for what may be missing', () => check(`${TYPES}
struct fig_tree { struct fig *fig; };
static int fig_find(struct fig_tree *tree)
{
	rcu_read_lock();
	if (!READ_ONCE(tree->fig)) {
		rcu_read_unlock();
		return -ENOENT;
	}
	rcu_read_unlock();
	return 0;
}

void fig_set(struct fig_tree *tree, int mode)
{
	struct fig *fig = tree->fig;

	if (WARN_ON(fig_find(tree)))
		return;
-	spin_lock(&fig->lock);
 	fig->mode = mode;
-	spin_unlock(&fig->lock);
}

void fig_stop(struct fig *fig)
{
	spin_lock(&fig->lock);
	fig->mode = 0;
	fig_write(fig, 0);
	spin_unlock(&fig->lock);
}
`, 'introduces: lost-data'));

	it('and that nobody holds any more', () => check(`${TYPES}
void fig_set(struct fig *fig, int mode)
{
-	spin_lock(&fig->lock);
 	fig->mode = mode;
-	spin_unlock(&fig->lock);
}

void fig_stop(struct fig *fig)
{
-	spin_lock(&fig->lock);
 	fig->mode = 0;
-	spin_unlock(&fig->lock);
}
`, 'no-failure'));

	it('and that all callers hold now', () => check(`${TYPES}
static void fig_set(struct fig *fig, int mode)
{
-	spin_lock(&fig->lock);
 	fig->mode = mode;
-	spin_unlock(&fig->lock);
}

void fig_stop(struct fig *fig)
{
	spin_lock(&fig->lock);
	fig->mode = 0;
	spin_unlock(&fig->lock);
}

void fig_start(struct fig *fig)
{
+	spin_lock(&fig->lock);
 	fig_set(fig, 1);
+	spin_unlock(&fig->lock);
}
`, 'no-failure'));

	it('and that others go without as well', () => check(`${TYPES}
void fig_set(struct fig *fig, int mode)
{
-	spin_lock(&fig->lock);
 	fig->mode = mode;
-	spin_unlock(&fig->lock);
}

void fig_stop(struct fig *fig)
{
	spin_lock(&fig->lock);
	fig->mode = 0;
	spin_unlock(&fig->lock);
}

void fig_pause(struct fig *fig)
{
	fig->mode = 2;
}
`, 'no-failure'));
});

describe('paths that the assumed world would not walk', () => {
	it('a release on a path behind a second look', () => check(`${TYPES}
static bool fig_on;

int fig_pick(struct fig *fig)
{
	if (fig_on) {
		spin_lock(&fig->lock);
		if (!fig_on) {
-			spin_unlock(&fig->lock);
 			return -EAGAIN;
		}
		fig->speed = 1;
		spin_unlock(&fig->lock);
	}
	return 0;
}
`, 'introduces: lock-held-at-return'));

	it('a way out for what does not fail in our world', () => check(`${TYPES}
int fig_start(struct fig *fig)
{
	struct task_struct *task;

	task = kthread_run(fig_thread, fig, "fig");
	if (IS_ERR(task)) {
		spin_lock(&fig->lock);
		fig->mode = 0;
-		spin_unlock(&fig->lock);
 		return PTR_ERR(task);
	}
	spin_lock(&fig->lock);
	fig->mode = 1;
	spin_unlock(&fig->lock);
	return 0;
}
`, 'introduces: lock-held-at-return'));

	it('flags that let a call sleep which nobody shows', () => check(`${TYPES}
void fig_tell(struct fig *fig, struct sk_buff *skb)
{
	spin_lock(&fig->lock);
	if (!list_empty(&fig->ripe))
-		fig_multicast(skb, GFP_ATOMIC);
+		fig_multicast(skb, GFP_KERNEL);
	spin_unlock(&fig->lock);
}
`, 'introduces: sleep-in-atomic'));
});

describe('one half of a pair', () => {
	const USE = `
struct fig_tree { struct kref count; int height; };

static void fig_release(struct kref *count)
{
	kfree(container_of(count, struct fig_tree, count));
}
`;

	it('a reference that is taken', () => check(`${USE}
int fig_measure(struct fig_tree *tree)
{
	int height;

-	kref_get(&tree->count);
 	height = fig_climb(tree);
	tree->height = height;
	return height;
}
`, 'introduces: use-after-free'));

	it('a reference that is taken and dropped', () => check(`${USE}
int fig_measure(struct fig_tree *tree)
{
	int height;

-	kref_get(&tree->count);
 	height = fig_climb(tree);
	tree->height = height;
-	kref_put(&tree->count, fig_release);
	return height;
}
`, 'no-failure'));
});

describe('two locks', () => {
	it('in another order than elsewhere', () => check(`${TYPES}
static struct fig *fig_first;

void fig_prune(struct fig *fig)
{
-	spin_lock(&fig->nut);
	spin_lock(&fig->lock);
+	spin_lock(&fig->nut);
	list_for_each_entry(fig_first, &fig->ripe, ripe)
		fig->speed++;
+	spin_unlock(&fig->nut);
	spin_unlock(&fig->lock);
-	spin_unlock(&fig->nut);
}

void fig_grow(struct fig *fig)
{
	spin_lock(&fig->nut);
	spin_lock(&fig->lock);
	fig->speed = 0;
	spin_unlock(&fig->lock);
	spin_unlock(&fig->nut);
}
`, 'introduces: deadlock'));

	it('what is looked at again under the lock', () => check(`${TYPES}
int fig_shake(struct fig *fig)
{
	if (!fig->mode)
		return 0;
	spin_lock(&fig->lock);
-	if (!fig->mode)
-		goto out;
	fig->speed = 1;
-out:
	spin_unlock(&fig->lock);
	return 1;
}
`, 'introduces: check-then-act'));
});

describe('a read side, in a tree', () => {
	const check = async (file: string, expected: string): Promise<void> => { expect(await saidOfFile(analyzer, 'fig', 'simplify', file, true)).toBe(expected); };

	const FIND = `
struct fig_tree { int height; };
struct fig { struct fig_tree __rcu *tree; struct idr trees; spinlock_t lock; };
`;

	it('around what is only given to a call', () => check(`${FIND}
void fig_tell(struct fig *fig)
{
	struct fig_tree *tree;

-	rcu_read_lock();
 	tree = rcu_dereference(fig->tree);
	if (tree)
		fig_print(fig, tree);
-	rcu_read_unlock();
 }
`, 'introduces: use-after-free'));

	it('around a walk by which nothing is used', () => check(`${FIND}
int fig_exists(struct fig *fig, const char *name)
{
	struct fig_tree *tree;

-	rcu_read_lock();
 	tree = fig_find_tree_rcu(fig, name);
-	rcu_read_unlock();
 	return tree != NULL;
}
`, 'introduces: use-after-free'));

	const USE = (caller: string): string => `${FIND}
static int fig_height(struct fig *fig)
{
	struct fig_tree *tree;
	int height = 0;

-	rcu_read_lock();
 	tree = rcu_dereference(fig->tree);
	if (tree)
		height = tree->height;
-	rcu_read_unlock();
 	return height;
}

int fig_ask(struct fig *fig)
{
	int height;

${caller}
	return height;
}
`;
	it('and the caller takes a lock afterwards', () => check(USE(`	height = fig_height(fig);
	spin_lock(&fig->lock);
	fig_count(fig);
	spin_unlock(&fig->lock);`), 'introduces: use-after-free'));
	it('and the caller is in one', () => check(USE(`	rcu_read_lock();
	if (!fig->lock.rlock.raw_lock.val.counter) {
		rcu_read_unlock();
		return 0;
	}
	height = fig_height(fig);
	rcu_read_unlock();`), 'no-failure'));
});
