import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import type { TreePort } from '../../analyzer/ports';
import type { InputReview } from '../../analyzer/review';
import { sourceAnalyzer } from '../measure/engine';

/** A mail that is reviewed, edited and reviewed again by one engine: it says what an engine says that never saw the first one. */
const FILE = `
struct quince { struct mutex lock; int *seed; int ripe; };

int quince_weigh(struct quince *q)
{
	int weight;

	mutex_lock(&q->lock);
	weight = q->seed ? *q->seed : 0;
	mutex_unlock(&q->lock);
	return weight;
}

void quince_core(struct quince *q)
{
	mutex_lock(&q->lock);
	kfree(q->seed);
	q->seed = NULL;
	mutex_unlock(&q->lock);
}

void quince_ripen(struct quince *q)
{
	mutex_lock(&q->lock);
	q->ripe = 1;
	mutex_unlock(&q->lock);
}
`;
const MAIL = `From: A <a@b.example>
Subject: [PATCH] quince: shorter sections

---
--- a/quince.c
+++ b/quince.c
@@ -13,7 +13,7 @@ int quince_weigh(struct quince *q)
 
 void quince_core(struct quince *q)
 {
-	mutex_lock(&q->lock);
 	kfree(q->seed);
+	mutex_lock(&q->lock);
 	q->seed = NULL;
 	mutex_unlock(&q->lock);
 }
@@ -21,6 +21,6 @@ void quince_core(struct quince *q)
 void quince_ripen(struct quince *q)
 {
-	mutex_lock(&q->lock);
 	q->ripe = 1;
+	mutex_lock(&q->lock);
 	mutex_unlock(&q->lock);
 }
-- 
2.40.1
`;
const BROUGHT = 'quince_core | quince_weigh: introduces';
const tree: TreePort = { read: (path) => (path === 'quince.c' ? FILE.slice(1) : null) };
const reviewed = (analyzer: Analyzer, text: string): Promise<readonly InputReview[]> => analyzer.review(text, { name: 'quince', tree });

let analyzer: Analyzer;
let first: readonly InputReview[];
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
	first = await reviewed(analyzer, MAIL);
});

async function check(from: string, to: string): Promise<readonly InputReview[]> {
	const edited = MAIL.replace(from, to);
	expect(edited).not.toBe(MAIL);
	const again = await reviewed(analyzer, edited);
	expect(again).toEqual(await reviewed(await sourceAnalyzer(), edited));
	expect(await reviewed(analyzer, MAIL)).toEqual(first);
	return again;
}

const told = (reviews: readonly InputReview[]): readonly string[] => reviews.flatMap(({ scenarios }) => scenarios.map(({ id, outcome }) => `${id}: ${outcome}`));

describe('reviewed again', () => {
	it('finds what the patch brings in the first place', () => expect(told(first)).toContain(BROUGHT));

	it('a comment is nothing new', async () => expect(told(await check('q->ripe = 1;\n+\tmutex_lock(&q->lock);', 'q->ripe = 1;\n+\tmutex_lock(&q->lock); /* so */'))).toEqual(told(first)));

	it('nor is one that moves nothing but has code in it', async () => expect(told(await check('q->ripe = 1;\n+\tmutex_lock(&q->lock);', 'q->ripe = 1;\n+\tmutex_lock(&q->lock); // not kfree(q->seed)'))).toEqual(told(first)));

	it('a remark in the middle of a statement is told with it', () => check('+\tmutex_lock(&q->lock);\n \tmutex_unlock', '+\tmutex_lock(/* so */ &q->lock);\n \tmutex_unlock'));

	it('a lock that is taken before the use again brings nothing', async () =>
		expect(told(await check('-\tmutex_lock(&q->lock);\n \tkfree(q->seed);\n+\tmutex_lock(&q->lock);', ' \tmutex_lock(&q->lock);\n-\tkfree(q->seed);\n+\tkfree(q->seed); /* all of it */'))).not.toContain(BROUGHT));

	it('a line more in the words moves what is told', () => check('\n---\n', '\nA line more.\n\n---\n'));

	it('a line more in the code moves what comes after it', () => check('+\tmutex_lock(&q->lock);\n \tq->seed', '+\tmutex_lock(&q->lock);\n+\tq->ripe = 0;\n \tq->seed'));

	it('a function of the patch that has the name of another one is called by all that stayed as they were', async () =>
		expect(told(await check('\tmutex_unlock(&q->lock);\n }\n-- ', '\tmutex_unlock(&q->lock);\n }\n+\n+static void kfree(int *seed)\n+{\n+\t*seed = 0;\n+}\n-- '))).not.toContain(BROUGHT));

	it('another subject leaves what is told of the scenarios as it is', async () => {
		const before = await reviewed(analyzer, MAIL);
		const again = await check('shorter sections', 'smaller sections');
		const sides = before.flatMap(({ scenarios }) => scenarios.map(({ post }) => post));
		expect(again.flatMap(({ scenarios }) => scenarios).map(({ post }) => sides.includes(post))).not.toContain(false);
	});
});
