import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/**
 * What the lines of a patch only half show, and its mail claims: a hunk of a function, the claim, what is then said of it; and what is said of the same hunk by a mail that claims
 * nothing.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, claim: string, claimed: string, unclaimed = 'no-failure'): Promise<void> {
	expect([await saidOfHunk(analyzer, claim, head, hunk), await saidOfHunk(analyzer, 'Tidy up.', head, hunk)]).toEqual([claimed, unclaimed]);
}

describe('references that are kept', () => {
	const LEAK = 'The reference count leaks when this fails.';
	it('of what the caller has given', () => check('static int quux_add(struct quux_slave *sl)', `
 		dev_err(&sl->dev, "registration failed\\n");
-		return err;
+		goto out_put;
 	}
 	quux_notify(sl);
 	return 0;
+
+out_put:
+	put_device(&sl->dev);
+	return err;
 }
`, LEAK, 'fixes: refcount-leak'));
	it('of what came out of sight, on a way that goes on', () => check('static int quux_ioctl(struct quux *q, int fd)', `
 		if (!quux_is_file(file)) {
+			fput(file);
 			ret = -EINVAL;
 			break;
 		}
`, LEAK, 'fixes: refcount-leak'));
	it('of a call that takes one when it fails', () => check('static int quux_xfer(struct i2c_adapter *adapter)', `
-	result = pm_runtime_get_sync(q->adapter.dev.parent);
+	result = pm_runtime_resume_and_get(q->adapter.dev.parent);
 	if (result < 0)
 		return result;
 
`, LEAK, 'fixes: refcount-leak'));
	it('that nobody would drop', () => check('static int quux_bind(struct quux *q)', `
 	q->data = opts->data;
-	quux_data_get(q->data);
 	q->conf = 1;
 	return 0;
`, LEAK, 'fixes: refcount-leak', 'introduces: use-after-free'));
	it('of an object that was registered in vain', () => check('static int quux_add(struct quux *q)', `
 		ret = kobject_init_and_add(&kobj->kobj, &quux_ktype, NULL, "quux");
 		if (ret) {
-			kfree(kobj);
+			kobject_put(&kobj->kobj);
 			goto error;
 		}
`, LEAK, 'fixes: refcount-leak', 'fixes: refcount-leak'));
});

describe('references that are dropped too often', () => {
	it('by a call that nobody shows', () => check('static int quux_register(struct quux *q)', `
 wash:
-	put_device(&q->dev);
 	quux_put_supply(q->supply);
 	put_device(&q->dev);
 	return ret;
 }
`, 'refcount_t: underflow; use-after-free. The put is redundant.', 'fixes: refcount-underflow', 'fixes: use-after-free'));
	it('not a field by another name', () => check('static void quux_free_tx(struct quux *ring)', `
 	while (ring->tail != ring->head) {
 		dev_kfree_skb_any(ring->skbs[ring->tail]);
-		ring->stat_freed++;
+		ring->freed_skbs++;
 		ring->tail = (ring->tail + 1) & ring->mask;
 	}
 }
`, 'Fix the name of the counter.', 'pre-existing', 'pre-existing'));
});

describe('what is freed out of sight', () => {
	it('by a call, before it is used', () => check('static void quux_complete(struct quux *q, struct quux_cmd *cmd)', `
 	if (cmd) {
+		quux_trace(q, cmd->tag);
 		quux_done(cmd);
-		quux_trace(q, cmd->tag);
 	}
`, 'quux_done() may free the command: a use after free.', 'fixes: use-after-free'));
	it('by a call that fails, and once more', () => check('static int quux_send(struct quux *q)', `
 		r = quux_transmit(q, skb);
-		if (r < 0) {
-			kfree_skb(skb);
+		if (r < 0)
 			return r;
-		}
`, 'The skb is freed by quux_transmit() already: a double free.', 'fixes: use-after-free'));
	it('by a function that destroys it', () => check('static struct quux *quux_create(void)', `
 	if (!quux_construct(q))
-		goto destruct;
+		goto fail;
 
 	return q;
-
-destruct:
-	quux_destruct(q);
 
 fail:
 	kfree(q);
 	return NULL;
 }
`, 'What quux_construct() has freed is freed again: a double free.', 'fixes: use-after-free'));
	it('by whoever made it', () => check('static int quux_remove(struct platform_device *pdev)', `
 	struct quux *q = platform_get_drvdata(pdev);
 
 	quux_stop(q);
-	kfree(q->table);
 
 	return 0;
 }
`, 'The table is freed by devres: a double free.', 'fixes: use-after-free'));
	it('by another holder', () => check('static void quux_expire(struct quux *q)', `
 	struct sock *sk = q->sk;
 
+	sock_hold(sk);
 	bh_lock_sock(sk);
 	sk->sk_err = 1;
 	bh_unlock_sock(sk);
+	sock_put(sk);
 }
`, 'The socket may be freed meanwhile: a use after free.', 'fixes: use-after-free'));
	it('by another holder, before it is found', () => check('static struct quux_chan *quux_find(struct quux *q, u16 id)', `
 {
 	struct quux_chan *c;
 
 	mutex_lock(&q->lock);
 	c = __quux_find(q, id);
-	if (c)
-		quux_chan_lock(c);
+	if (c) {
+		c = quux_chan_hold_unless_zero(c);
+		if (c)
+			quux_chan_lock(c);
+	}
 	mutex_unlock(&q->lock);
 
 	return c;
 }
`, 'It is used after the final channel reference has been put: KASAN says use-after-free.', 'fixes: use-after-free'));
	it('and pointed at all the while', () => check('static void quux_free_table(struct quux *q)', `
 	if (!q->table)
 		return;
 
 	kfree(q->table);
+	q->table = NULL;
 }
`, 'This is called twice: a double free.', 'fixes: use-after-free', 'no-failure'));
});

describe('what others still find', () => {
	it('an entry whose link is poisoned', () => check('static void quux_del(struct quux *q, struct quux_conn *c)', `
-	list_del(&c->list);
+	list_del_rcu(&c->list);
 	synchronize_rcu();
 	kfree(c);
 }
`, 'Readers walk the list.', 'fixes: use-after-free', 'fixes: use-after-free'));
	it('not where readers are new as well', () => check('static void quux_del(struct quux *q, struct quux_conn *c)', `
-	list_del(&c->list);
+	rcu_read_lock();
+	list_del_rcu(&c->list);
+	rcu_read_unlock();
 	q->count = 0;
 }
`, 'Readers walk the list.', 'no-failure'));
	it('an object that a call frees at once', () => check('static int quux_del(struct quux *q, struct quux_label *p)', `
 		hlist_del_rcu(&p->list);
-		quux_label_free(p);
+		kfree_rcu(p, rcu);
 		return 0;
 	}
`, 'Labels are looked up under RCU.', 'fixes: use-after-free', 'fixes: use-after-free'));
	it('an object that is given to be freed', () => check('static int quux_set(struct quux *q, struct quux_conf *new)', `
 	old = quux_dereference(q->conf);
-	if (old)
-		kfree_rcu(old, rcu_head);
 
 	rcu_assign_pointer(q->conf, new);
+	if (old)
+		kfree_rcu(old, rcu_head);
 
 	return 0;
 }
`, 'Readers find it.', 'fixes: use-after-free', 'fixes: use-after-free'));
	it('an object that is not set up', () => check('static int quux_change(struct quux *q, u32 handle)', `
-	rcu_assign_pointer(*fp, f);
-
 	f->q = q;
 	f->handle = handle;
+
+	rcu_assign_pointer(*fp, f);
 	return 0;
 }
`, 'Readers find it uninitialised.', 'fixes: use-after-free'));
});

describe('what goes with something else', () => {
	it('the part of an owner', () => check('static int quux_remove(struct platform_device *pdev)', `
 	struct quux *q = netdev_priv(ndev);
 
 	unregister_netdev(ndev);
-	free_netdev(ndev);
 	netif_napi_del(&q->napi);
+	free_netdev(ndev);
 
 	return 0;
 }
`, 'It is used after free.', 'fixes: use-after-free', 'fixes: use-after-free'));
	it('the code of a callback', () => check('static void __exit quux_exit(void)', `
 {
-	del_timer(&quux_timer);
+	del_timer_sync(&quux_timer);
 
 	pci_unregister_driver(&quux_driver);
 }
`, 'It may still run.', 'fixes: use-after-free', 'fixes: use-after-free'));
	it('what is told of events, and of nothing else', () => check('static int quux_remove(struct platform_device *pdev)', `
 	struct quux *q = platform_get_drvdata(pdev);
 
+	quux_unregister_notifier(q->cable, &q->nb);
 	power_supply_unregister(q->psy);
 	kfree(q);
 	return 0;
 }
`, 'A later event calls into it.', 'fixes: use-after-free', 'fixes: use-after-free'));
});
