import { describe, it } from 'vitest';
import { fileCheck, hunkCheck } from './hunk-mail';

/** What is counted, or given back, where kernel rules keep others apart: each beside one like it that they do not. */
const check = fileCheck('rush', 'simplify');

const checkHunk = hunkCheck();

const powered = (call: string, expected: string): Promise<void> => checkHunk('static int rush_probe(struct platform_device *pdev)', `
 	struct rush *r = platform_get_drvdata(pdev);
 	int ret;
 
-	ret = clk_prepare_enable(r->clk);
+	ret = ${call};
 	if (ret)
 		return ret;
-	ret = ${call};
+	ret = clk_prepare_enable(r->clk);
 	if (ret)
 		return ret;
 	return 0;
 }
`, expected, 'Do it before the clock, so that both paths are the mirror of each other.', 'rush: other order');

describe('before the clock', () => {
	it('there may be power', () => powered('regulator_enable(r->supply)', 'no-failure'));
	it('nobody may come in', () => powered('rush_register(r)', 'introduces: use-after-free'));
});

const managed = (before: string, after: string, expected: string): Promise<void> => checkHunk('static int rush_probe(struct device *dev, struct rush *r)', `
 	int ret;
 
${before}${after} 	if (!r->input)
 		return -ENOMEM;
 	ret = rush_add(r->input);
-	if (ret)
-		goto err;
-	return 0;
-err:
-	input_free_device(r->input);
 	return ret;
 }
`, expected, 'What rush_add() is given is freed by it.', 'rush: simplify');

describe('a release that goes', () => {
	it('is left to the device', () => managed('-	r->input = input_allocate_device();\n', '+	r->input = devm_input_allocate_device(dev);\n', 'no-failure'));
	it('was one too many', () => managed(' 	r->input = input_allocate_device();\n', '', 'fixes: use-after-free'));
});

const counted = (off: string, on: string): string => `
struct rush_hits { u64 all; };
struct rush { struct rush_hits __percpu *hits; };
 void rush_classify(struct rush *r)
 {
-	struct rush_hits *h;
-
-	${off};
-	h = this_cpu_ptr(r->hits);
-	WRITE_ONCE(h->all, h->all + 1);
-	${on};
+	this_cpu_inc(r->hits->all);
 }
 EXPORT_SYMBOL_GPL(rush_classify);
`;

describe('the counter of a CPU', () => {
	it('was counted with nobody let in', () => check(counted('local_bh_disable()', 'local_bh_enable()'), 'no-failure', 'do not lose hits'));
	it('was counted while others came in', () => check(counted('rcu_read_lock()', 'rcu_read_unlock()'), 'fixes: data-race, lost-data', 'do not lose hits'));
});

const filled = (target: string): string => `
struct rush { u64 dropped; u64 seen; };
 static void rush_stats(struct net_device *dev, struct rtnl_link_stats64 *s)
 {
 	struct rush *r = netdev_priv(dev);
 
+	${target} += READ_ONCE(r->dropped);
 }
 static const struct net_device_ops rush_ops = {
 	.ndo_get_stats64 = rush_stats,
 };
`;

describe('what is added up', () => {
	it('goes to what the caller gave', () => check(filled('s->tx_dropped'), 'no-failure'));
	it('goes to what all share', () => check(filled('r->seen'), 'introduces: data-race, lost-data'));
});

const begun = (init: string, expected: string): Promise<void> => checkHunk('void rush_init(struct rush *r, u64 limit)', `
 	${init};
 	r->limit = limit;
-	atomic64_set(&r->reserved, 0);
+	r->reserved = 0;
 }
 
@@ -140,8 +140,8 @@ void rush_destroy(struct rush *r)
 	while ((each = rush_first(r)) != NULL) {
-		atomic64_sub(each->len, &r->reserved);
+		r->reserved -= each->len;
 		kfree(each);
 	}
 	spin_unlock(&r->lock);
 }
`, expected, 'It is only changed with the lock held.', 'rush: make it plain');

describe('what sets a counter to nothing', () => {
	it('makes the lock of who counts', () => begun('spin_lock_init(&r->lock)', 'no-failure'));
	it('comes at any time', () => begun('r->first = NULL', 'pre-existing'));
});
