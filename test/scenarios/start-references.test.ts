import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** A reference for what is started: taken, given back, or asked for, as the start itself answers. */
const check = hunkCheck();
const kick = (lines: string, expected: string, words = ''): Promise<void> => check('void quux_kick(struct quux *q)', `${lines}
 }
`, expected, words);

describe('a work item that has a reference', () => {
	it('is started, and nobody asks whether it was pending', () => kick(`
 	kref_get(&q->ref);
-	if (!queue_work(system_wq, &q->work))
-		kref_put(&q->ref, quux_release);
+	queue_work(system_wq, &q->work);`, 'introduces: refcount-leak', 'The work gives it back.'));
	it('has what was looked up', () => kick(`
 	q = quux_get(dev);
-	kref_get(&q->ref);
-	if (!schedule_work(&q->work))
-		kref_put(&q->ref, quux_release);
-	kref_put(&q->ref, quux_release);
+	schedule_work(&q->work);`, 'introduces: refcount-leak', 'The work gives it back.'));
	it('is asked ahead', () => kick(`
+	if (work_pending(&q->work))
+		return;
 	kref_get(&q->ref);
 	queue_work(system_wq, &q->work);`, 'still-fails: refcount-leak', 'When it is pending the reference is leaked.'));
	it('takes one where it was started', () => kick(`
-	kref_get(&q->ref);
-	if (mod_timer(&q->timer, jiffies + HZ))
-		kref_put(&q->ref, quux_release);
+	kref_get(&q->ref);
+	if (mod_timer(&q->timer, jiffies + HZ) != 0)
+		kref_put(&q->ref, quux_release);`, 'no-failure', 'Another form.'));
	it('a timer that is armed again', () => kick(`
-	refcount_inc(&q->ref);
-	mod_timer(&q->timer, jiffies + HZ);
+	if (!mod_timer(&q->timer, jiffies + HZ))
+		refcount_inc(&q->ref);`, 'fixes: refcount-leak', 'A timer that is pending already keeps its reference.'));
	it('that nobody counts for', () => kick(`
-	q->kicks++;
 	queue_work(system_wq, &q->work);
+	q->kicks++;`, 'no-failure', 'Tidy.'));
});
