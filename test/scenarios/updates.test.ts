import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

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
	it('of what was read before the lock was taken', () => check('fixes: data-race, lost-data', `-	was = q->reserved;
	spin_lock(&q->lock);
+	was = q->reserved;
	q->reserved = was + 1;`));
	it('of what was read before the lock was taken, by marked accesses: no tool sees a data race', () => check('fixes: lost-data', `-	was = READ_ONCE(q->reserved);
	spin_lock(&q->lock);
+	was = READ_ONCE(q->reserved);
	WRITE_ONCE(q->reserved, was + 1);`));
	it('of what is read before the lock is taken now', () => check('introduces: data-race, lost-data', `+	was = q->reserved;
	spin_lock(&q->lock);
-	was = q->reserved;
	q->reserved = was + nr;`));
	it('by way of another local', () => check('fixes: data-race, lost-data', `-	was = q->reserved;
-	nr = was + nr;
	spin_lock(&q->lock);
+	was = q->reserved;
+	nr = was + nr;
	q->reserved = nr;`));
	it('not of what another field held, which may be stale', () => check('fixes: check-then-act, data-race', `-	was = q->free;
	spin_lock(&q->lock);
+	was = q->free;
	q->reserved = was + nr;`));
	it('not of what was only compared', () => check('no-failure', `	spin_lock(&q->lock);
-	was = q->reserved;
-	q->reserved = nr > 3;
+	q->reserved = nr > 3;
+	was = q->reserved;`));
	it('that puts a bit which nobody knows into what was read before the lock was taken', () => check('introduces: lost-data', `+	was = READ_ONCE(q->reserved) | BIT(nr);
	spin_lock(&q->lock);
-	was = q->reserved | BIT(nr);
	WRITE_ONCE(q->reserved, was);`));
	it('not where the bit alone is made up before the lock is taken', () => check('no-failure', `+	u64 bit = BIT(nr);
	spin_lock(&q->lock);
-	was = q->reserved | BIT(nr);
+	was = q->reserved | bit;
	q->reserved = was;`));
});

describe('a bit that is tested and set', () => {
	const opened = async (expected: string, body: string): Promise<void> => expect(await saidOfFile(analyzer, 'quux', 'shuffle the flags', `
struct quux { struct mutex lock; unsigned long flags; u32 *scratch; };
int quux_open(struct quux *q)
{
${body}
	q->scratch = NULL;
	return 0;
}
void quux_release(struct quux *q)
{
	clear_bit(QUUX_OPEN, &q->flags);
}
`, true)).toBe(expected);

	it('in two steps, now in one', () => opened('fixes: check-then-act', `-	if (test_bit(QUUX_OPEN, &q->flags))
+	if (test_and_set_bit(QUUX_OPEN, &q->flags))
		return -EBUSY;
-	set_bit(QUUX_OPEN, &q->flags);`));
	it('in two steps now', () => opened('introduces: check-then-act', `-	if (test_and_set_bit(QUUX_OPEN, &q->flags))
+	if (test_bit(QUUX_OPEN, &q->flags))
		return -EBUSY;
+	set_bit(QUUX_OPEN, &q->flags);`));
	it('that is found set and cleared, in two steps', () => opened('fixes: check-then-act', `-	if (!test_bit(QUUX_DUE, &q->flags))
+	if (!test_and_clear_bit(QUUX_DUE, &q->flags))
		return -EAGAIN;
-	clear_bit(QUUX_DUE, &q->flags);`));
	it('in two steps under a lock', () => opened('no-failure', `	mutex_lock(&q->lock);
-	if (test_and_set_bit(QUUX_OPEN, &q->flags)) {
+	if (test_bit(QUUX_OPEN, &q->flags)) {
		mutex_unlock(&q->lock);
		return -EBUSY;
	}
+	set_bit(QUUX_OPEN, &q->flags);
	mutex_unlock(&q->lock);`));
	it('and more is done where it was not set yet', () => opened('introduces: check-then-act', `-	if (!test_and_set_bit(QUUX_OPEN, &q->flags)) {
+	if (!test_bit(QUUX_OPEN, &q->flags)) {
+		set_bit(QUUX_OPEN, &q->flags);
		q->scratch = kmalloc(64, GFP_KERNEL);
	}`));
	it('or a mark that is put, only where it is not there yet', () => opened('no-failure', `	atomic_inc(&q->opened);
-	WRITE_ONCE(q->marked, true);
+	if (!READ_ONCE(q->marked))
+		WRITE_ONCE(q->marked, true);`));
});

describe('an update that the patch brings', () => {
	const HUNK = `
 		move->ctx = ctx;
 		quux_ctx_get(ctx);
 		WRITE_ONCE(ctx->changing, true);
+	} else if (ctx) {
+		vma->quux_ctx = NO_QUUX_CTX;
+		vma->vm_flags &= ~(VM_QUUX_WP | VM_QUUX_MISSING);
 	}
 }
`;
	const said = (call: string): Promise<string> => saidOfHunk(analyzer, 'The flags must not stay on the new area.', 'void quux_prepare(struct vm_area_struct *vma,', HUNK.replace('quux_ctx_get(ctx)', call), 'quux: clear the flags of what moved');
	it('is not met by itself for the sake of a reference', async () => expect(await said('quux_ctx_get(ctx)')).toBe('no-failure'));
	it('but it is for the sake of a count of its own', async () => expect(await said('atomic_inc(&ctx->moves)')).toContain('introduces: '));
});
