import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What fails before and after a change alike: a whole made-up file that the hunk shows, one line of it changed, and what is said. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'plum', 'name the step', file)).toBe(expected);
}

const TYPES = `
struct plum_item { int weight; };
struct plum { spinlock_t lock; struct plum_item *item; int step; };
`;

describe('alike before and after', () => {
	it('two that nothing keeps apart are kept apart by who calls them', () => check(`${TYPES}
int plum_weigh(struct plum *p)
{
-	p->step = 1;
+	p->step = 2;
	return p->item->weight;
}
void plum_empty(struct plum *p)
{
	kfree(p->item);
	p->step = 0;
}`, 'no-failure'));

	it('one that lets go of the lock which both take is an old failure', () => check(`${TYPES}
int plum_weigh(struct plum *p)
{
	struct plum_item *item;

-	p->step = 1;
+	p->step = 2;
	spin_lock(&p->lock);
	item = p->item;
	spin_unlock(&p->lock);
	return item ? item->weight : 0;
}
void plum_empty(struct plum *p)
{
	spin_lock(&p->lock);
	kfree(p->item);
	p->item = NULL;
	p->step = 0;
	spin_unlock(&p->lock);
}`, 'pre-existing'));

	it('bytes behind an object are another object', () => check(`
struct plum_priv { int first; int second; spinlock_t lock; };
struct plum_bus { int id; char priv[]; };
struct plum_seat { int taken; };
static struct plum_seat plum_seat;
int plum_sit(struct plum_bus *bus)
{
	struct plum_priv *priv = (void *)bus->priv;

	plum_seat.taken = 1;
	spin_lock(&priv->lock);
-	priv->first = 1;
+	priv->first = 2;
	spin_unlock(&priv->lock);
	return 0;
}`, 'no-failure'));

	it('a sum of what nobody sets may come out either way', () => check(`${TYPES}
struct plum_plan { int on; int period; };
int plum_plan(struct plum *p, struct plum_plan *plan)
{
	int on = plan->on * 1000;
	int period = plan->period * 1000;

	spin_lock(&p->lock);
	if (period < 200) {
		spin_unlock(&p->lock);
		return -22;
	}
	if (on >= period) {
-		spin_unlock(&p->lock);
		return -22;
	}
	p->step = 1;
	spin_unlock(&p->lock);
	return 0;
}`, 'introduces: lock-held-at-return'));

	it("a caller's lock that is let go and taken again is the caller's", () => check(`${TYPES}
static DEFINE_SPINLOCK(plum_list_lock);
void plum_wait(struct plum *p)
{
	spin_unlock(&plum_list_lock);
-	msleep(10);
+	BUG();
	spin_lock(&plum_list_lock);
}`, 'no-failure'));

	it('a lock by another name, its declaration renamed with it', () => check(`
struct plum {
	int weight;
-	struct mutex lock;
+	struct mutex weigh_lock;
};
static void plum_add(struct plum *p)
{
-	mutex_lock(&p->lock);
+	mutex_lock(&p->weigh_lock);
	p->weight++;
-	mutex_unlock(&p->lock);
+	mutex_unlock(&p->weigh_lock);
}
static void plum_drop(struct plum *p)
{
-	mutex_lock(&p->lock);
+	mutex_lock(&p->weigh_lock);
	p->weight--;
-	mutex_unlock(&p->lock);
+	mutex_unlock(&p->weigh_lock);
}`, 'no-failure'));

	it('another lock is no other name', () => check(`
struct plum { int weight; struct mutex lock; struct mutex other; };
-static void plum_add(struct plum *p) { mutex_lock(&p->lock); p->weight++; mutex_unlock(&p->lock); }
+static void plum_add(struct plum *p) { mutex_lock(&p->other); p->weight++; mutex_unlock(&p->other); }
static void plum_drop(struct plum *p) { mutex_lock(&p->lock); p->weight--; mutex_unlock(&p->lock); }`, 'introduces: data-race, lost-data'));

	it('a function that synchronises nowhere does not meet itself', () => check(`
struct plum_crate { int count; };
struct plum_box { void *bounce; struct plum_crate *crate; };
int plum_set_up(struct plum_box *b)
{
	b->crate = plum_crate_of(b);
-	if (!b->crate)
-		return -ENODEV;
+	if (!b->crate)
+		goto err_bounce;
	return 0;
+err_bounce:
+	kfree(b->bounce);
+	return -ENODEV;
}`, 'no-failure'));
});
