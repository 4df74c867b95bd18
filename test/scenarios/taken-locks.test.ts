import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** A lock that a change takes away, or gives back early, and that others in the file still hold: a whole made-up file that the hunk shows, and what is said. */
const check = fileCheck('fig', 'simplify', false);

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
