import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A fence between two loads, of which the mail says nothing: each beside one that orders what is ordered anyway. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const ring = async (fence: string, expected: string, { look = 'q->ready', around = '' } = {}, words = ''): Promise<void> => {
	expect(await saidOfHunk(analyzer, words, 'static int quux_next(struct quux *q)', `
${around && ` 	${around}lock(&q->lock);\n`} 	ready = ${look};
 	if (!ready)
 		return -EAGAIN;
 
${fence}
 	*entry = q->ring[q->tail];
${around && ` 	${around}unlock(&q->lock);\n`} 	return 0;
 }
`)).toBe(expected);
};

describe('a fence behind a test', () => {
	it('comes', () => ring('+	smp_rmb();', 'fixes: data-race'));
	it('goes', () => ring('-	smp_rmb();', 'introduces: data-race'));
	it('goes, and the mail says why', () => ring('-	smp_rmb();', 'no-failure', {}, 'The load above orders the rest already.'));
	it('goes where a lock is held', () => ring('-	smp_rmb();', 'no-failure', { around: 'spin_' }));
	it('goes behind a load that orders', () => ring('-	smp_rmb();', 'no-failure', { look: 'smp_load_acquire(&q->ready)' }));
	it('makes room for a stronger one', () => ring('-	smp_rmb();\n+	smp_mb();', 'no-failure'));
});

describe('a fence at the head of a block', () => {
	const poll = async (fence: string, expected: string): Promise<void> => {
		expect(await saidOfHunk(analyzer, '', 'static void quux_poll(struct quux *q)', `
 	while ((e = quux_next(q)) != NULL) {
${fence}
 		quux_handle(q, e);
 		q->handled++;
 	}
`)).toBe(expected);
	};
	it('comes', () => poll('+		dma_rmb();', 'fixes: data-race'));
	it('goes', () => poll('-		dma_rmb();', 'introduces: data-race'));
	it('goes before what orders by itself', async () => {
		expect(await saidOfHunk(analyzer, '', 'static int quux_poll(struct napi_struct *napi, int budget)', `
 	if (quux_pending(q)) {
-		rmb();
 		if (napi_reschedule(napi)) {
 			quux_off(q);
 			goto again;
`)).toBe('no-failure');
	});
	it('comes for stores alone', () => poll('+		dma_wmb();', 'no-failure'));
});
