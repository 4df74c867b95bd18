import { beforeAll, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** A warning is told where somebody has changed what it looks at. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (subject: string, file: string, expected: string): Promise<void> => {
	expect(await saidOfFile(analyzer, 'quux', subject, file)).toBe(expected);
};

it('a warning that is moved to where another thread can have changed it', () => check('quux: shorter section', `
struct quux { struct mutex lock; int open; };

void quux_open(struct quux *q)
{
	mutex_lock(&q->lock);
	q->open = 1;
-	WARN_ON(!q->open);
	mutex_unlock(&q->lock);
+	WARN_ON(!q->open);
}

void quux_close(struct quux *q)
{
	mutex_lock(&q->lock);
	q->open = 0;
	mutex_unlock(&q->lock);
}
`, 'introduces: assertion'));
