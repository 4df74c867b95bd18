import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Changes that bring and end no race though they look like it, each beside one that does. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (file: string, said: string, inTree = false): Promise<void> => expect(await saidOfFile(analyzer, 'mole', 'simplify', file, inTree)).toBe(said);

const TYPES = `
struct run { struct list_head node; struct rcu_head rcu; int depth; int words[8]; };
struct mole { struct mutex lock; struct list_head runs; struct timer_list timer; struct work_struct work; int count; };
`;

describe('an assertion that the patch adds', () => {
	const file = (caller: string): string => `${TYPES}
static struct run *mole_find(struct mole *mole, int depth)
{
	struct run *run;

+	lockdep_assert_held(&mole->lock);
	list_for_each_entry(run, &mole->runs, node)
		if (run->depth == depth)
			return run;
	return NULL;
}

void mole_drop(struct mole *mole, int depth)
{
	struct run *run;

${caller}	run = mole_find(mole, depth);
	if (run) {
		list_del(&run->node);
		kfree(run);
	}
	mutex_unlock(&mole->lock);
}

int mole_depth(struct mole *mole, int depth)
{
	struct run *run;
	int found = 0;

	mutex_lock(&mole->lock);
	run = mole_find(mole, depth);
	if (run)
		found = run->depth;
	mutex_unlock(&mole->lock);
	return found;
}
`;
	it('tells what callers held before as well', () => check(file('	mutex_lock(&mole->lock);\n'), 'no-failure'));
});

describe('what an attempt frees that has failed', () => {
	const said = (hunk: string): Promise<string> => saidOfHunk(analyzer, 'Free it at once.', 'int mole_add(struct mole *mole, int depth)', hunk, 'mole: do not wait for readers');
	it('nobody has found yet', async () => expect(await said(`
 	return 0;
 
 err_free:
-	kfree_rcu(run, rcu);
+	kfree(run);
 	return err;
 }
`)).toBe('no-failure'));
	it('was found where it is taken out first', async () => expect(await said(`
 	return 0;
 
 err_free:
 	list_del_rcu(&run->node);
-	kfree_rcu(run, rcu);
+	kfree(run);
 	return err;
 }
`)).toBe('introduces: use-after-free'));
});

describe('a lock that is taken later', () => {
	const file = (first: string, end: string): string => `${TYPES}
int mole_dig(struct mole *mole, struct run *run)
{
	lockdep_assert_held(&mole->lock);
	run->depth = mole->count;
	return mole_hw(mole, run->words);
}

int mole_ioctl(struct mole *mole, void __user *arg)
{
	struct run *run;
	int ret = -EINVAL;

-	mutex_lock(&mole->lock);
	${first}
	if (run->depth > 8)
		goto out;
+	mutex_lock(&mole->lock);
	ret = mole_dig(mole, run);
+	mutex_unlock(&mole->lock);
	if (!ret)
		ret = copy_to_user(arg, run, sizeof(*run));
out:
${end}-	mutex_unlock(&mole->lock);
	return ret;
}
`;
	it('than what the function makes for itself is worked on', () => check(file('run = kzalloc(sizeof(*run), GFP_KERNEL);\n	if (!run)\n		goto out;', '	kfree(run);\n'), 'no-failure', true));
});

describe('a timer whose function the patch takes out', () => {
	const file = (stop: string): string => `${TYPES}
-static void mole_timer(struct timer_list *t)
-{
-	struct mole *mole = from_timer(mole, t, timer);
-
-	schedule_work(&mole->work);
-}
-
static void mole_work(struct work_struct *work)
{
	struct mole *mole = container_of(work, struct mole, work);

	mutex_lock(&mole->lock);
	mole->count++;
	mutex_unlock(&mole->lock);
}

void mole_free(struct mole *mole)
{
-	timer_delete_sync(&mole->timer);
-	cancel_work_sync(&mole->work);
+	${stop}(&mole->work);
	kfree(mole);
}

void mole_init(struct mole *mole)
{
	mutex_init(&mole->lock);
-	timer_setup(&mole->timer, mole_timer, 0);
	INIT_WORK(&mole->work, mole_work);
}
`;
	it('runs no more', () => check(file('cancel_work_sync'), 'no-failure', true));
	it('leaves the work item to be waited for', () => check(file('cancel_work'), 'introduces: use-after-free', true));
});

it('a place where nothing may sleep is named, and nothing is said to be wrong there', async () => {
	const hunk = `
 	platform_set_drvdata(pdev, mole);
-	tasklet_setup(&mole->tasklet, mole_complete);
+	INIT_WORK(&mole->bh_work, mole_complete);
 	return 0;
 }
`;
	const said = (words: string): Promise<string> => saidOfHunk(analyzer, words, 'static int mole_probe(struct platform_device *pdev)', hunk, 'mole: use a work item');
	expect(await said('The callbacks run in softirq context as before.')).toBe('no-failure');
	expect(await said('The callbacks run in softirq context, and must not sleep there as they do.')).toBe('fixes: sleep-in-atomic');
});

describe('a wait under a lock that spins', () => {
	const file = (call: string): string => `
struct shaft { spinlock_t lock; wait_queue_head_t wait; int ready; };

int shaft_read(struct shaft *shaft)
{
	int ret;

	spin_lock_irq(&shaft->lock);
-	ret = 0;
+	ret = ${call};
	if (ret) {
		spin_unlock_irq(&shaft->lock);
		return ret;
	}
	shaft->ready = 0;
	spin_unlock_irq(&shaft->lock);
	return 0;
}

void shaft_done(struct shaft *shaft)
{
	spin_lock_irq(&shaft->lock);
	shaft->ready = 1;
	wake_up(&shaft->wait);
	spin_unlock_irq(&shaft->lock);
}
`;
	it('lets go of it where the macro does', () => check(file('wait_event_interruptible_lock_irq(shaft->wait, shaft->ready, shaft->lock)'), 'no-failure'));
	it('sleeps under it where the macro knows no lock', () => check(file('wait_event_interruptible(shaft->wait, shaft->ready)'), 'introduces: sleep-in-atomic'));
});
