import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { fileMail } from './hunk-mail';

/** A function with so many ways that it cannot be searched by itself is not searched beside another one; one with few is. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const counting = (ways: number, mark: string): string => Array.from({ length: ways }, (_, n) => `${mark}	if (p->want${n})\n${mark}		atomic_inc(&p->count${n});`).join('\n');

/** A changed function that counts what is asked for, `ways` times, and did so `more` times before; another one counts the same. */
const file = (ways: number, more: number): string => `
struct plum { spinlock_t lock; int step; ${Array.from({ length: Math.max(ways, more) }, (_, n) => `int want${n}; atomic_t count${n};`).join(' ')} };
void plum_fill(struct plum *p)
{
-	p->step = 1;
+	p->step = 2;
${counting(ways, '')}
${more > 0 ? `${counting(more, '-')}\n` : ''}}
void plum_drain(struct plum *p)
{
	atomic_dec(&p->count0);
	p->step = 0;
}`;

async function check(subject: string, ways: number, expected: string, more = 0): Promise<void> {
	const [review] = await analyzer.review(fileMail('plum', subject, file(ways, more)), { name: 'made up' });
	const { scenarios = [], problems = [] } = review ?? {};
	expect([...scenarios.map(({ id, outcome }) => `${id}: ${outcome}`), ...problems].join('\n')).toBe(expected);
}

describe('what is too much by itself', () => {
	it('is not tried beside another thread, and that is said', () => check('count', 16, `plum_fill: inconclusive
plum_fill() is too much to be searched by itself: 2 scenarios of it and another thread were not tried`));
	it('is not tried either where only the side before is too much', () => check('count', 3, `plum_fill: inconclusive
plum_fill() is too much to be searched by itself: 2 scenarios of it and another thread were not tried`, 16));
	it('is tried where it is not', () => check('count', 3, `plum_fill: no-failure
plum_fill | plum_fill: no-failure
plum_drain | plum_fill: no-failure`));
	it('is tried where a race is what the patch is about', () => check('fix a race', 16, `plum_fill: inconclusive
plum_fill | plum_fill: inconclusive
plum_drain | plum_fill: inconclusive`));
});
