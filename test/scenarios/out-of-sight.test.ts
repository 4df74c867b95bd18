import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What a hunk speaks of and does not show: what is said of it beside a mail with these words, and beside one without. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, words: string, expected: string, silent = 'no-failure'): Promise<void> {
	expect([await saidOfHunk(analyzer, words, head, hunk), await saidOfHunk(analyzer, 'Tidy up.', head, hunk)]).toEqual([expected, silent]);
}

describe('locks', () => {
	it('taken the other way round', () => check('int quux_resize(struct quux *q, int n)', `
 	if (!n)
 		return -EINVAL;
 
-	mutex_lock(&q->geo_lock);
 	mutex_lock(&q->list_lock);
+	mutex_lock(&q->geo_lock);
 	q->n = n;
-	mutex_unlock(&q->list_lock);
 	mutex_unlock(&q->geo_lock);
+	mutex_unlock(&q->list_lock);
 	return 0;
 }
`, 'lockdep reports an inversion.', 'fixes: deadlock', 'introduces: deadlock'));
	const WEAKER = `
 static ssize_t quux_write(struct quux_file *file, size_t count)
 {
 	struct quux *q = container_of(file->port, struct quux, port);
-	unsigned long flags;
 
-	spin_lock_irqsave(&q->lock, flags);
+	spin_lock(&q->lock);
 	q->count += count;
-	spin_unlock_irqrestore(&q->lock, flags);
+	spin_unlock(&q->lock);
 	return count;
 }
`;
	it('taken with interrupts on, where only the caller is said to be a task', () => check('static void quux_start(struct quux *q)', WEAKER, 'quux_write() is only called by ioctls.', 'introduces: irq-unsafe-lock', 'introduces: irq-unsafe-lock'));
	it('that no interrupt takes', () => check('static void quux_start(struct quux *q)', WEAKER, 'quux_write() is only called by ioctls, and no interrupt handler takes the lock.', 'no-failure', 'introduces: irq-unsafe-lock'));
	it('taken by a handler that is called elsewhere as well', () => check('static irqreturn_t quux_irq(int irq, void *data)', `
 {
 	struct quux *q = data;
+	unsigned long flags;
 
-	spin_lock(&q->lock);
+	spin_lock_irqsave(&q->lock, flags);
 	q->seen = 1;
@@ -60,5 +61,5 @@ static irqreturn_t quux_irq(int irq, void *data)
 	}
 	q->more = 0;
-	spin_unlock(&q->lock);
+	spin_unlock_irqrestore(&q->lock, flags);
 	return IRQ_HANDLED;
 }
`, 'It is called from an interrupt thread, too.', 'fixes: irq-unsafe-lock'));
});

describe('calls', () => {
	it('that are given flags which may wait', () => check('static void quux_complete(struct quux *q)', `
 	q->ready = 1;
 	spin_unlock(&q->lock);
-	quux_submit(q, GFP_KERNEL);
+	quux_submit(q, GFP_ATOMIC);
 	spin_lock(&q->lock);
 }
`, 'It may sleep in an interrupt handler.', 'fixes: sleep-in-atomic', 'fixes: sleep-in-atomic'));
	it('that drop what a field keeps, in as many rounds as nobody shows', () => check('static int quux_wait(struct quux *q)', `
 	for (i = q->first + n - 1; i >= off - n; i--) {
 		bh = q->bhs[i];
 		wait_on_buffer(bh);
-		put_bh(bh);
-		q->bhs[i] = NULL;
 		if (!buffer_uptodate(bh))
 			return -EIO;
+		put_bh(bh);
+		q->bhs[i] = NULL;
 	}
 
 	return 0;
`, 'Do not use it after the put.', 'fixes: use-after-free', 'fixes: use-after-free'));
});

describe('ways out', () => {
	it('of a switch, with a lock that is released behind it', () => check('static int quux_write(struct device *dev, int type,', `
 		ret = regmap_read(data->regmap, QUUX_LIMIT,
 				  &regval);
 		if (ret)
-			return ret;
+			break;
 
 		/*
 		 * Four values only.
`, 'Add the missing unlock before return.', 'fixes: lock-held-at-return'));
	it('to a label that frees what has been freed', () => check('static int quux_parse(struct quux_bus *bus)', `
 
 	ret = quux_device_register(bus, mdev);
 	if (ret < 0)
-		goto err;
+		return ret;
 
 	return 0;
 
`, 'This is a double free.', 'fixes: use-after-free'));
	it('of a function of which only a label is known', () => check('fail_rx:', `
 	kfree(q->buffer);
 
 fail_eps:
-	kfree(q);
 
 	return status;
 }
`, 'The caller frees it again: a double free.', 'fixes: use-after-free'));
});

describe('callbacks', () => {
	it('that outlive their code', () => check('static void __exit quux_exit(void)', `
 	misc_deregister(&quux_misc);
-	del_timer(&quux_timer);
+	del_timer_sync(&quux_timer);
 	release_region(0x300, 8);
 }
`, 'The timer may still be running.', 'fixes: use-after-free', 'fixes: use-after-free'));
	it('that need the lock, which an interrupt with a thread of its own gives up for them', () => check('static irqreturn_t quux_jack_irq(int irq, void *data)', `
 	} else {
 		dev_dbg(component->dev, "not detected\\n");
 
+		mutex_unlock(&q->lock);
 		cancel_delayed_work_sync(&q->mic_work);
+		mutex_lock(&q->lock);
 
 		snd_soc_component_update_bits(component, QUUX_BIAS, 1, 1);
`, 'Avoid a deadlock.', 'fixes: deadlock', 'fixes: deadlock'));
});

describe('tables', () => {
	it('that are searched by hash', () => check('struct quux_conn *quux_lookup(u32 id)', `
 
 	rcu_read_lock();
 	hash_for_each_possible_rcu(quux_conns, conn, node, id) {
-		if (conn->id == id) {
-			refcount_inc(&conn->refs);
+		if (conn->id == id && refcount_inc_not_zero(&conn->refs)) {
 			rcu_read_unlock();
 			return conn;
 		}
`, 'Do not revive what is going away.', 'fixes: resurrection', 'fixes: resurrection'));
});
