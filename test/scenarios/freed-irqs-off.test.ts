import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Packets that are freed with interrupts off, and with softirqs off. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(off: string, on: string, was: string, is: string, expected: string, words = ''): Promise<void> {
	expect(await saidOfHunk(analyzer, words, 'static void quux_flush(struct quux *q)', `
 	${off};
 	while ((skb = __skb_dequeue(&q->txq))) {
-		${was}(skb);
+		${is}(skb);
 		q->dropped++;
 	}
 	${on};
`)).toBe(expected);
}

describe('a packet that is freed', () => {
	it('with interrupts off', () => check('spin_lock_irqsave(&q->lock, flags)', 'spin_unlock_irqrestore(&q->lock, flags)', 'kfree_skb', 'dev_kfree_skb_irq', 'fixes: irq-unsafe-lock'));
	it('with them off by themselves', () => check('local_irq_disable()', 'local_irq_enable()', 'dev_kfree_skb', 'dev_kfree_skb_any', 'fixes: irq-unsafe-lock'));
	it('with softirqs off', () => check('spin_lock_bh(&q->lock)', 'spin_unlock_bh(&q->lock)', 'kfree_skb', 'dev_kfree_skb_any', 'no-failure'));
	it('with interrupts on again', () => check('spin_lock_irq(&q->lock);\n 	spin_unlock_irq(&q->lock)', 'quux_kick(q)', 'kfree_skb', 'dev_kfree_skb_any', 'no-failure'));
	it('where they may be off, as the mail has it', () => check('quux_stop(q)', 'quux_start(q)', 'kfree_skb', 'dev_kfree_skb_any', 'fixes: irq-unsafe-lock', 'It can be called in both hard irq and other contexts.'));
	it('where they never are, as the mail has it', () => check('quux_stop(q)', 'quux_start(q)', 'kfree_skb', 'dev_kfree_skb_any', 'no-failure', 'It is never called from interrupt context, but the others use this one.'));
});
