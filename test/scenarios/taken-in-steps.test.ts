import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What two free is taken out before it is freed: a whole made-up file, and what is said of its change. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const store = (change: string): string => `
struct quux { struct mutex lock; char *text; };

ssize_t quux_store(struct quux *q, const char *buf, size_t len)
{
	char *text = kstrndup(buf, len, GFP_KERNEL);
	char *old;

	if (!text)
		return -ENOMEM;
${change}
	return len;
}
`;

describe('the text that concurrent writers free twice', () => {
	const subject = 'quux: fix double free of the text by concurrent writers';
	const check = async (change: string, expected: string): Promise<void> => {
		expect(await saidOfFile(analyzer, 'quux', subject, store(change), true)).toBe(expected);
	};
	it('is taken out in two steps', () => check('-	kfree(q->text);\n+	old = q->text;\n 	q->text = text;\n+	kfree(old);', 'still-fails: use-after-free'));
	it('is taken out in one', () => check('-	kfree(q->text);\n-	q->text = text;\n+	old = xchg(&q->text, text);\n+	kfree(old);', 'fixes: use-after-free'));
	it('is taken out under a lock', () => check('-	kfree(q->text);\n-	q->text = text;\n+	mutex_lock(&q->lock);\n+	old = q->text;\n+	q->text = text;\n+	mutex_unlock(&q->lock);\n+	kfree(old);', 'fixes: use-after-free'));
});
