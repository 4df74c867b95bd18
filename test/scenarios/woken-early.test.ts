import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A wake-up, and what whoever is woken looks for: each beside a change that no waiter is hurt by. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(hunk: string, expected: string, words = 'It is so in all of them.'): Promise<void> {
	expect(await saidOfHunk(analyzer, words, 'static void quux_done(struct quux *q, struct item *v, int error)', `\n {\n${hunk}\n }\n`)).toBe(expected);
}
const around = (made: string): string => `-	wake_up(&q->wait);\n 	${made}\n+	wake_up(&q->wait);`;

describe('a wake-up comes behind what it tells of', () => {
	it('an entry of a list', () => check(' 	spin_lock(&q->lock);\n-	wake_up(&q->wait);\n-	spin_unlock(&q->lock);\n-	spin_lock(&q->lock);\n 	list_add_tail(&v->node, &q->list);\n 	spin_unlock(&q->lock);\n+	wake_up(&q->wait);', 'fixes: deadlock'));
	it('what is put somewhere', () => check(around('q->item = v;'), 'fixes: deadlock'));
	it('what only counts', () => check(around('q->stats.done++;'), 'no-failure'));
	it('what is traced', () => check(around('trace_quux_done(q);'), 'no-failure'));
	it('in one section of the lock', () => check(' 	spin_lock(&q->lock);\n-	wake_up(&q->wait);\n 	list_add_tail(&v->node, &q->list);\n+	wake_up(&q->wait);\n 	spin_unlock(&q->lock);', 'no-failure'));
});

const ALWAYS = ' 	q->item = v;\n-	if (!error)\n-		wake_up(&q->wait);\n+	wake_up(&q->wait);';
describe('a wake-up of every run', () => {
	it('for who would sleep on', () => check(ALWAYS, 'fixes: deadlock', 'After an error nobody wakes the waiter, which hangs.'));
	it('for its cost', () => check(ALWAYS, 'no-failure', 'Waking nobody costs little.'));
});

const ACTIVE = ' 	q->item = v;\n-	if (waitqueue_active(&q->wait))\n-		wake_up(&q->wait);\n+	wake_up(&q->wait);';
describe('a look at the queue that nothing orders', () => {
	it('is gone', () => check(ACTIVE, 'fixes: deadlock'));
	it('and was ordered', () => check(ACTIVE.replace(' 	q->item = v;', ' 	q->item = v;\n 	smp_mb();'), 'no-failure'));
});
