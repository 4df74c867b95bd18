import { expect, it } from 'vitest';
import { sourceAnalyzer } from '../measure/engine';
import { saidOf } from './hunk-mail';

/** A function that gets another name in one hunk, and goes on in the next one, whose header is of the file before. */
const mail = (name: string): string => `From: A <a@b.example>
Subject: [PATCH] quux: free entries in one batch

Free them outside of the lock.
---
--- a/quux.c
+++ b/quux.c
@@ -20,7 +20,7 @@ void quux_add(struct quux *q, struct entry *e)
 	spin_unlock(&q->lock);
 }
 
-static int quux_drop(struct quux *q)
+static int ${name}(struct quux *q, struct list_head *dispose)
 {
 	struct entry *e;
 	int done = 0;
@@ -30,7 +30,6 @@ static int quux_drop(struct quux *q)
 	while (!list_empty(&q->lru)) {
 		e = list_first_entry(&q->lru, struct entry, lru);
-		list_del(&e->lru);
-		kfree(e);
+		list_move_tail(&e->lru, dispose);
 		done++;
 	}
 	return done;
@@ -50,9 +49,14 @@ static int quux_scan(struct quux *q)
 {
 	int done;
+	struct entry *e, *tmp;
+	LIST_HEAD(dispose);
 
 	spin_lock(&q->lock);
-	done = quux_drop(q);
+	done = ${name}(q, &dispose);
 	spin_unlock(&q->lock);
 
+	list_for_each_entry_safe(e, tmp, &dispose, lru)
+		kfree(e);
+
 	return done;
 }
-- 
2.40.1
`;

it('is one function after the patch, which its callers still call under their lock', async () => {
	const analyzer = await sourceAnalyzer();
	for (const name of ['quux_drop', 'quux_isolate']) expect(await saidOf(analyzer, mail(name))).toBe('no-failure');
	analyzer.dispose();
});
