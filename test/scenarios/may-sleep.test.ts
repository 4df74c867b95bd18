import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Calls of which the kernel's own source tells that they may sleep, moved under a lock: each beside the form that may not. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(call: string, expected: string, [take, give]: readonly [string, string] = ['spin_lock_irqsave(&q->lock, flags)', 'spin_unlock_irqrestore(&q->lock, flags)']): Promise<void> {
	expect(await saidOfHunk(analyzer, 'Program the hardware in the same step.', 'static int quux_set_mode(struct quux *q, u32 mode)', `
 {
 	unsigned long flags;
 	int ret;
 
 	${take};
 	q->mode = mode;
-	${give};
-
 	ret = ${call};
+	${give};
+
 	return ret;
 }
`)).toBe(expected);
}

describe('a call moved under a lock that spins', () => {
	it('of an inline function of a header', () => check('i2c_smbus_read_word_swapped(q->client, 3)', 'introduces: sleep-in-atomic'));
	it('that waits in a branch of its own', () => check('gpiod_get_index(q->dev, "mode", 1, GPIOD_ASIS)', 'introduces: sleep-in-atomic'));
	it('that takes a mutex by a guard', () => check('pwm_apply_might_sleep(q->pwm, &q->state)', 'introduces: sleep-in-atomic'));
	it('under a mutex', () => check('pwm_apply_might_sleep(q->pwm, &q->state)', 'no-failure', ['mutex_lock(&q->mutex)', 'mutex_unlock(&q->mutex)']));
	it('by its form that may not wait', () => check('pwm_apply_atomic(q->pwm, &q->state)', 'no-failure'));
	it('that waits only for who asks it to', () => check('dmaengine_terminate_async(q->chan)', 'no-failure'));
});
