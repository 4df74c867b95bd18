import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** Who takes everything down in the end, keeps nobody off and is not what the patch is about, meets nobody. */
describe('what takes down what is left', () => {
	const check = fileCheck('quux', 'free them at once');
	const file = (mark: string, name: string, more = ''): string => `
struct quux { struct list_head node; int size; };
static LIST_HEAD(quux_list);
static DEFINE_MUTEX(quux_lock);

void quux_drop(int size)
{
	struct quux *q, *tmp;

	mutex_lock(&quux_lock);
	list_for_each_entry_safe(q, tmp, &quux_list, node) {
		if (q->size == size) {
-			list_del_init(&q->node);
+			list_del(&q->node);
+			kfree(q);
		}
	}
	mutex_unlock(&quux_lock);
}

${mark}void ${name}(void)
{
	struct quux *q, *tmp;

${more}	list_for_each_entry_safe(q, tmp, &quux_list, node)
		kfree(q);
}
`;
	it('meets nobody, as a mark or its name says', async () => {
		await check(file('static void __exit ', 'quux_unload').replace('__exit void', '__exit'), 'no-failure');
		await check(file('', 'quux_fini'), 'no-failure');
	});
	it('meets the others where neither does', () => check(file('', 'quux_flush'), 'introduces: use-after-free'));
});

describe('a function that is called before anybody else comes', () => {
	const check = fileCheck('quux', 'no lock in quux_reset()');
	const file = (first: string, then: string): string => `
struct quux { spinlock_t lock; int data; int irq; };
static irqreturn_t quux_irq(int irq, void *data)
{
	struct quux *q = data;

	spin_lock(&q->lock);
	q->data++;
	spin_unlock(&q->lock);
	return IRQ_HANDLED;
}
int quux_set(struct quux *q, int data)
{
	spin_lock_irq(&q->lock);
	q->data = data;
	spin_unlock_irq(&q->lock);
	return 0;
}
static void quux_reset(struct quux *q)
{
-	unsigned long flags;
-
-	spin_lock_irqsave(&q->lock, flags);
	q->data = 0;
-	spin_unlock_irqrestore(&q->lock, flags);
}
static int quux_probe(struct platform_device *pdev)
{
	struct quux *q = platform_get_drvdata(pdev);
	int ret;

	${first}
	${then}
	return ret;
}
static struct platform_driver quux_driver = { .probe = quux_probe };
`;
	const [reset, request] = ['quux_reset(q);', 'ret = request_irq(q->irq, quux_irq, 0, "quux", q);'];
	it('needs no lock', () => check(file(reset, request), 'no-failure'));
	it('needs it where they may be there already', () => check(file(request, reset), 'introduces: data-race, lost-data'));
});
