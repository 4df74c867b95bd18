import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** Readers that are waited for in another way than before, or not at all: each beside what waits for the same ones. */
const check = hunkCheck();
const drop = (lines: string, expected: string, words = 'This is cheaper here.', behind = 'kfree(h)'): Promise<void> => check('void quux_unregister(struct quux_hook *h)', `
 	mutex_lock(&quux_mutex);
 	list_del_rcu(&h->node);
 	mutex_unlock(&quux_mutex);
${lines}
 	${behind};
 }
`, expected, words);

describe('a wait for readers', () => {
	it('makes room for one for callbacks', () => drop('-	synchronize_rcu();\n+	rcu_barrier();', 'introduces: use-after-free'));
	it('makes room for one for readers of another kind', () => drop('-	synchronize_srcu(&quux_srcu);\n+	synchronize_rcu();', 'introduces: use-after-free'));
	it('of a domain of their own makes room for one for callbacks', () => drop('-	synchronize_srcu(&quux_srcu);\n+	srcu_barrier(&quux_srcu);', 'introduces: use-after-free'));
	it('of RCU makes room for one for readers of another kind, which are not in sight', () => drop('-	synchronize_rcu();\n+	synchronize_srcu(&quux_srcu);', 'no-failure'));
	it('is hurried', () => drop('-	synchronize_srcu(&quux_srcu);\n+	synchronize_srcu_expedited(&quux_srcu);', 'no-failure'));
	it('is joined by one for callbacks', () => drop(' 	synchronize_rcu();\n+	rcu_barrier();', 'fixes: use-after-free', 'Callbacks may still run when the module goes.'));
	it('comes with readers of that kind', () => check('void quux_unregister(struct quux_hook *h)', `
 	list_del_rcu(&h->node);
-	synchronize_srcu(&quux_srcu);
+	synchronize_rcu();
 	kfree(h);
 }
 
 int quux_run(void)
 {
-	int idx = srcu_read_lock(&quux_srcu);
+	rcu_read_lock();
 	list_for_each_entry_rcu(h, &quux_hooks, node)
 		h->seen++;
-	srcu_read_unlock(&quux_srcu, idx);
+	rcu_read_unlock();
 	return 0;
 }
`, 'no-failure', 'The hooks do not sleep.'));
});
