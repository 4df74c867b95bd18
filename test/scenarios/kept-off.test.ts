import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What a patch puts around an update keeps the other one out, or does not: each with its twin. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const WORDS = 'an update is sometimes lost\n\nThe two race, and one update is lost.';

async function check(file: string, expected: string, words = WORDS): Promise<void> {
	expect(await saidOfFile(analyzer, 'rush', words, file, true)).toBe(expected);
}

const irq = (update: string): string => `
 static irqreturn_t rush_irq(int irq, void *data)
 {
 	struct rush *r = data;
 
${update}
 	return IRQ_HANDLED;
 }
 
 int rush_start(struct rush *r, int irq)
 {
 	return request_irq(irq, rush_irq, 0, "rush", r);
 }
`;

const charged = (from: string, to: string, off = ''): string => `
struct rush_cpu { long credit; };
struct rush { struct rush_cpu __percpu *cpu; };
 void rush_charge(struct rush *r, long cost)
 {
 	struct rush_cpu *c;
${off}
 
+	${from};
 	c = this_cpu_ptr(r->cpu);
 	c->credit = c->credit - cost;
+	${to};
 }
${irq(' \tthis_cpu_ptr(r->cpu)->credit += 4;')}`;

describe('an update of what is this CPU\'s own', () => {
	it('is cut in two by an interrupt where the scheduler alone is kept off', () => check(charged('preempt_disable()', 'preempt_enable()'), 'still-fails: lost-data'));
	it('is not where interrupts are kept off', () => check(charged('local_irq_save(flags)', 'local_irq_restore(flags)', ' \tunsigned long flags;'), 'fixes: lost-data'));
});

const counted = (before: string, after: string, inIrq = false): string => `
struct rush_cpu { unsigned long drops; };
struct rush { struct rush_cpu __percpu *cpu; };
 void rush_drop(struct rush *r)
 {
-	${before};
+	${after};
 }
${inIrq ? irq(` \tthis_cpu_inc(r->cpu->drops);`) : ''}
 void rush_setup(struct rush *r)
 {
 	r->cpu = alloc_percpu(struct rush_cpu);
 }
`;

describe('a count of this CPU\'s own', () => {
	it('is no longer cut in two by the interrupt that counts as well', () => check(counted('raw_cpu_ptr(r->cpu)->drops++', 'this_cpu_inc(r->cpu->drops)', true), 'fixes: data-race, lost-data'));
	it('is found behind the same pointer, however it is counted', () => check(counted('this_cpu_ptr(r->cpu)->drops = 0', 'this_cpu_write(r->cpu->drops, 0)'), 'no-failure', 'clear in one step'));
});

const bits = (lock: string): string => `
struct rush { struct mutex lock; struct mutex mode_lock; u8 up:1; u8 dp:1; };
 static irqreturn_t rush_thread(int irq, void *data)
 {
 	struct rush *r = data;
 
+	mutex_lock(&r->${lock});
 	r->up = 1;
+	mutex_unlock(&r->${lock});
 	return IRQ_HANDLED;
 }
 
 int rush_start(struct rush *r, int irq)
 {
 	return request_threaded_irq(irq, NULL, rush_thread, 0, "rush", r);
 }
 
 int rush_set_mode(struct rush *r, bool dp)
 {
 	mutex_lock(&r->mode_lock);
 	r->dp = dp;
 	mutex_unlock(&r->mode_lock);
 	return 0;
 }
`;

describe('bit fields of one word', () => {
	it('are not kept apart by two locks', () => check(bits('lock'), 'still-fails: lost-data'));
	it('are by one', () => check(bits('mode_lock'), 'fixes: lost-data'));
});
