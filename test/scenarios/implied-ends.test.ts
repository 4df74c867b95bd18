import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/**
 * What is stopped, woken, waited for or ended, of whom a change speaks: a hunk of a function that the mail shows in part, and what is said of it; then of its reverse. The names are made
 * up, and nobody's else is in sight.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string, subject?: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, subject)).toEqual([forward, backward]);
}

describe('stops', () => {
	it('of a work item before the free', () => check('static void quux_remove(struct platform_device *pdev)', `
 	struct quux *q = platform_get_drvdata(pdev);
 
 	quux_hw_off(q);
+	cancel_delayed_work_sync(&q->poll);
 	kfree(q);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of a timer, whose object is freed by somebody else', () => check('static void quux_disconnect(struct usb_interface *intf)', `
 	struct quux *q = usb_get_intfdata(intf);
 
 	usb_set_intfdata(intf, NULL);
-	del_timer(&q->timer);
+	del_timer_sync(&q->timer);
 	quux_put_all(q);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of a work item on the way out of a failed start, whose end is not shown', () => check('static int quux_probe(struct usb_interface *intf)', `
 
 out1:
 	tasklet_kill(&q->tx_tl);
+	cancel_delayed_work_sync(&q->poll);
 	if (q->ops->unload)
 		q->ops->unload(q);
 	usb_set_intfdata(intf, NULL);
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('renamed', () => check('static void quux_disconnect(struct usb_interface *intf)', `
 	struct quux *q = usb_get_intfdata(intf);
 
 	usb_set_intfdata(intf, NULL);
-	del_timer_sync(&q->timer);
+	timer_delete_sync(&q->timer);
 	kfree(q);
 }
`, 'no-failure', 'no-failure'));
	it('of an interrupt before its ring goes', () => check('static int quux_close(struct net_device *ndev)', `
 	struct quux *q = netdev_priv(ndev);
 
 	netif_stop_queue(ndev);
-	quux_free_ring(q);
 	free_irq(q->irq, q);
+	quux_free_ring(q);
 	return 0;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of an urb before its buffer goes', () => check('static void quux_close(struct input_dev *input)', `
 	struct quux *q = input_get_drvdata(input);
 
-	kfree(q->buffer);
 	usb_kill_urb(q->urb);
+	kfree(q->buffer);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of a thread', () => check('static void quux_exit(struct quux *q)', `
 	quux_hw_off(q);
+	kthread_stop(q->thread);
 	kfree(q->buffer);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('when the start fails', () => check('static int quux_probe(struct platform_device *pdev)', `
 	return 0;
 
 err_work:
+	cancel_work_sync(&q->work);
 	quux_hw_off(q);
 	return ret;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('under a lock that the callback takes', () => check('static void quux_stop(struct quux *q)', `
 	mutex_lock(&q->lock);
 	q->running = false;
-	cancel_delayed_work_sync(&q->poll);
 	mutex_unlock(&q->lock);
+	cancel_delayed_work_sync(&q->poll);
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
	it('of a high-resolution timer under a lock, which spins', () => check('static void quux_stop(struct quux *q)', `
 	spin_lock_bh(&q->lock);
 	q->enabled = false;
-	hrtimer_cancel(&q->timer);
 	spin_unlock_bh(&q->lock);
+	hrtimer_cancel(&q->timer);
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
	it('before what starts it again is stopped', () => check('static void quux_remove(struct platform_device *pdev)', `
 	struct quux *q = platform_get_drvdata(pdev);
 
-	cancel_work_sync(&q->work);
 	free_irq(q->irq, q);
+	cancel_work_sync(&q->work);
 	quux_hw_off(q);
 	kfree(q);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('before callers are gone', () => check('static void quux_remove(struct platform_device *pdev)', `
 	struct quux *q = platform_get_drvdata(pdev);
 
-	cancel_work_sync(&q->work);
 	quux_core_unregister(q->core);
+	cancel_work_sync(&q->work);
 	kfree(q);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
});

describe('wake-ups', () => {
	it('after the last use', () => check('static void quux_done(struct quux_req *r, int status)', `
+	r->status = status;
 	complete(&r->done);
-	r->status = status;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of all', () => check('static void quux_open_ack(struct quux *q)', `
 	q->state = 1;
-	complete(&q->opened);
+	complete_all(&q->opened);
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
	it('after the condition', () => check('static void quux_finish(struct quux *q)', `
+	q->finished = true;
 	wake_up(&q->wait);
-	q->finished = true;
 }
`, 'fixes: deadlock', 'introduces: deadlock'));
});

describe('what ends for good', () => {
	it('a timer that is not started again', () => check('static void quux_destroy(struct quux *q)', `
 	quux_off(q);
-	del_timer_sync(&q->timer);
+	timer_shutdown_sync(&q->timer);
 	kfree(q);
 }
`, 'fixes: use-after-free', 'no-failure', 'quux: fix the timer'));
	it('callers, before what they use goes', () => check('static void quux_remove(struct pci_dev *pdev)', `
 	struct quux *q = pci_get_drvdata(pdev);
 
-	kfree(q->table);
 	unregister_netdev(q->ndev);
+	kfree(q->table);
 	free_netdev(q->ndev);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('callbacks of RCU, before their code goes', () => check('static void __exit quux_exit(void)', `
 	quux_unregister_all();
+	rcu_barrier();
 	kmem_cache_destroy(quux_cache);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('NAPI, before its device goes', () => check('static void quux_remove(struct pci_dev *pdev)', `
 	struct quux *q = pci_get_drvdata(pdev);
 
 	unregister_netdev(q->ndev);
+	netif_napi_del(&q->napi);
 	free_netdev(q->ndev);
`, 'fixes: use-after-free', 'introduces: use-after-free'));
});

describe('waits for what never comes', () => {
	it('a completion that a path leaves out', () => check('static void quux_done(struct quux *q, int status)', `
 	if (status) {
 		q->result = -5;
-		return;
+		goto out;
 	}
 	q->result = 0;
+out:
 	complete(&q->done);
 }
`, 'fixes: deadlock', 'no-failure', 'quux: complete the request on error too, its waiter hangs'));
});
