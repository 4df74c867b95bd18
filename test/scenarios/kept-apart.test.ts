import { describe, it } from 'vitest';
import { fileCheck } from './hunk-mail';

/** What kernel rules keep apart, without a word of the patch's: each beside one like it that they do not. */
const check = fileCheck('rush', 'simplify');

const readUnder = (read: string, held = ''): string => `
struct rush_rate { u32 rate; struct rcu_head rcu; };
struct rush { struct rush_rate __rcu *rate; };
 int rush_get(struct rush *r, u32 *rate)
 {
 	struct rush_rate *p;
 
-	rcu_read_lock();
-	p = rcu_dereference(r->rate);
-	*rate = p ? p->rate : 0;
-	rcu_read_unlock();
+	p = ${read}(r->rate${held});
+	*rate = p ? p->rate : 0;
 	return 0;
 }
 
 int rush_set(struct rush *r, struct rush_rate *new)
 {
 	struct rush_rate *old;
 
 	ASSERT_RTNL();
 	old = rtnl_dereference(r->rate);
 	rcu_assign_pointer(r->rate, new);
 	if (old)
 		kfree_rcu(old, rcu);
 	return 0;
 }
`;

describe('a read section is taken away', () => {
	it('from a pointer that is read under the lock of who changes it', () => check(readUnder('rtnl_dereference'), 'no-failure'));
	it('from one that is said to be read so', () => check(readUnder('rcu_dereference_protected', ', lockdep_rtnl_is_held()'), 'no-failure'));
	it('from one that nobody says is read so', () => check(readUnder('rcu_dereference_protected', ', 1'), 'introduces: use-after-free'));
	it('from one that is read under nothing', () => check(readUnder('rcu_dereference_raw'), 'introduces: use-after-free'));
});

const loaded = (init: string, exit: string, name = 'rush_exit'): string => `
struct rush { spinlock_t lock; u32 slots[4]; u32 nfree; struct miscdevice misc; };
static struct rush *rush;
-static void rush_reset(struct rush *r)
-{
-	spin_lock(&r->lock);
-	r->slots[0] = 1;
-	r->nfree = 3;
-	spin_unlock(&r->lock);
-}
 
 ${init} rush_init(void)
 {
 	int ret;
 
 	rush = kzalloc(sizeof(*rush), GFP_KERNEL);
 	if (!rush)
 		return -ENOMEM;
 	spin_lock_init(&rush->lock);
-	rush_reset(rush);
+	rush->slots[0] = 1;
+	rush->nfree = 3;
 
 	rush->misc.minor = MISC_DYNAMIC_MINOR;
 	ret = misc_register(&rush->misc);
 	if (ret)
 		kfree(rush);
 	return ret;
 }
 
 ${exit} ${name}(void)
 {
 	misc_deregister(&rush->misc);
 	kfree(rush);
 }
`;

describe('what is set up without a lock', () => {
	it('by a module that is loaded is not freed meanwhile by its end', () => check(loaded('static int __init', 'static void __exit'), 'no-failure'));
	it('by who may come at any time may be', () => check(loaded('int', 'void', 'rush_drop'), 'pre-existing'));
});

const exchanged = (changed: string): string => `
struct rush_map { struct list_head node; u64 first; };
struct rush { spinlock_t lock; struct list_head maps; };
static void rush_free_maps(struct list_head *list)
{
	struct rush_map *map, *next;

	list_for_each_entry_safe(map, next, list, node) {
		list_del(&map->node);
		kfree(map);
	}
}
void rush_set_maps(struct rush *r, struct list_head *new)
{
	LIST_HEAD(old);

${changed}	spin_lock(&r->lock);
	list_splice_init(&r->maps, &old);
	list_splice_init(new, &r->maps);
	spin_unlock(&r->lock);
	rush_free_maps(&old);
}
u64 rush_sum(struct rush *r)
{
	struct rush_map *map;
	u64 sum = 0;

	spin_lock(&r->lock);
	list_for_each_entry(map, &r->maps, node)
		sum += map->first;
	spin_unlock(&r->lock);
	return sum;
}
`;

describe('a list that is exchanged for another', () => {
	it('holds entries that are on no other', () => check(exchanged('-	pr_debug("new maps\\n");\n'), 'no-failure'));
	it('is walked still when it is freed without', () => check(exchanged('+	rush_free_maps(&r->maps);\n'), 'introduces: lost-data, use-after-free'));
});

const sweeping = (start: string): string => `
struct rush { spinlock_t lock; void *buf; struct task_struct *task; };
static struct rush rush;
static int rush_sweeper(void *unused)
{
-	spin_lock(&rush.lock);
	kfree(rush.buf);
	rush.buf = NULL;
-	spin_unlock(&rush.lock);
	return 0;
}
${start}
{
	rush.task = kthread_run(rush_sweeper, NULL, "rush");
	return 0;
}
`;

describe('a lock is taken away from a thread', () => {
	it('that is started while the module is loaded: there is one of it', () => check(sweeping('static int __init rush_init(void)'), 'no-failure'));
	it('that is started at any time', () => check(sweeping('int rush_start(void)'), 'introduces: use-after-free'));
});

const givenUp = (drop: string): string => `
static struct page *rush_zero;
static atomic_t rush_users;
static spinlock_t rush_lock;
unsigned long rush_scan(struct shrinker *shrink, struct shrink_control *sc)
{
	struct page *page;

	spin_lock(&rush_lock);
	if (atomic_cmpxchg(&rush_users, 1, 0) != 1) {
		spin_unlock(&rush_lock);
		return 0;
	}
	page = rush_zero;
	WRITE_ONCE(rush_zero, NULL);
	spin_unlock(&rush_lock);
-	pr_debug("given up\\n");
	put_page(page);
${drop}	return 1;
}
`;

describe('a page that a variable keeps', () => {
	it('has a reference of its own for that, beside the cache', () => check(givenUp(''), 'no-failure'));
	it('and no more than one', () => check(givenUp('+	put_page(page);\n+	put_page(page);\n'), 'introduces: use-after-free'));
});

const interrupted = (also: string, again = ''): string => `
struct rush { spinlock_t lock; u32 tail; int irq; struct miscdevice misc; };
static void rush_done(struct rush *r)
{
-	unsigned long flags;
-
-	spin_lock_irqsave(&r->lock, flags);
+	spin_lock(&r->lock);
	r->tail++;
-	spin_unlock_irqrestore(&r->lock, flags);
+	spin_unlock(&r->lock);
}
${again}static irqreturn_t rush_irq(int irq, void *data)
{
	rush_done(data);
	return IRQ_HANDLED;
}
u32 rush_tail(struct rush *r)
{
	unsigned long flags;
	u32 tail;

	spin_lock_irqsave(&r->lock, flags);
	tail = r->tail;
	spin_unlock_irqrestore(&r->lock, flags);
${also}	return tail;
}
int rush_start(struct rush *r)
{
	return request_irq(r->irq, rush_irq, 0, "rush", r);
}
`;

const RUSH_AGAIN = `static void rush_kick(struct rush *r);
static void rush_again(struct rush *r)
{
	rush_done(r);
	rush_kick(r);
}
static void rush_kick(struct rush *r)
{
	rush_again(r);
}
`;

describe('interrupts are left as they are in a function', () => {
	it('that only the interrupt\'s handler calls', () => check(interrupted(''), 'no-failure'));
	it('that others call as well', () => check(interrupted('\trush_done(r);\n'), 'introduces: irq-unsafe-lock'));
	it('not where two which only call each other call it as well: who enters those is not known', () => check(interrupted('', RUSH_AGAIN), 'introduces: irq-unsafe-lock'));
});
