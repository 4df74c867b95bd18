import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What a mail draws of functions that nobody shows: a made-up hunk, and what is said of it. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(words: string, head: string, hunk: string, expected: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, 'quux: fix the locks of quux_rename()')).toBe(expected);
}

const TWO_LOCKS = `The two do not agree about the order:

	CPU0				CPU1
	quux_rename()			quux_evict()
	  mutex_lock(&q->lock)
					  mutex_lock(&h->lock)
					  mutex_lock(&q->lock)
	  mutex_lock(&h->lock)
`;
const RENAME = 'static int quux_rename(struct quux_hub *h, struct quux *q)';
const UNORDERED = `
 {
 	mutex_lock(&q->lock);
 	mutex_lock(&h->lock);
 	q->named = true;
-	mutex_unlock(&h->lock);
 	mutex_unlock(&q->lock);
+	mutex_unlock(&h->lock);
 	return 0;
 }
`;
const ORDERED = `
 {
-	mutex_lock(&q->lock);
 	mutex_lock(&h->lock);
+	mutex_lock(&q->lock);
 	q->named = true;
-	mutex_unlock(&h->lock);
 	mutex_unlock(&q->lock);
+	mutex_unlock(&h->lock);
 	return 0;
 }
`;
const UNNAMED = `
 {
 	mutex_lock(&h->lock);
+	if (!q->named)
+		q->renames++;
 	q->named = true;
 	mutex_unlock(&h->lock);
 	return 0;
 }
`;

/** Calls as a mail draws them, from a function that the patch changes down to a lock. */
const tree = (outer: string, inner: string): string => `The lock is held around the completion, which spins for ever:

  quux_disable
    spin_lock(&q->${outer})
    quux_nuke
      quux_giveback
        quux_complete
          spin_lock(&q->${inner})
`;
const GIVES_BACK = `
 		list_del_init(&req->queue);
 		req->status = status;
+		spin_unlock(&q->lock);
 		quux_giveback(q, req);
+		spin_lock(&q->lock);
 	}
 }
`;
const NUKE = 'static void quux_nuke(struct quux *q, int status)';

describe('what a mail draws of a function that nobody shows', () => {
	it('takes two locks in the other order: unlocking them in another one changes nothing', () => check(TWO_LOCKS, RENAME, UNORDERED, 'still-fails: deadlock'));
	it('and is agreed with when they are locked in its order', () => check(TWO_LOCKS, RENAME, ORDERED, 'fixes: deadlock'));
	it('and means nothing where the function that is shown takes one of them', () => check(TWO_LOCKS, RENAME, UNNAMED, 'no-failure'));
	it('a tree of calls that comes back to the lock it began with', () => check(tree('lock', 'lock'), NUKE, GIVES_BACK, 'fixes: deadlock'));
});

/** Each column is the lines of the one function that the patch changes, whose name nobody draws. */
const ITS_LINES = `It races with itself:

	task A                 task B
	list_for_each_entry
	strcmp(h->name)
	                       list_for_each_entry
	                       strcmp(h->name)
	kzalloc                kzalloc
	list_add
	                       list_add
`;
const UNIQUE = `
 	struct quux *h, *quux;
 
-	mutex_lock(&quux_lock);
-	list_for_each_entry(h, &quux_list, list) {
-		if (!strcmp(h->name, name)) {
-			mutex_unlock(&quux_lock);
-			return -EEXIST;
-		}
-	}
-	mutex_unlock(&quux_lock);
-
 	quux = kzalloc(sizeof(*quux), GFP_KERNEL);
 	if (!quux)
 		return -ENOMEM;
@@ -283,6 +273,15 @@ static int quux_add(const char *name)
 	quux->name = name;
 	mutex_lock(&quux_lock);
+	list_for_each_entry(h, &quux_list, list) {
+		if (!strcmp(h->name, name)) {
+			mutex_unlock(&quux_lock);
+			kfree(quux);
+			return -EEXIST;
+		}
+	}
 	list_add(&quux->list, &quux_list);
 	mutex_unlock(&quux_lock);
 	return 0;
 }
`;
describe('columns of calls alone', () => {
	it('are the lines of the function that makes them', async () => expect(await saidOfHunk(analyzer, ITS_LINES, 'static int quux_add(const char *name)', UNIQUE, 'quux: fix racing additions')).toBe('fixes: check-then-act'));
});
