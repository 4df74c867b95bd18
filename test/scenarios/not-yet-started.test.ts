import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What cannot run yet, or not any more, is no partner: a whole made-up file, and what is said of its change. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (subject: string, file: string, expected: string): Promise<void> => {
	expect(await saidOfFile(analyzer, 'quux', subject, file)).toBe(expected);
};

const BLINKER = `
struct quux { struct timer_list blink; struct work_struct send; spinlock_t lock; unsigned int phase; bool gone; u8 *buf; };

static void quux_send(struct work_struct *work)
{
	struct quux *q = container_of(work, struct quux, send);

	quux_write(q->buf[0]);
}

static void quux_blink(struct timer_list *t)
{
	struct quux *q = from_timer(q, t, blink);
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
-	q->phase = (q->phase + 1) % 32;
+	q->phase = (q->phase + 1) % QUUX_PHASES;
	if (!q->gone) {
		schedule_work(&q->send);
		mod_timer(&q->blink, jiffies + HZ);
	}
	spin_unlock_irqrestore(&q->lock, flags);
}

static struct quux *quux_make(void)
{
	struct quux *q = kzalloc(sizeof(*q), GFP_KERNEL);

	if (!q)
		return NULL;
	q->buf = kmalloc(8, GFP_KERNEL);
	spin_lock_init(&q->lock);
	timer_setup(&q->blink, quux_blink, 0);
	INIT_WORK(&q->send, quux_send);
	return q;
}

static void quux_disconnect(struct quux *q)
{
	spin_lock_irq(&q->lock);
	q->gone = true;
	spin_unlock_irq(&q->lock);
-	del_timer_sync(&q->blink);
+	timer_shutdown_sync(&q->blink);
	cancel_work_sync(&q->send);
	kfree(q->buf);
	kfree(q);
}
`;

describe('who is not under way yet', () => {
	it('a timer that is set up here, and stopped by another name', () => check('the timer must not be used again', BLINKER, 'no-failure'));
	it('an RCU callback, against a reader that it was queued for', () => check('dump the table', `
struct quux { struct hlist_node node; struct rcu_head rcu; refcount_t refs; u32 key; struct quux_key *more; };

static DEFINE_HASHTABLE(quux_table, 4);
static DEFINE_SPINLOCK(quux_lock);

static void quux_free_rcu(struct rcu_head *head)
{
	struct quux *q = container_of(head, struct quux, rcu);

	quux_key_put(q->more);
	kfree(q);
}

void quux_put(struct quux *q)
{
	if (!refcount_dec_and_test(&q->refs))
		return;

	spin_lock_bh(&quux_lock);
	hash_del_rcu(&q->node);
	spin_unlock_bh(&quux_lock);

	call_rcu(&q->rcu, quux_free_rcu);
}

+unsigned int quux_dump(u32 *out, unsigned int max)
+{
+	struct quux *q;
+	unsigned int bkt, n = 0;
+
+	rcu_read_lock();
+	hash_for_each_rcu(quux_table, bkt, q, node) {
+		if (n == max)
+			break;
+		out[n++] = READ_ONCE(q->key);
+	}
+	rcu_read_unlock();
+	return n;
+}
`, 'no-failure'));
});

/** Two who work on a dump's handle: `begin` is how the one who starts it begins. */
const dump = (begin: string): string => `
struct quux_dump { spinlock_t *lock; void *extra; struct sk_buff *skb; };

int quux_dump_start(struct sk_buff *skb, spinlock_t *lock, struct quux_dump *d)
{
+	void *old;
+
${begin}	d->skb = skb;
	d->lock = lock;
	spin_lock_bh(d->lock);
-	kfree(d->extra);
-	d->extra = NULL;
+	old = d->extra;
	spin_unlock_bh(d->lock);
+	kfree(old);
	return 0;
}

void quux_dump_extra(struct quux_dump *d, void *data, int len)
{
	spin_lock_bh(d->lock);
	kfree(d->extra);
	d->extra = kmemdup(data, len, GFP_ATOMIC);
	spin_unlock_bh(d->lock);
}
`;

describe('what a function empties as a whole', () => {
	it('nobody else has yet', () => check('Free it later', dump('\tmemset(d, 0, sizeof(*d));\n'), 'no-failure'));
	it('a field of it is not all', () => check('Free it later', dump('\td->skb = NULL;\n'), 'introduces: use-after-free'));
});
