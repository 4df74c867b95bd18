import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Code that a patch leaves as it was is presumed to be right, as far as it does not show itself that two of its functions contend: a whole made-up file, and what is said. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'pear', 'name the step', file, true)).toBe(expected);
}

const TYPES = `
struct pear_item { struct list_head node; int weight; };
struct pear { spinlock_t lock; struct list_head items; struct pear_item *best; int step; };
#define pear_for_each(item, next, p) \\
	list_for_each_entry_safe(item, next, &(p)->items, node)
`;

/** Uses what it fetched under the lock behind it. */
const WEIGH = `int pear_weigh(struct pear *p)
{
	struct pear_item *item;

	spin_lock(&p->lock);
	item = p->best;
	spin_unlock(&p->lock);
-	p->step = 1;
+	p->step = 2;
	return item ? item->weight : 0;
}
`;

/** Frees it under the lock. */
const takesAway = (name: string): string => `void ${name}(struct pear *p)
{
	spin_lock(&p->lock);
	kfree(p->best);
	p->best = NULL;
	spin_unlock(&p->lock);
}`;

describe('what is there before and after', () => {
	it('is used by who put it where the other one finds it', () => check(`${TYPES}
int pear_add(struct pear *p)
{
	struct pear_item *item = kzalloc(sizeof(*item), GFP_KERNEL);

	if (!item)
		return -ENOMEM;
	spin_lock(&p->lock);
	p->best = item;
	spin_unlock(&p->lock);
-	p->step = 1;
+	p->step = 2;
	return item->weight;
}
${takesAway('pear_rotate')}`, 'no-failure'));

	it('is fetched and taken away under one lock, and used behind it', () => check(`${TYPES}
${WEIGH}${takesAway('pear_rotate')}`, 'pre-existing'));

	it('is used while the object that holds it is torn down', () => check(`${TYPES}
${WEIGH}${takesAway('pear_destroy_items')}`, 'no-failure'));
});

describe("a walk by the driver's own macro", () => {
	it('ends a lock that was held round it', () => check(`${TYPES}
void pear_drain(struct pear *p)
{
	struct pear_item *item, *next;

-	spin_lock(&p->lock);
	pear_for_each(item, next, p) {
		list_del(&item->node);
		kfree(item);
	}
-	spin_unlock(&p->lock);
}
void pear_push(struct pear *p, struct pear_item *item)
{
	spin_lock(&p->lock);
	list_add(&item->node, &p->items);
	spin_unlock(&p->lock);
}`, 'introduces: lost-data, use-after-free'));
});

describe('what a teardown no longer waits for', () => {
	const PLUM = (subject: string, more = ''): string => `
struct pear_dev { struct work_struct work; struct device *dev; int level; };
static void pear_work(struct work_struct *work)
{
	struct pear_dev *pear = container_of(work, struct pear_dev, work);

	pear->level++;
}
static int pear_probe(struct platform_device *pdev)
{
	struct pear_dev *pear = devm_kzalloc(&pdev->dev, sizeof(*pear), GFP_KERNEL);

	if (!pear)
		return -ENOMEM;
	INIT_WORK(&pear->work, pear_work);
	platform_set_drvdata(pdev, pear);
	schedule_work(&pear->work);
	return 0;
}
static void pear_stop(struct pear_dev *pear)
{
	pear_${subject}(pear);${more}
}
static void pear_remove(struct platform_device *pdev)
{
	struct pear_dev *pear = platform_get_drvdata(pdev);

	pear_stop(pear);
-	cancel_work_sync(&pear->work);
}
static struct platform_driver pear_driver = { .probe = pear_probe, .remove = pear_remove };
`;
	it('may still run, though its callback is in sight', () => check(PLUM('mute'), 'introduces: use-after-free'));
	it('is stopped by what it calls', () => check(PLUM('mute', '\n\tcancel_work_sync(&pear->work);'), 'no-failure'));
});
