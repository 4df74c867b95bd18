import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Updates of a field whose old value was read into a local first, of which no mail speaks. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(expected: string, body: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'quux', 'shuffle the reservation', `
struct quux { spinlock_t lock; u64 reserved; u64 free; };
int quux_reserve(struct quux *q, u64 nr)
{
	u64 was;

${body}
	spin_unlock(&q->lock);
	return 0;
}
`, true)).toBe(expected);
}

describe('an update', () => {
	it('of what was read before the lock was taken', () => check('fixes: lost-data', `-	was = q->reserved;
	spin_lock(&q->lock);
+	was = q->reserved;
	q->reserved = was + 1;`));
	it('of what is read before the lock is taken now', () => check('introduces: lost-data', `+	was = q->reserved;
	spin_lock(&q->lock);
-	was = q->reserved;
	q->reserved = was + nr;`));
	it('by way of another local', () => check('fixes: lost-data', `-	was = q->reserved;
-	nr = was + nr;
	spin_lock(&q->lock);
+	was = q->reserved;
+	nr = was + nr;
	q->reserved = nr;`));
	it('not of what another field held, which may be stale', () => check('fixes: check-then-act', `-	was = q->free;
	spin_lock(&q->lock);
+	was = q->free;
	q->reserved = was + nr;`));
	it('not of what was only compared', () => check('no-failure', `	spin_lock(&q->lock);
-	was = q->reserved;
-	q->reserved = nr > 3;
+	q->reserved = nr > 3;
+	was = q->reserved;`));
});
