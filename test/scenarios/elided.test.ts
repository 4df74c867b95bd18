import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { answerOf } from '../corpus/answer';
import { sourceAnalyzer } from '../measure/engine';

/** What lines that no hunk shows are taken to do: a hunk of a made-up function, and what is said of the change. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(words: string, hunk: string, expected: string): Promise<void> {
	const lines = hunk.split('\n');
	const count = (other: string): number => lines.filter((line) => !line.startsWith(other)).length;
	const text = `From: A <a@b.example>\nSubject: [PATCH] quux: ${words}\n\n---\n quux.c | 2 +-\n 1 file changed\n\n--- a/quux.c\n+++ b/quux.c\n@@ -40,${count('+')} +40,${count('-')} @@ static int quux_bind(struct quux *q)\n${hunk}\n-- \n2.40.1\n`;
	expect(answerOf(await analyzer.review(text, { name: 'quux' }), { neutral: false, outcome: [], checks: [], threads: [] } as never).words).toBe(expected);
}

const TO_LABEL = (label: string): string => ` 	ret = quux_load(q);\n 	if (ret)\n-		return ret;\n+		goto ${label};\n \n 	ret = quux_open(q);\n 	if (ret)`;

const KEPT = (local: string, from: string): string => ` 	${local} = ${from};\n 	int ret;\n+	unsigned long flags;\n \n@@ -60,8 +61,8 @@ static int quux_bind(struct quux *q)\n-	spin_lock(&hub->lock);\n+	spin_lock_irqsave(&hub->lock, flags);\n 	list_add_tail(&q->list, &hub->users);\n-	spin_unlock(&hub->lock);\n+	spin_unlock_irqrestore(&hub->lock, flags);\n 	return 0;`;

describe('lines that are not shown', () => {
	it('a variable of the file that leads to what a local is declared as', () => check('fix a deadlock with the interrupt', KEPT('struct quux_hub *hub', 'the_hub'), 'fixes: irq-unsafe-lock'));
	it('and the same where nobody speaks of interrupts', () => check('take the lock as the others do', KEPT('struct quux_hub *hub', 'the_hub'), 'no-failure'));
	it('a label that puts', () => check('put the hub when loading fails', TO_LABEL('err_put'), 'fixes: refcount-leak'));
	it('a label that unlocks', () => check('fix the error path', TO_LABEL('out_unlock'), 'fixes: lock-held-at-return'));
	it('a label of which the mail says that it unlocks', () => check('fix missing unlock in quux_bind()', TO_LABEL('exit'), 'fixes: lock-held-at-return'));
	it('a label of which nothing is said', () => check('restore the state when loading fails', TO_LABEL('exit'), 'no-failure'));
	it('a lock released twice', () => check('report the failure without the lock', ' 	ret = quux_load(q);\n 	if (ret) {\n+		mutex_unlock(&q->lock);\n 		pr_err("quux\\n");\n 		goto out;\n 	}', 'introduces: unlock-not-held'));
	it('the same as a remedy', () => check('fix missing unlock', ' 	ret = quux_load(q);\n 	if (ret) {\n+		mutex_unlock(&q->lock);\n 		pr_err("quux\\n");\n 		goto out;\n 	}', 'fixes: lock-held-at-return'));
	it('a local that is declared and not set', () => check('fix device reference leak', ' 	struct device *dev;\n-	int i;\n+	int ret, i;\n \n@@ -60,10 +60,12 @@ static int quux_bind(struct quux *q)\n 	slave = quux_find(q);\n-	if (!slave)\n-		return -EINVAL;\n-\n-	return 0;\n+	ret = slave ? 0 : -EINVAL;\n+\n+	put_device(dev);\n+	return ret;\n }', 'fixes: refcount-leak'));
	it('another label, which is no other name', () => check('put the hub when loading fails', ' 	ret = quux_load(q);\n 	if (ret)\n-		goto out;\n+		goto err_put;\n \n 	ret = quux_open(q);\n 	if (ret)', 'fixes: refcount-leak'));
	it('a put that only one side has', () => check('drop the node', ' 	ret = quux_load(q);\n 	if (ret) {\n+		of_node_put(np);\n 		return ret;\n 	}', 'fixes: refcount-leak'));
});

it('a conversion to a type that nobody declares is no call, and one of a function is', async () => {
	const notModelled = async (called: string): Promise<readonly string[]> => (await analyzer.review(`From: A <a@b.example>\nSubject: [PATCH] quux: rework\n\n---\n quux.c | 2 +-\n 1 file changed\n\n--- a/quux.c\n+++ b/quux.c\n@@ -40,2 +40,3 @@ static int quux_bind(struct quux *q)\n 	int ret = 0;\n+	q->size = (${called})(q->last - q->first);\n 	return ret;\n-- \n2.40.1\n`, { name: 'quux' }))[0]?.notModelled ?? [];
	expect([await notModelled('loff_t'), await notModelled('quux_size')]).toEqual([[], ['(quux_size) (a call through a pointer)']]);
});
