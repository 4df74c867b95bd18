import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What a function finds by what it is handed, does to who calls it, and meets: with the whole file in sight. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const checkInTree = async (subject: string, file: string, expected: string): Promise<void> => { expect(await saidOfFile(analyzer, 'quux', subject, file, true)).toBe(expected); };

describe('a lookup by what a packet has in its header', () => {
	const file = (drop: string): string => `
struct quux {
	struct hlist_node node;
	refcount_t refs;
	u32 addr;
	struct rcu_head rcu;
};

static DEFINE_HASHTABLE(quux_all, 8);
static DEFINE_SPINLOCK(quux_lock);

void quux_put(struct quux *q)
{
	if (refcount_dec_and_test(&q->refs)) {
		spin_lock_bh(&quux_lock);
		hlist_del_rcu(&q->node);
		spin_unlock_bh(&quux_lock);
		${drop};
	}
}

static struct quux *quux_get(u32 addr)
{
	struct quux *q;

	rcu_read_lock();
	hash_for_each_possible_rcu(quux_all, q, node, addr) {
		if (q->addr != addr)
			continue;
-		refcount_inc(&q->refs);
+		if (!refcount_inc_not_zero(&q->refs))
+			continue;
		rcu_read_unlock();
		return q;
	}
	rcu_read_unlock();
	return NULL;
}

int quux_rcv(struct sk_buff *skb)
{
	struct quux_header *header = (struct quux_header *)skb->data;
	struct quux *q = quux_get(be32_to_cpu(header->from));

	if (!q)
		return -ENOENT;
	quux_put(q);
	return 0;
}
`;
	it('finds what is freed at once', () => checkInTree('fix use-after-free in quux_rcv()', file('kfree(q)'), 'still-fails: use-after-free'));
	it('finds what is freed behind a grace period', () => checkInTree('fix a refcount warning', file('kfree_rcu(q, rcu)'), 'fixes: resurrection'));
});

describe('interrupts that are turned on where the caller has them off', () => {
	const file = (outer: string): string => `
struct quux {
	spinlock_t lock;
	spinlock_t led;
	struct hrtimer timer;
	u32 pattern;
	u32 period;
};

static enum hrtimer_restart quux_tick(struct hrtimer *t)
{
	struct quux *q = container_of(t, struct quux, timer);

	spin_lock(&q->lock);
	q->period++;
	spin_unlock(&q->lock);
	return HRTIMER_RESTART;
}

static void quux_store(struct quux *q, u32 pattern)
{
-	unsigned long flags;
-
-	spin_lock_irqsave(&q->led, flags);
+	spin_lock_irq(&q->led);
	q->pattern = pattern;
-	spin_unlock_irqrestore(&q->led, flags);
+	spin_unlock_irq(&q->led);
}

void quux_set_all(struct quux *q, u32 pattern, u32 period)
{
	${outer}
}

void quux_start(struct quux *q)
{
	spin_lock_init(&q->lock);
	spin_lock_init(&q->led);
	hrtimer_init(&q->timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	q->timer.function = quux_tick;
	hrtimer_start(&q->timer, 0, HRTIMER_MODE_REL);
}
`;
	it('under its lock', () => checkInTree('spare the flags', file('spin_lock_irq(&q->lock);\n\tq->period = period;\n\tquux_store(q, pattern);\n\tspin_unlock_irq(&q->lock);'), 'introduces: irq-unsafe-lock'));
	it('and not behind it', () => checkInTree('spare the flags', file('spin_lock_irq(&q->lock);\n\tq->period = period;\n\tspin_unlock_irq(&q->lock);\n\tquux_store(q, pattern);'), 'no-failure'));
});

describe('two of a kind who come to one function, as its mail has it', () => {
	const file = (again: string): string => `
struct quux {
	struct mutex lock;
	struct quux_client *client;
};

int quux_attach(struct quux *q)
{
	struct quux_client *client;

-	if (q->client)
-		return -EBUSY;
+	mutex_lock(&q->lock);
+	if (q->client) {
+		mutex_unlock(&q->lock);
+		return -EBUSY;
+	}
+	mutex_unlock(&q->lock);

	client = kzalloc(sizeof(*client), GFP_KERNEL);
	if (!client)
		return -ENOMEM;
	mutex_lock(&q->lock);
${again}	q->client = client;
	mutex_unlock(&q->lock);
	return 0;
}
`;
	const SUBJECT = 'two drivers that call quux_attach() at the same time both pass its test, fix that';
	it('who do not look again', () => checkInTree(SUBJECT, file(''), 'still-fails: check-then-act'));
	it('who do', () => checkInTree(SUBJECT, file('	if (q->client) {\n		mutex_unlock(&q->lock);\n		kfree(client);\n		return -EBUSY;\n	}\n'), 'fixes: check-then-act, data-race'));
});

describe('a test of what was read before somebody else frees it', () => {
	const file = (read: string, lock = '', unlock = ''): string => `
struct quux_ring {
	spinlock_t lock;
	unsigned int rd;
};

struct quux {
	struct mutex lock;
	struct quux_ring *ring;
};

static void quux_stop(struct quux *q)
{
	mutex_lock(&q->lock);
	if (q->ring) {
		kfree(q->ring);
		q->ring = NULL;
	}
	mutex_unlock(&q->lock);
}

ssize_t quux_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct quux *q = file->private_data;
	struct quux_ring *r${read};
	unsigned int rd;

${lock}+	if (!r)
+		return -ENODATA;
	spin_lock_irq(&r->lock);
	rd = r->rd++;
	spin_unlock_irq(&r->lock);
${unlock}	return rd;
}

long quux_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	quux_stop(file->private_data);
	return 0;
}

static const struct file_operations quux_fops = {
	.read = quux_read,
	.unlocked_ioctl = quux_ioctl,
};
`;
	const SUBJECT = 'fix use-after-free and NULL pointer dereference in quux_read() during quux_stop()';
	it('under no lock', () => checkInTree(SUBJECT, file(' = q->ring'), 'still-fails: use-after-free'));
	it('under the lock of who frees it', () => checkInTree(SUBJECT, file('', '+	mutex_lock(&q->lock);\n	r = q->ring;\n', '+	mutex_unlock(&q->lock);\n').replace('+		return -ENODATA;', '+		goto out;').replace('+	if (!r)', '+	rd = 0;\n+	if (!r)').replace('+	mutex_unlock(&q->lock);\n	return rd', '+out:\n+	mutex_unlock(&q->lock);\n	return rd'), 'fixes: use-after-free'));
});
