import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Fences between what is stored and a question: a hunk, and what is said of it. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const post = (fence: string): string => `
 	memcpy(q->ring[head % QUUX_RING], data, QUUX_MSG);
 	smp_store_release(&q->head, head + 1);
+	${fence}();
 	if (waitqueue_active(&q->wait))
 		wake_up_interruptible(&q->wait);
 }
`;

describe('a sleeper that is asked for before the new head is seen', () => {
	const check = async (fence: string, expected: string): Promise<void> => {
		expect(await saidOfHunk(analyzer, 'A reader sleeps on although there is a message: nothing orders the new head before the look at the queue.', 'static void quux_post(struct quux *q, unsigned int head, const void *data)', post(fence), 'quux: add missing barrier before waitqueue_active()')).toBe(expected);
	};
	it('by a fence of stores alone', () => check('smp_wmb', 'still-fails: data-race'));
	it('by a full one', () => check('smp_mb', 'fixes: deadlock'));
});
