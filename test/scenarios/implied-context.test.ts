import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfFile, saidOfHunk } from './hunk-mail';

/**
 * The context in which somebody is called, sleeps or interrupts, of whom a change speaks: a hunk of a function that the mail shows in part, and what is said of it; then of its reverse. The names are made
 * up, and nobody's else is in sight.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string, subject?: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, subject)).toEqual([forward, backward]);
}

describe('who calls a function by its name and signature', () => {
	it('a transmit start under the port lock', () => check('static void quux_start_tx(struct uart_port *port)', `
 static void quux_start_tx(struct uart_port *port)
 {
-	spin_lock(&port->lock);
 	quux_write(port, 1);
-	spin_unlock(&port->lock);
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
});

describe('locks and interrupts', () => {
	it('a lock, by a mail that says no more than that interrupts are disabled', () => check('static ssize_t quux_mode_store(struct device *dev, const char *buf, size_t count)', `
 	if (ret)
 		return ret;
 
-	spin_lock(&q->rx_lock);
+	spin_lock_irq(&q->rx_lock);
 	q->mode = on;
-	spin_unlock(&q->rx_lock);
+	spin_unlock_irq(&q->rx_lock);
 	return count;
 }
`, 'fixes: irq-unsafe-lock', 'introduces: irq-unsafe-lock', 'quux: disable interrupts in quux_mode_store()'));
	it('interrupts off, where the mail speaks of one', () => check('static void quux_submit(struct quux *q, struct quux_req *r)', `
-	spin_lock(&q->lock);
+	spin_lock_irqsave(&q->lock, flags);
 	list_add_tail(&r->node, &q->requests);
-	spin_unlock(&q->lock);
+	spin_unlock_irqrestore(&q->lock, flags);
 }
`, 'fixes: irq-unsafe-lock', 'no-failure', 'quux: the interrupt handler submits as well'));
	const readers = `
-	read_lock(&quux_lock);
+	read_lock_irqsave(&quux_lock, flags);
 	list_for_each_entry(q, &quux_list, node)
 		sum += q->errors;
-	read_unlock(&quux_lock);
+	read_unlock_irqrestore(&quux_lock, flags);
 	return sum;
 }
`;
	it('a lock of readers, by a mail that says nothing: who writes interrupts', () => check('static int quux_sum(void)', readers, 'fixes: irq-unsafe-lock', 'introduces: irq-unsafe-lock', 'quux: rework quux_sum'));
	it('and to be on the safe side only', () => check('static int quux_sum(void)', readers, 'no-failure', 'introduces: irq-unsafe-lock', 'quux: irqsave locking to be on the safe side'));
	const lighter = (before: string): string => `
+${before}
-	spin_lock_irqsave(&q->lock, flags);
+	spin_lock(&q->lock);
 	q->pos = 0;
-	spin_unlock_irqrestore(&q->lock, flags);
+	spin_unlock(&q->lock);
 }
`;
	const lightly = async (before: string, expected: string): Promise<void> => expect(await saidOfHunk(analyzer, '', 'static void quux_reset(struct quux *q)', lighter(before))).toBe(expected);
	it('a lock taken lightly, without a word', () => lightly('	q->dirty = 1;', 'introduces: irq-unsafe-lock'));
	it('and what asserts that interrupts are off', () => lightly('	lockdep_assert_irqs_disabled();', 'no-failure'));
	it('or says so beside it', () => lightly('	/* called in hard interrupt context */', 'no-failure'));
});

describe('what may sleep from now on', () => {
	const allocates = async (name: string, expected: string): Promise<void> => expect(await saidOfHunk(analyzer, '', `static int ${name}(struct quux *q)`, `
 	for (i = 0; i < QUUX_RING; i++) {
-		err = quux_add_one(q, i, GFP_ATOMIC);
+		err = quux_add_one(q, i, GFP_KERNEL);
 		if (err)
`)).toBe(expected);
	it('in what anybody may call', () => allocates('quux_add_all', 'introduces: sleep-in-atomic'));
	it('and in what sets something up', () => allocates('quux_fill_ring', 'no-failure'));
});

describe('what sleeps out of sight', () => {
	it('in a call that is left to a work item', () => check('static void quux_set_rx_mode(struct net_device *ndev)', `
 	struct quux *q = netdev_priv(ndev);
 
-	quux_write_filter(q);
+	schedule_work(&q->work);
 }
`, 'fixes: sleep-in-atomic', 'no-failure', 'quux: fix sleeping in atomic context'));
});

describe('interrupts that a callee enables', () => {
	it('under a lock of the caller', () => check('static void quux_ack(struct quux *q)', `
+	unsigned long flags;
+
-	spin_lock_irq(&q->lock);
+	spin_lock_irqsave(&q->lock, flags);
 	q->acked = 1;
-	spin_unlock_irq(&q->lock);
+	spin_unlock_irqrestore(&q->lock, flags);
 }
`, 'fixes: irq-unsafe-lock', 'no-failure', 'quux: callers have interrupts disabled'));
});

describe('a handler that nobody registers', () => {
	const said = (how: string): Promise<string> => saidOfFile(analyzer, 'pear', 'name the step', `
struct pear { struct mutex io; spinlock_t lock; int events; int synced; };
static void pear_sync(struct pear *p)
{
	mutex_lock(&p->io);
	p->synced++;
	mutex_unlock(&p->io);
}
irqreturn_t pear_irq(int irq, void *data)
{
	struct pear *p = data;

	${how};
	spin_lock(&p->lock);
	p->events++;
	spin_unlock(&p->lock);
	return IRQ_HANDLED;
}
void pear_reset(struct pear *p)
{
+	spin_lock(&p->lock);
	p->events = 0;
+	spin_unlock(&p->lock);
}`, true);
	it('runs as an interrupt', async () => expect(await said('pr_debug("1")')).toBe('introduces: irq-unsafe-lock'));
	it('runs in a thread where it takes a mutex by a guard', async () => expect(await said('guard(mutex)(&p->io)')).toBe('no-failure'));
	it('runs in a thread where what it calls takes a mutex', async () => expect(await said('pear_sync(p)')).toBe('no-failure'));
});

describe('a call that is moved out of a spinning lock', () => {
	const hunk = `
 	struct quux *q = priv;
 
+	quux_update_speed(q);
+
 	read_lock(&q->lock);
 
 	q->last = jiffies;
 	q->state = QUUX_UP;
 
-	quux_update_speed(q);
-
 	read_unlock(&q->lock);
 	return 0;
 }
`;
	const check = async (words: string, said: string): Promise<void> => expect(await saidOfHunk(analyzer, words, 'int quux_enslave(struct quux *priv)', hunk, 'quux: call quux_update_speed() outside of q->lock')).toBe(said);
	it('as it might sleep', () => check('quux_update_speed() might sleep while it calls down. Move it out of atomic context.', 'fixes: sleep-in-atomic'));
	it('as it dead locks', () => check('quux_update_speed() takes the lock again, which is a deadlock.', 'fixes: deadlock'));
	it('as the update is slow', () => check('It takes a long time. Move it out of the lock to keep the section short.', 'no-failure'));
});
