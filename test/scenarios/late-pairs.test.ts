import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { fileMail } from './hunk-mail';

/** Of a patch that took many operations already, large scenarios of several threads that nobody speaks of are left out, and small ones are not. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const BUSY = 4;

/** Changed functions of `steps` statements each, and two short ones that the patch changes too. */
const file = (steps: number): string => `
struct plum { spinlock_t lock; int step; int left; ${Array.from({ length: BUSY }, (_, n) => `int a${n}; int b${n};`).join(' ')} };
${Array.from({ length: BUSY }, (_, n) => `void plum_busy${n}(struct plum *p)
{
-	p->a${n} = 1;
+	p->a${n} = 2;
${Array.from({ length: steps }, () => `	p->b${n} = p->a${n};`).join('\n')}
}`).join('\n')}
void plum_left(struct plum *p)
{
-	p->left = 1;
+	p->left = 2;
}
int plum_ask(struct plum *p)
{
	return p->left;
}
void plum_slow(struct plum *p)
{
	p->a0 = 0;
${Array.from({ length: steps }, () => '	p->b0 = p->a0;').join('\n')}
}`;

async function check(steps: number, expected: string): Promise<void> {
	const [review] = await analyzer.review(fileMail('plum', 'count', file(steps)), { name: 'made up' });
	const { scenarios = [], problems = [] } = review ?? {};
	expect([...scenarios.filter(({ threads }) => threads.length > 1).map(({ id }) => id), ...problems].join('\n')).toBe(expected);
}

describe('where a patch has taken much work already', () => {
	it('what is large is not tried beside another thread, and that is said; what is small is', () => check(400, `plum_ask | plum_left
plum_left | plum_left
the bound on a patch's operations (4500) was reached: 5 scenarios of several threads, of more than 200 operations each, were not tried`));
	it('where it has not, all of that is tried', () => check(2, `plum_busy0 | plum_busy0
plum_busy0 | plum_slow
plum_busy1 | plum_busy1
plum_busy2 | plum_busy2
plum_busy3 | plum_busy3
plum_ask | plum_left
plum_left | plum_left`));
});
