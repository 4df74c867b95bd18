import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfHunk } from './hunk-mail';

/** Locks that stay held, or are released twice, on the paths of one function that the mail shows in part. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function bothWays(subject: string, hunk: string, forward: string, backward: string): Promise<void> {
	expect(await saidBothWays(analyzer, 'static int quux_bind(struct quux *q)', hunk, subject)).toEqual([forward, backward]);
}
async function check(subject: string, words: string, hunk: string, expected: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, 'static int quux_bind(struct quux *q)', hunk, subject)).toBe(expected);
}

const NESTED = `
 	unsigned long flags;
 
 	spin_lock_irqsave(&q->lock, flags);
-	spin_lock_irqsave(&q->chan.lock, flags);
+	spin_lock(&q->chan.lock);
 	q->desc = q->chan.desc;
-	spin_unlock_irqrestore(&q->chan.lock, flags);
+	spin_unlock(&q->chan.lock);
 	spin_unlock_irqrestore(&q->lock, flags);
 	return 0;
`;
const BREAK = `
 		op = quux_lookup(q);
 		if (WARN_ON_ONCE(!op)) {
+			spin_unlock(&q->lock);
 			rv = -ENOLCK;
 			break;
 		}
`;
const EARLIER = `
 	u8 num;
 
+	result = kstrtou8(page, 0, &num);
+	if (result)
+		return result;
+
 	mutex_lock(&q->tree->lock);
 
 	item = q->item;
@@ -60,9 +64,5 @@ static int quux_bind(struct quux *q)
 	opts = to_opts(item);
 	cd = &opts->terminal;
 
-	result = kstrtou8(page, 0, &num);
-	if (result)
-		return result;
-
 	cd->source = num;
 	cd->there = true;
`;
const LEAVES = `
 		ret = quux_wait(q, 5000);
 		if (ret) {
 			dev_err(q->dev, "timed out\\n");
-			return ret;
+			break;
 		}
 
 		to += chunk;
`;
const FOUND = `
 	unsigned long flags;
 	struct quux_slot *slot = quux_get_slot_lock(q, index, &flags);
 
-	if (!slot || slot->state != 1)
+	if (!slot)
 		return;
 
+	if (slot->state != 1)
+		goto unlock;
+
 	slot->armed = 1;
 
+unlock:
 	quux_put_slot_unlock(slot, flags);
 }
`;
const RETRIES = `
 retry:
 	spin_lock(&q->lock);
 	if (q->flags & QUUX_SKIP) {
+		spin_unlock(&q->lock);
 		quux_note(q);
 		goto out;
 	}
@@ -60,9 +61,11 @@ static int quux_set(struct quux *q)
			mutex_lock(&q->session_mutex);
 			goto retry;
 		}
-		if (q->state < 2)
+		if (q->state < 2) {
+			spin_unlock(&q->lock);
 			goto out;
+		}
 
 		q->count++;
`;
const OTHER_LABEL = `
 	rc = quux_flush(q);
 	if (rc)
-		goto out;
+		goto unlock;
 
 	q->start = 0;
@@ -60,5 +60,7 @@ static int quux_bind(struct quux *q)
 	 */
 	q->time = 0;
+
+unlock:
 	/* the other way round than it was taken */
`;
const ACROSS = `
 	quux_destroy(q);
 put_table:
 	quux_put(q->table);
-	mutex_unlock(&q->lock);
 free_obj:
+	mutex_unlock(&q->lock);
 	kfree(obj);
 
 	return err;
`;
const HELPER = `
 	quux_stop(&q->hw);
 	q->flags &= ~QUUX_UP;
-	mutex_unlock(&q->crit_lock);
 	q->state = 0;
 	wake_up(&q->waitqueue);
`;

describe('the state of interrupts', () => {
	it('two sections keep it in one variable', () => bothWays('quux: fix a reuse of flags', NESTED, 'fixes: irq-unsafe-lock', 'introduces: irq-unsafe-lock'));
	it('one section behind the other may', () => check('quux: lock both', 'One after the other.', `
 	unsigned long flags;
 
+	spin_lock_irqsave(&q->lock, flags);
+	q->count++;
+	spin_unlock_irqrestore(&q->lock, flags);
+
 	spin_lock_irqsave(&q->chan.lock, flags);
 	q->desc = q->chan.desc;
 	spin_unlock_irqrestore(&q->chan.lock, flags);
`, 'no-failure'));
	it('what else is handed the variable may restore it', () => check('quux: count', 'Count them.', `
 	spin_lock_irqsave(&q->lock, flags);
 	quux_drop(q, flags);
+	q->count++;
 	spin_lock_irqsave(&q->lock, flags);
 	q->desc = q->chan.desc;
 	spin_unlock_irqrestore(&q->lock, flags);
`, 'no-failure'));
});

describe('a lock that stays held', () => {
	it('a break of a switch that is not shown, behind a warning', () => check('quux: add missing spin_unlock', 'The lock is not released there.', BREAK, 'fixes: lock-held-at-return'));
	it('a return that is moved to before the lock', () => check('quux: fix missing mutex_unlock() if kstrtou8() fails', 'If kstrtou8() fails, mutex_unlock() is missed.', EARLIER, 'fixes: lock-held-at-return'));
	it('the same as a clean-up', () => check('quux: parse first', 'Parse the number before anything is done.', EARLIER, 'no-failure'));
	it('a way out of a loop', () => check('quux: unlock the chip when a program times out', 'A timeout leaves quux_bind() with the lock held.', LEAVES, 'fixes: lock-held-at-return'));
	it('what is found locked, of which nothing is known but the names of who finds it and gives it back', () => check('quux: always unlock the slot', 'quux_bind() does not unlock the slot if its state is not 1.', FOUND, 'fixes: lock-held-at-return'));
	it('a condition that is split, as a clean-up', () => check('quux: split a condition', 'One thing at a time.', FOUND, 'no-failure'));
	it('and one that tries again with another lock, out of sight of where the first is released', () => check('quux: unlock the dangling spinlock', 'A couple of cases leave it locked.', RETRIES, 'fixes: lock-held-at-return'));
	it('a label that is taken instead of one that nobody shows, whatever is released behind it', () => check('quux: fix missing unlock in quux_bind()', 'Locks are still held when it fails.', OTHER_LABEL, 'fixes: lock-held-at-return'));
	it('the same as a clean-up of labels', () => check('quux: use one label', 'One is enough.', OTHER_LABEL, 'no-failure'));
	it('a release on the other side of a label that code out of sight goes to', () => check('quux: fix mutex unlocking on the error flow', 'The mutex was not unlocked on some of the error flows.', ACROSS, 'fixes: lock-held-at-return'));
	it('the same unsaid', () => check('quux: move a label', 'So that both look alike.', ACROSS, 'no-failure'));
	it('what is said of it as it', () => check('quux: release q->lock', 'The check is made under the mutex, but fails to release it.', LEAVES, 'fixes: lock-held-at-return'));
	it('the same where nobody speaks of a lock', () => check('quux: go on with what is left', 'A timeout is no reason to give up.', LEAVES, 'no-failure'));
});

describe('a lock that is released twice', () => {
	it('by a helper, and by who calls it', () => check('quux: fix double free', 'The crit_lock is freed in caller, remove mutex_unlock.', HELPER, 'fixes: unlock-not-held'));
});

describe('who waits under the lock', () => {
	it('for an interrupt whose handler takes it: both what sleeps and the dead lock are told', () => bothWays('quux: fix deadlock caused by synchronize_irq()', `
 	quux_write(q, EN, 0);
 
-	synchronize_irq(q->irq);
-
 	spin_unlock_irqrestore(&q->lock, flags);
+	synchronize_irq(q->irq);
 
 	return 0;
 }
`, 'fixes: deadlock, sleep-in-atomic', 'introduces: sleep-in-atomic'));
});

describe('what is taken around something on one side only', () => {
	it('a lock behind a field that nobody shows, of what is read and gone by', () => check('quux: fix a completion race', 'It must be read under the lock.', `
 	int tag;
 
-	pending = quux_readl(q, DOORBELL);
-
 	spin_lock_irqsave(q->host->host_lock, flags);
+	pending = quux_readl(q, DOORBELL);
 	issued = q->outstanding & ~pending;
 	q->done = issued;
 	spin_unlock_irqrestore(q->host->host_lock, flags);
`, 'fixes: check-then-act, data-race, lost-data'));
	it('a lock that a call gives, around a walk', () => check('quux: protect the queue against concurrent access', 'The queue can change.', `
 	counter = 1;
+	spin_lock(quux_get_lock(q->cdev));
 	list_for_each(l, &q->queue)
 		counter++;
+	spin_unlock(quux_get_lock(q->cdev));
 	q->counter = counter;
 	return 0;
`, 'fixes: data-race, lost-data'));
	it('a work item that is made ready anew while it is queued', () => check('quux: fix timer list corruption', 'The work is initialized again while it is pending.', `
 	if (!q->flag)
 		return 0;
 
-	INIT_DELAYED_WORK(&q->work, quux_work);
+	if (!q->inited) {
+		INIT_DELAYED_WORK(&q->work, quux_work);
+		q->inited = true;
+	}
 	schedule_delayed_work(&q->work, HZ);
 	return 0;
`, 'fixes: lost-data'));
	it('a lock that the patch takes and gives back itself before a label that is not shown', () => check('quux: do not leave a pointer behind', 'It times out.', `
 	if (!wait_for_completion_timeout(&cmd.done, HZ)) {
+		spin_lock_irqsave(&q->lock, flags);
+		q->cur = NULL;
+		spin_unlock_irqrestore(&q->lock, flags);
 		ret = -ETIMEDOUT;
 		goto out;
 	}
`, 'fixes: use-after-free'));
});

/** `static_branch_unlikely(&key)` is asked twice in one call. */
const KEYED = (other: string): string => `
 	txr = &q->ring[0];
 
+	if (static_branch_unlikely(&quux_locking_key))
+		spin_lock(&txr->tx_lock);
+
 	txr->prod++;
 	q->doorbell(q, txr->prod);
 
+	if (static_branch_unlikely(&${other}))
+		spin_unlock(&txr->tx_lock);
+
 	return 0;
 }
`;
describe('a lock under a static key', () => {
	it('is let go where the same key says so', () => check('quux: serialise the ring', 'Several CPUs may share it.', KEYED('quux_locking_key'), 'fixes: data-race, lost-data'));
	it('stays held where another key says so', () => check('quux: serialise the ring', 'Several CPUs may share it.', KEYED('quux_other_key'), 'introduces: lock-held-at-return'));
});
