import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What is said of ways out of a function that nothing explains but the mail's own words. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(subject: string, words: string, head: string, hunk: string, expected: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, subject)).toBe(expected);
}

const LATER = `
 	if (err < 0)
 		return err;
 
-	quux_map_lock(q);
-
-	q->limit = value;
-
 	if (q->wide)
 		value *= 2;
@@ -60,6 +57,10 @@ static int quux_set(struct quux *q, u32 value)
 	total = (u64)value * q->weight;
 	if (total > INT_MAX)
 		return -EINVAL;
+
+	quux_map_lock(q);
+
+	q->limit = value;
 	q->total = total;
`;
const SPARED = `
 	rc = quux_walk(q, quux_check_offline);
 	if (rc)
-		goto done;
+		return rc;
 
 	quux_unmap(q);
@@ -60,9 +60,8 @@ static int quux_remove(struct quux *q)
 
 	quux_offline(q);
 
-done:
 	quux_map_done(q);
-	return rc;
+	return 0;
 }
`;
const KEPT = `
 		ret = 1;
 		break;
 	default:
-		ret = -EINVAL;
+		return -EINVAL;
 	}
 
 unlock:
`;

describe('ways out of which the mail speaks', () => {
	it('a lock that is taken behind the way out', () => check('quux: lock imbalance', 'quux_set() takes the lock and releases it but misses the error cases.', 'static int quux_set(struct quux *q, u32 value)', LATER, 'fixes: lock-held-at-return'));
	it('a lock later, as a clean-up', () => check('quux: lock less', 'Nothing before it needs the lock.', 'static int quux_set(struct quux *q, u32 value)', LATER, 'no-failure'));
	it('a way out that gives back no more what it never took', () => check('quux: fix unpaired quux_map_begin/done', 'When the check fails it is unpaired.', 'static int quux_remove(struct quux *q)', SPARED, 'fixes: unlock-not-held'));
	it('a way out at once, as a clean-up', () => check('quux: return at once', 'That reads better.', 'static int quux_remove(struct quux *q)', SPARED, 'no-failure'));
	it('what is returned at once, before a label that unlocks', () => check('quux: fix unbalanced mutex unlocks in quux_read()', 'There are exit paths where the lock is not held, but try to unlock the mutex.', 'static int quux_read(struct quux *q, int what)', KEPT, 'fixes: unlock-not-held'));
	it('before a label, as a clean-up', () => check('quux: return at once', 'That reads better.', 'static int quux_read(struct quux *q, int what)', KEPT, 'no-failure'));
});
