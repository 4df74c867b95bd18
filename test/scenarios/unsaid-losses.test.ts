import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** What a patch takes away without a word, whatever its title: each beside what goes on in another way. */
const check = hunkCheck();

describe('a wait for readers', () => {
	const waited = (way: string, expected: string, words = ''): Promise<void> => check('static void quux_remove(struct quux *q, struct quux_rule *rule)', `${way}
 	quux_rule_free(rule);
 }
`, expected, words);
	it('that is gone', () => waited(' 	list_del(&rule->list);\n-	synchronize_rcu();', 'introduces: use-after-free'));
	it('in the place of which another one comes', () => waited(' 	list_del(&rule->list);\n-	synchronize_rcu();\n+	synchronize_rcu_expedited();', 'no-failure'));
	it('of which the mail has something to say', () => waited(' 	list_del(&rule->list);\n-	synchronize_rcu();', 'no-failure', 'The caller waits for them.'));
});

describe('a drop that goes, and nothing comes', () => {
	const gone = (drop: string, expected: string): Promise<void> => check('static int quux_switch(struct quux *q)', `
 	node = quux_find_node(q->id);
 	if (node)
 		base = quux_map(node, 0);
-	${drop}(node);
 	if (base)
 		quux_write(base, 1);
 	return 0;
`, expected);
	it('leaves the reference', () => gone('of_node_put', 'introduces: refcount-leak'));
	it('is of something else by its name', () => gone('quux_release_ownership', 'no-failure'));
});

describe('a call behind the lock now', () => {
	const behind = (call: string, before: string, expected: string): Promise<void> => check('static int quux_adjust(struct quux *q, struct quux_entry *entry)', `
 	spin_lock_irqsave(&q->lock, flags);
 	${before}
-	${call}
 	spin_unlock_irqrestore(&q->lock, flags);
+	${call}
 	return 0;
 }
`, expected);
	it('which the others make under it', () => behind('quux_set_periods(q);', 'quux_count(q, 1);', 'introduces: data-race, lost-data'));
	it('of what was handed in', () => behind('quux_adapt(delta);', 'quux_count(q, 1);', 'no-failure'));
	it('frees what was taken out under it', () => behind('quux_entry_free(entry);', 'list_del(&entry->list);', 'no-failure'));
	it('which a new caller makes under it', () => check('static int __quux_adjust(struct quux *q)', `
-	spin_lock_irqsave(&q->lock, flags);
 	quux_count(q, 1);
 	quux_set_periods(q);
-	spin_unlock_irqrestore(&q->lock, flags);
 	return 0;
 }
+
+static int quux_adjust(struct quux *q)
+{
+	unsigned long flags;
+	int ret;
+
+	spin_lock_irqsave(&q->lock, flags);
+	ret = __quux_adjust(q);
+	spin_unlock_irqrestore(&q->lock, flags);
+	return ret;
+}
`, 'no-failure'));
});
