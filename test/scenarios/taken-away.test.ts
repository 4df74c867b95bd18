import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** What a change takes away that the rest of the file still keeps to: a whole made-up file that the hunk shows, and what is said. */
const check = fileCheck('fig', 'simplify', false);

const TYPES = `
struct fig { spinlock_t lock; spinlock_t nut; int speed; int mode; struct list_head ripe; };
`;

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
	const check = fileCheck('fig', 'simplify');

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
