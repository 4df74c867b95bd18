import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/** What a section keeps alive, and what somebody has left nothing to do with, of which a change speaks: a hunk of a function that the mail shows in part, and what is said of it; then of its reverse. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string, subject?: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, subject)).toEqual([forward, backward]);
}

describe('what is found and used in one section on one side only', () => {
	it('a look-up that nobody shows, and a call of what nobody shows', () => check('static void quux_merge(struct quux *q)', `
 	if (q->use_zero) {
 		struct quux_area *area;
 
-		area = quux_find_area(q->space, q->address);
+		down_read(&space->sem);
+		area = quux_find_area(space, q->address);
 		err = quux_merge_one(area, q);
+		up_read(&space->sem);
 		if (!err)
 			return;
`, 'fixes: use-after-free', 'no-failure', 'quux: fix unprotected walk of areas'));
	it('read before the lock was taken, and used in lines that are not shown', () => check('static ssize_t quux_show(struct device *dev, char *buf)', `
+	struct file *file;
 	struct quux *q = dev_to_quux(dev);
-	struct file *file = q->backing;
 	ssize_t ret;
 
 	down_read(&q->sem);
-	if (!q->backing) {
+	file = q->backing;
+	if (!file) {
 		up_read(&q->sem);
 		return 0;
`, 'fixes: use-after-free', 'no-failure', 'quux: fix race between show and store'));
	it('used behind the lock, found out of sight', () => check('int quux_add_ioctl(struct quux_dev *dev, struct quux_arg *arg)', `
 		goto sysfs_err;
 	}
-
-	mutex_unlock(&dev->metrics_lock);
+	id = conf->id;
 
 	dev_dbg(dev->dev, "added %s\\n", conf->uuid);
+	mutex_unlock(&dev->metrics_lock);
 
-	return conf->id;
+	return id;
 
 sysfs_err:
 	mutex_unlock(&dev->metrics_lock);
`, 'fixes: use-after-free', 'no-failure', 'quux: fix use-after-free in quux_add_ioctl'));
	it('found in a read side, by a variable that is declared out of sight', () => check('int quux_set_doit(struct sk_buff *skb)', `
 	id = quux_id_of(skb);
 
 	rtnl_lock();
+	rcu_read_lock();
 
 	found = quux_by_id(id);
 	if (found) {
 		err = quux_configure(found, skb);
@@
 		err = -ENOENT;
 	}
 
+	rcu_read_unlock();
 	rtnl_unlock();
 
 	return err;
`.replace('@@\n', ''), 'fixes: use-after-free', 'no-failure', 'quux: hold rcu_read_lock() for quux_by_id()'));
	it('nothing is mended where the mail does not speak of it', () => check('static void quux_merge(struct quux *q)', `
 	if (q->use_zero) {
 		struct quux_area *area;
 
-		area = quux_find_area(q->space, q->address);
+		down_read(&space->sem);
+		area = quux_find_area(space, q->address);
 		err = quux_merge_one(area, q);
+		up_read(&space->sem);
 		if (!err)
 			return;
`, 'no-failure', 'introduces: lost-data', 'quux: look areas up by the space'));
});

describe('what is no longer done where somebody was there before', () => {
	it('a field that was taken away, of a parameter whose name the header cuts off', () => check('void quux_remove_ref(struct quux_ref *', `
 {
 	struct quux_owner *owner = ref->owner;
-	struct quux_base *base = quux_base_of(owner->node.base);
+	struct quux_base *base;
 
+	/* it is gone already */
+	if (!owner) {
+		pr_debug("no owner\\n");
+		return;
+	}
+
+	base = quux_base_of(&owner->node);
 	rb_erase(&ref->node, &owner->refs);
 	if (owner->main == ref)
`, 'fixes: use-after-free', 'no-failure', 'quux: fix race in concurrent quux_remove_ref invocations'));
	it('one more condition of the work', () => check('static int quux_release_last(struct quux_dev *dev, struct quux *q)', `
 	int ret;
 
 	ret = quux_release_one(dev, q);
-	if (ret == 0 && !quux_has_more(dev)) {
+	if (ret == 0 && !quux_has_more(dev) &&
+	    q->state != QUUX_LEAVING) {
 		q->flags |= QUUX_QUIET;
 		quux_unregister(q);
 	}
`, 'fixes: check-then-act', 'no-failure', 'quux: do not unregister a device twice'));
	it('a plain test of an argument is no such', () => check('static int quux_name(struct quux *q, char *buf)', `
 	int len;
 
+	if (!q->name)
+		return -EINVAL;
+
 	len = strlen(q->name);
 	memcpy(buf, q->name, len);
 	return len;
`, 'no-failure', 'no-failure', 'quux: fix NULL pointer dereference in quux_name()'));
});
