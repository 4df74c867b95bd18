import { beforeAll, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';

/** What the files register is read in the files: for a function that registers something, and that nobody races with, no tree is searched. */
const file = (locked: string): string => `
struct quoin { struct mutex lock; struct work_struct work; int up; };

static void quoin_work(struct work_struct *work)
{
	struct quoin *q = container_of(work, struct quoin, work);

	mutex_lock(&q->lock);
	q->up = 1;
	mutex_unlock(&q->lock);
}

int quoin_probe(struct quoin *q)
{
	quoin_far_away(q);
	INIT_WORK(&q->work, quoin_work);
	return 0;
}

void quoin_stop(struct quoin *q)
{
	quoin_near_by(q);
	${locked}
	q->up = 0;
	mutex_unlock(&q->lock);
}
`;
const MAIL = `Subject: [PATCH] quoin: stop under the lock

---
--- a/quoin.c
+++ b/quoin.c
@@ -21,6 +21,6 @@ void quoin_stop(struct quoin *q)
 {
 	quoin_near_by(q);
-	q->lost = 1;
+	mutex_lock(&q->lock);
 	q->up = 0;
 	mutex_unlock(&q->lock);
 }
`;

let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

it('is looked for in the tree where somebody races', async () => {
	const asked: string[] = [];
	const text = file('q->lost = 1;').slice(1);
	await analyzer.review(MAIL, { name: 'quoin', tree: { read: (path) => (path === 'quoin.c' ? text : null), heads: (name) => { asked.push(name); return []; } } });
	expect([asked.includes('quoin_near_by'), asked.includes('quoin_far_away')]).toEqual([true, false]);
});
