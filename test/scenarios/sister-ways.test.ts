import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** One of several ways out is mended: what the others keep is asked for, and what is handed on with success is none of it. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(rest: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'quux', 'fix hang in mutex_lock() after a failed write', file(rest), true)).toBe(expected);
}

const file = (rest: string): string => `
struct quux {
	struct mutex lock;
	int page;
};

int quux_write(struct quux *q)
{
	int ret;

	mutex_lock(&q->lock);
	ret = quux_reserve(q);
	if (ret) {
+		mutex_unlock(&q->lock);
		return ret;
	}
	ret = quux_send(q);
${rest}
}

void quux_done(struct quux *q)
{
	q->page = 0;
	mutex_unlock(&q->lock);
}
`;
const unlocked = '\tmutex_unlock(&q->lock);\n\treturn 0;';

describe('a way out that gives the lock back now', () => {
	it('beside one that keeps it, by an error of its own', () => check(`\tif (ret) {\n\t\tpr_err("quux: no\\n");\n\t\treturn -EIO;\n\t}\n${unlocked}`, 'still-fails: lock-held-at-return'));
	it('beside one that keeps it, by the error that was met', () => check(`\tif (ret < 0)\n\t\treturn ret;\n${unlocked}`, 'still-fails: lock-held-at-return'));
	it('beside none', () => check(`\tif (ret) {\n\t\tmutex_unlock(&q->lock);\n\t\treturn -EIO;\n\t}\n${unlocked}`, 'fixes: lock-held-at-return'));
	it('beside success, which hands it on', () => check('\tif (ret) {\n\t\tmutex_unlock(&q->lock);\n\t\treturn -EIO;\n\t}\n\treturn 0;', 'fixes: lock-held-at-return'));
});
