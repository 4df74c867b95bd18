import { describe, it } from 'vitest';
import { hunkCheck } from './hunk-mail';

/** A load behind which all others come, and one that orders nothing. */
const check = hunkCheck();
const load = (lines: string, behind: string, expected: string, words = ''): Promise<void> => check('static u32 quux_base(struct quux *q)', `
${lines}
 		return 0;
${behind}
 }
`, expected, words);

describe('a load that says that something is there', () => {
	it('orders nothing any more', () => load('-	if (!smp_load_acquire(&q->ready))\n+	if (!READ_ONCE(q->ready))', ' 	return q->base;', 'introduces: data-race'));
	it('orders it now', () => load('-	if (!READ_ONCE(q->ready))\n+	if (!smp_load_acquire(&q->ready))', ' 	return q->base;', 'fixes: data-race'));
	it('orders nothing any more, and the mail says why', () => load('-	if (!smp_load_acquire(&q->ready))\n+	if (!READ_ONCE(q->ready))', ' 	return q->base;', 'no-failure', 'The lock of the caller orders this already.'));
	it('leads there itself', () => load('-	c = smp_load_acquire(&q->cfg);\n+	c = READ_ONCE(q->cfg);\n 	if (!c)', ' 	return c->base;', 'no-failure'));
	it('has a fence behind it', () => load('-	if (!smp_load_acquire(&q->ready))\n+	if (!READ_ONCE(q->ready))', '+	smp_rmb();\n 	return q->base;', 'no-failure'));
});
