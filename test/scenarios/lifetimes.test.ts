import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/**
 * When something ends, and who keeps it until then: a hunk of a function that the mail shows in part, what is said of it when the mail speaks of that, and when it says nothing. The names
 * are made up, and nobody's else is in sight.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(words: string, head: string, hunk: string, claimed: string, unclaimed = 'no-failure'): Promise<void> {
	expect([await saidOfHunk(analyzer, words, head, hunk), await saidOfHunk(analyzer, 'Tidy up.', head, hunk)]).toEqual([claimed, unclaimed]);
}

describe('what is ended and used behind that', () => {
	it('by a call that nobody shows, in a loop', () => check('quux_return_all() still dereferences q->bits after they were freed.', 'static void quux_clear(struct quux_host *host)', `
 		list_del(&q->node);
 
+		quux_return_all(q);
 		kfree(q->bits);
 		q->bits = NULL;
-		quux_return_all(q);
 		quux_give_back(q);
 	}
 }
`, 'fixes: use-after-free'));
	const flushed = (other: string): string => `
-	quux_cleanup_ring(q, copied);
-
 	if (copied >= target) {
 		quux_flush_backlog(q);
 ${other}
+		quux_cleanup_ring(q, copied);
 		quux_wait_data(q);
 	}
`;
	it('not where what ends it is done on the other way now', () => check('It is no use to do that before the backlog was freed.', 'static int quux_receive(struct quux *q, int target)', flushed('\t} else {'), 'no-failure'));
	it('but where it is done behind that', () => check('It is no use to do that before the backlog was freed.', 'static int quux_receive(struct quux *q, int target)', flushed(''), 'fixes: use-after-free'));
	it('not by what is only set', () => check('The count was written after the bits were freed.', 'static void quux_clear(struct quux *q)', `
+	q->count = 0;
 	kfree(q->bits);
-	q->count = 0;
 	quux_note(q->host);
 }
`, 'no-failure'));
});

describe('pointers that are cleared', () => {
	it('before what they lead to is freed', () => check('An interrupt may find the pointer in between.', 'void quux_free_task(struct quux_task *t)', `
 	if (!info)
 		return;
 
+	t->info = NULL;
 	quux_drain(info);
 
 	kfree(info);
-	t->info = NULL;
 }
`, 'fixes: use-after-free'));
});

describe('what is returned of what was freed', () => {
	it('says that it was taken', () => check('The skb is freed twice, as the caller goes on with it.', 'static bool quux_input(struct quux *q, struct sk_buff *skb)', `
 	default:
 		pr_warn("illegal type\\n");
 		kfree_skb(skb);
-		return false;
+		return true;
 	}
 }
`, 'fixes: use-after-free'));
	it('not one error for another', () => check('The skb is freed twice.', 'static int quux_input(struct quux *q, struct sk_buff *skb)', `
 	if (skb->len < 4) {
 		kfree_skb(skb);
-		return -EINVAL;
+		return -EMSGSIZE;
 	}
 	return 0;
 }
`, 'no-failure'));
});

describe('pairs of calls that keep something there', () => {
	it('with what they find', () => check('This can race with quux_off(), which tears the device down.', 'int quux_page(struct quux_fault *fault)', `
 	struct quux_entry entry = fault->entry;
+	struct quux_device *dev;
 
+	dev = get_quux_device(entry);
+	if (!dev)
+		return -EIO;
 	quux_read(fault, entry);
+	put_quux_device(dev);
 	return 0;
 }
`, 'fixes: check-then-act, use-after-free'));
	it('that answer no more than whether it is there', () => check('The device may be unplugged meanwhile.', 'static void quux_update(struct quux *q)', `
+	int idx;
+
+	if (!quux_dev_enter(q->drm, &idx))
+		return;
 	quux_write(q, 1);
+	quux_dev_exit(idx);
 }
`, 'fixes: check-then-act, use-after-free'));
	it('no more than a test, where it is power that they keep', () => check('This can race with suspend.', 'static void quux_update(struct quux *q)', `
+	if (quux_runtime_get(q) < 0)
+		return;
 	quux_write(q, 1);
+	quux_runtime_put(q);
 }
`, 'fixes: check-then-act'));
});

describe('what is told to be done with', () => {
	it('under the lock of who waits for that', () => check('The killer may free the structure before the notification.', 'static int quux_thread(void *arg)', `
 	goto loop;
 
  end_thread:
-	spin_unlock(&sci->state_lock);
-
 	sci->task = NULL;
 	wake_up(&sci->wait_task);
+	spin_unlock(&sci->state_lock);
 	return 0;
 }
`, 'fixes: use-after-free'));
});

describe('references taken only above zero', () => {
	it('by the name of what takes them', () => check('The count can drop to zero before; use-after-free.', 'static int quux_show(struct seq_file *m, void *p)', `
 	struct quux *q = quux_of(p);
 
-	quux_get(q);
+	if (!quux_get_rcu(q))
+		return 0;
 	seq_printf(m, "%d", q->size);
 	return 0;
 }
`, 'fixes: resurrection'));
	it('not where a lock goes with it', () => check('The count can drop to zero.', 'static int quux_show(struct seq_file *m, void *p)', `
 	struct quux *q = quux_of(p);
 
-	spin_lock(&quux_lock);
-	quux_get(q);
-	spin_unlock(&quux_lock);
+	rcu_read_lock();
+	if (!quux_get_rcu(q))
+		q = NULL;
+	rcu_read_unlock();
 	quux_note(q);
 	return 0;
 }
`, 'no-failure'));
});

describe('what is dropped before a jump', () => {
	it('to where it is dropped as well', () => check('Do not drop the reference twice in the error flow.', 'static int quux_get_doit(struct quux_msg *msg)', `
 	ret = quux_fill(msg, res);
-	quux_res_put(res);
 	if (ret)
 		goto err_free;
 
+	quux_res_put(res);
 	quux_end(msg);
 	return quux_send(msg);
`, 'fixes: refcount-underflow'));
});

describe('stops of what is asked for first', () => {
	it('in the exit of a module', () => check('The timer may still run after the module is gone.', 'static void __exit quux_cleanup(void)', `
 	if (timer_pending(&quux_timer))
-		del_timer(&quux_timer);
+		del_timer_sync(&quux_timer);
 
 	pci_unregister_driver(&quux_driver);
 }
`, 'fixes: use-after-free', 'fixes: use-after-free'));
	it('of a part that has a name of its own', () => check('The work may still run.', 'static void quux_recovery_work(struct work_struct *work)', `
 	struct quux_ctrl *ctrl = &tcp_ctrl->ctrl;
 
 	quux_stop_keep_alive(ctrl);
+	flush_work(&ctrl->event_work);
 	quux_teardown_queues(ctrl, false);
 	quux_start_queues(ctrl);
`, 'fixes: use-after-free', 'fixes: use-after-free'));
});

describe('counts that are plain numbers', () => {
	it('lowered where the function fails', () => check('This needs to undo q->users++ when it fails.', 'int quux_local_get(struct quux *q)', `
 	err = quux_create(q);
-	if (err)
+	if (err) {
+		q->users--;
 		goto done;
+	}
 
 	q->ready = 1;
`, 'fixes: refcount-leak'));
});

describe('references taken in a read side now', () => {
	const found = (take: string, taken: string): string => `
 	struct quux *q;
 
-	spin_lock(&tbl->lock);
-	hash_for_each_possible(tbl->all, q, node, handle) {
+	rcu_read_lock();
+	hash_for_each_possible_rcu(tbl->all, q, node, handle) {
 		if (q->handle == handle) {
${take}
-			spin_unlock(&tbl->lock);
+			rcu_read_unlock();
 			return ${taken};
 		}
 	}
-	spin_unlock(&tbl->lock);
+	rcu_read_unlock();
 	return NULL;
 }
`;
	it('whatever the count is', () => check('The lock is contended.', 'struct quux *quux_lookup(struct quux_table *tbl, u32 handle)', found(' \t\t\trefcount_inc(&q->users);', 'q'), 'introduces: use-after-free', 'introduces: use-after-free'));
	it('not of what has none left', () => check('The lock is contended.', 'struct quux *quux_lookup(struct quux_table *tbl, u32 handle)', found('-\t\t\trefcount_inc(&q->users);\n+\t\t\tif (!refcount_inc_not_zero(&q->users))\n+\t\t\t\tcontinue;', 'q'), 'no-failure'));
});
