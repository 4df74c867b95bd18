import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** What is stopped, or woken, where something ends, in mails that say nothing of it: each beside one that may be so. */
const check = hunkCheck();

describe('a timer that is shut down', () => {
	const gone = (words: string, expected: string): Promise<void> => check('static void quux_stop(struct quux *q)', `
-	timer_shutdown_sync(&q->timer);
+	del_timer_sync(&q->timer);
 	cancel_work_sync(&q->work);
 }
`, expected, words);
	it('may be started again where it is only deleted', () => gone('', 'introduces: use-after-free'));
	it('is not, as the mail says', () => gone('Nobody arms the timer at this point, deleting it is enough.', 'no-failure'));
	it('belongs to an object of which the function itself drops the reference', () => check('static void quux_stop(struct quux *q)', `
 	quux_unlink(q);
-	del_timer_sync(&q->timer);
+	timer_shutdown_sync(&q->timer);
 	quux_put(q);
 }
`, 'fixes: use-after-free'));
});

describe('a stop on a condition', () => {
	// A known gap: others clear the mark too, and the timer may run on. A stop under a mark that is only asked is told as no remedy today.
	it('that others may have changed', () => check('void quux_detach(struct quux *q)', `
 	if (!q->blinker)
 		return;
 
-	if (q->blinker->on) {
-		q->blinker->on = false;
-		timer_shutdown_sync(&q->blinker->timer);
-	}
+	timer_shutdown_sync(&q->blinker->timer);
+	q->blinker->on = false;
 
 	kfree(q->blinker);
`, 'no-failure'));
	it('that no longer waits', () => check('static void quux_del_timer(struct quux *q)', `
 {
 	if (q->idle > 0)
-		del_timer_sync(&q->timer);
+		del_timer(&q->timer);
 }
`, 'introduces: use-after-free'));
});

describe('a wake-up where something ends', () => {
	const release = 'static int quux_release(struct inode *inode, struct file *file)';
	it('is added', () => check(release, `
 	spin_unlock(&q->lock);
 
+	/* Let go who waits at q->events. */
+	wake_up_all(&q->events);
+
 	quux_put(q);
 	return 0;
`, 'fixes: deadlock'));
	const dropped = (words: string, expected: string): Promise<void> => check(release, `
 	spin_unlock(&q->lock);
 
-	wake_up_all(&q->events);
 	quux_put(q);
 	return 0;
`, expected, words);
	it('is gone', () => dropped('', 'introduces: deadlock'));
	it('is gone where nobody waits', () => dropped('Nobody waits there.', 'no-failure'));
	it('comes with those who wait', () => check(release, `
 	spin_unlock(&q->lock);
 
+	wait_event(q->idle, !atomic_read(&q->users));
+	wake_up_all(&q->idle);
 	quux_put(q);
 	return 0;
`, 'no-failure'));
});

describe('a queue of its own', () => {
	const remove = (rest: string, expected: string): Promise<void> => check('static void quux_remove(struct platform_device *pdev)', rest, expected);
	it('goes away, and what ran on it is cancelled still', () => check('static int quux_probe(struct platform_device *pdev)', `
-	q->wq = alloc_workqueue("quux", 0, 1);
-	if (!q->wq)
-		return -ENOMEM;
 	return quux_register(q);
 }
 
@@ -70,6 +67,5 @@ static void quux_remove(struct platform_device *pdev)
 
 	quux_unregister(q);
 	cancel_work_sync(&q->work);
-	destroy_workqueue(q->wq);
 }
`, 'no-failure'));
	it('is no longer waited for', () => remove(`
 	struct quux *q = platform_get_drvdata(pdev);
 
-	flush_workqueue(q->wq);
 	quux_off(q);
 }
`, 'introduces: use-after-free'));
});

describe('a queue that others use, too', () => {
	const stop = (line: string, rest: string, expected: string): Promise<void> => check('static void quux_stop(struct quux *q)', `
 	quux_detach(q);
${line}
${rest} 	spin_lock(&q->lock);
 	q->ready = 0;
 	spin_unlock(&q->lock);
 }
`, expected);
	it('is waited for', () => stop('+	flush_workqueue(quux_misc_wq);', '', 'fixes: use-after-free'));
	it('is no longer waited for', () => stop('-	flush_workqueue(quux_misc_wq);', '', 'introduces: use-after-free'));
	it('is waited for by its work', () => stop('-	flush_workqueue(quux_misc_wq);', '+	cancel_work_sync(&q->work);\n', 'no-failure'));
	it('goes unnamed', () => stop('+	flush_scheduled_work();', '', 'fixes: use-after-free'));
});

describe('a completion of something that is there all along', () => {
	const start = (init: string, place: string, now: string, head: string, expected: string): Promise<void> => check(head, `
 	int err;
 
-	${init}(${place});
+	${now}(${place});
 
 	err = quux_send(q, QUUX_START);
 	if (err)
 		return err;
`, expected);
	it('is started over', () => start('init_completion', '&q->started', 'reinit_completion', 'static int quux_start(struct quux *q)', 'fixes: data-race, lost-data'));
	it('is made as new', () => start('reinit_completion', '&q->started', 'init_completion', 'static int quux_start(struct quux *q)', 'introduces: data-race, lost-data'));
	it('is made as new where it begins', () => start('reinit_completion', '&q->started', 'init_completion', 'static int quux_probe(struct quux *q)', 'no-failure'));
	it('of the stack', () => start('reinit_completion', '&started', 'init_completion', 'static int quux_start(struct quux *q)', 'no-failure'));
});

describe('a field that is set around what lets others come', () => {
	const set = (call: string, expected: string, words = ''): Promise<void> => check('static int quux_read(struct quux *q, struct quux_req *r)', `
 	r->iocb = iocb;
+	r->len = len;
 	${call};
-	r->len = len;
 
 	return -EIOCBQUEUED;
`, expected, words);
	it('by calling back', () => set('aead_request_set_callback(&r->req, 0, quux_done, r)', 'fixes: use-after-free'));
	it('by queueing', () => set('queue_work(quux_wq, &r->work)', 'fixes: use-after-free'));
	it('by nothing', () => set('quux_account(q)', 'no-failure'));
	it('that nobody uses', () => set('queue_work(quux_wq, &r->work)', 'no-failure', 'The work never looks at the length, nobody sees a difference.'));
});

describe('a lock in a probe', () => {
	const probe = (before: string, expected: string): Promise<void> => check('static int quux_probe(struct platform_device *pdev)', `
 	q->base = quux_map(q);
${before}-	spin_lock_irq(&q->lock);
 	q->mode = QUUX_IDLE;
 	quux_write(q, 0);
-	spin_unlock_irq(&q->lock);
 	phy = devm_phy_create(&pdev->dev, NULL, &quux_ops);
 	return PTR_ERR_OR_ZERO(phy);
`, expected);
	it('is taken before others are let in', () => probe('', 'no-failure'));
	it('is taken after an interrupt was', () => probe(' 	ret = devm_request_irq(&pdev->dev, q->irq, quux_irq, 0, "quux", q);\n', 'introduces: data-race, lost-data'));
});
