import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Remedies that come too late or wait for too little, each beside the one that does. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(words: string, head: string, hunk: string, expected: RegExp, subject = 'quux: fix use-after-free'): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toMatch(expected);
}

const STILL = /^still-fails: use-after-free/;
/** A true remedy is never told to be none. */
const MENDS = /^(?!still-fails)/;

describe('a reference that is taken before a call, as the mail has it', () => {
	const words = 'The file descriptor may be closed as soon as it is there. We need to grab a reference on the owner before anon_inode_getfd(), otherwise it is freed under us.';
	const head = 'static int quux_create(struct quux_owner *q, struct quux_device *dev)';
	it('comes behind it', () => check(words, head, `
 	ret = anon_inode_getfd("quux", &quux_fops, dev, O_RDWR);
+	quux_get_owner(q);
 	if (ret < 0) {
+		quux_put_owner(q);
 		kfree(dev);
 		return ret;
 	}
 
-	quux_get_owner(q);
 	return 0;
`, STILL));
	it('comes before it', () => check(words, head, `
+	quux_get_owner(q);
 	ret = anon_inode_getfd("quux", &quux_fops, dev, O_RDWR);
 	if (ret < 0) {
+		quux_put_owner(q);
 		kfree(dev);
 		return ret;
 	}
 
-	quux_get_owner(q);
 	return 0;
`, MENDS));
});

describe('a reference that is taken under a lock, as the mail has it', () => {
	const words = 'quux_events() may use a device that has been freed already. Protect the device by taking a reference under q->event_lock when it is pulled off the list.';
	const head = 'static void quux_events(struct quux *q)';
	const hunk = (inside: string, behind: string): string => `
 	spin_lock_irq(&q->event_lock);
 	d = list_first_entry(&q->events, struct quux_device, node);
 	list_del_init(&d->node);
${inside} 	spin_unlock_irq(&q->event_lock);
 
${behind} 	dev_dbg(&d->dev, "event");
 	quux_handle(d);
+	put_device(&d->dev);
 }
`;
	it('is taken behind its release', () => check(words, head, hunk('', '+\tget_device(&d->dev);\n'), STILL));
	it('is taken before that', () => check(words, head, hunk('+\tget_device(&d->dev);\n', ''), MENDS));
});

describe('what is fetched in a new read side', () => {
	const words = 'The owner may be freed by quux_retire() while it is looked at here: it is freed after a grace period.';
	const head = 'int quux_is_busy(struct quux *q)';
	it('is used behind its end', () => check(words, head, `
 {
-	return quux_flags(quux_owner_of(q)) & QUUX_BUSY;
+	struct quux_owner *o;
+
+	rcu_read_lock();
+	o = quux_owner_of(q);
+	rcu_read_unlock();
+
+	return quux_flags(o) & QUUX_BUSY;
 }
`, STILL));
	it('is used in it', () => check(words, head, `
 {
-	return quux_flags(quux_owner_of(q)) & QUUX_BUSY;
+	struct quux_owner *o;
+	int flags;
+
+	rcu_read_lock();
+	o = quux_owner_of(q);
+	flags = quux_flags(o);
+	rcu_read_unlock();
+
+	return flags & QUUX_BUSY;
 }
`, MENDS));
	it('is kept there', () => check(words, head, `
 {
-	return quux_flags(quux_owner_of(q)) & QUUX_BUSY;
+	struct quux_owner *o;
+
+	rcu_read_lock();
+	o = quux_owner_of(q);
+	if (!quux_tryget(o)) {
+		rcu_read_unlock();
+		return 0;
+	}
+	rcu_read_unlock();
+
+	return quux_flags(o) & QUUX_BUSY;
 }
`, MENDS));
});

describe('a number that is read in a new read side', () => {
	it('is used behind its end', () => check('The owner may be freed by quux_retire() while it is looked at here: it is freed after a grace period.', 'int quux_is_busy(struct quux *q)', `
 {
-	return quux_allows(q, quux_flags(q->owner));
+	unsigned int flags;
+
+	rcu_read_lock();
+	flags = quux_flags(rcu_dereference(q->owner));
+	rcu_read_unlock();
+
+	return quux_allows(q, flags);
 }
`, MENDS));
});

describe('a stop that is put further up', () => {
	const hunk = (stop: string): string => `
-	cancel_delayed_work_sync(&q->requeue_work);
-
 	quux_drop_names(q);
 }
 
 static void quux_release(struct quux *q)
 {
 	quux_free_stats(q);
 
+	${stop}(&q->requeue_work);
+
 	quux_free_scheduler(q);
 	quux_free_zones(q);
`;
	const words = 'quux_release() frees the scheduler, which the requeue work uses.';
	it('waits no longer for who runs', () => check(words, 'static void quux_exit(struct quux *q)', hunk('cancel_delayed_work'), STILL));
	it('waits as it did', () => check(words, 'static void quux_exit(struct quux *q)', hunk('cancel_delayed_work_sync'), MENDS));
	it('waits no longer where waiting was the trouble', () => check('The requeue work calls quux_release() itself and waits for ever.', 'static void quux_exit(struct quux *q)', hunk('cancel_delayed_work'), MENDS, 'quux: fix deadlock on release'));
});

describe('a wait for readers', () => {
	const words = 'quux_rx() runs under RCU and may still use the filter when it is freed: wait for a grace period before it is.';
	const two = (before: string, behind: string): string => `
 		list_del(&f->node);
+		synchronize_rcu();
 		quux_remove_filter(f);
 		return 1;
 	}
@@ -140,9 +141,10 @@ static int quux_release(struct quux *q)
 	list_for_each_entry_safe(f, next, &q->filters, node) {
 		quux_rx_unregister(q, f);
${before} 		quux_remove_filter(f);
 	}
${behind} 
 	quux_forget(q);
`;
	const head = 'static int quux_delete(struct quux *q, struct quux_filter *f)';
	it('comes behind what elsewhere it is put before', () => check(words, head, two('', '+\tsynchronize_rcu();\n'), STILL));
	it('comes before that in both places', () => check(words, head, two('+\t\tsynchronize_rcu();\n', ''), MENDS));
	const whole = (before: string, behind: string): string => `
 {
 	list_del_rcu(&f->node);
${before} 	kfree(f);
${behind} }
`;
	it('comes behind the freeing', () => check(words, 'static void quux_drop(struct quux_filter *f)', whole('', '+\tsynchronize_rcu();\n'), STILL));
	it('comes before the freeing', () => check(words, 'static void quux_drop(struct quux_filter *f)', whole('+\tsynchronize_rcu();\n', ''), /^fixes: use-after-free/));
});
