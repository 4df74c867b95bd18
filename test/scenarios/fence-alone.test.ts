import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** A fence between two stores, and who reads both. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const file = (look: string, between: string, read = 'r->slot[r->tail % 16]'): string => `
struct rush { struct mutex lock; u32 head; u32 tail; u32 slot[16]; };
 static irqreturn_t rush_irq(int irq, void *data)
 {
 	struct rush *r = data;
 	u32 head = r->head;
 
 	r->slot[head % 16] = readl(r->regs);
+	smp_wmb();
 	r->head = head + 1;
 	return IRQ_HANDLED;
 }
 
 int rush_start(struct rush *r, int irq)
 {
 	return request_irq(irq, rush_irq, 0, "rush", r);
 }
 
 int rush_get(struct rush *r, u32 *val)
 {
 	u32 head;
 
 	mutex_lock(&r->lock);
 	${look} {
 		mutex_unlock(&r->lock);
 		return -EAGAIN;
 	}
${between} 	*val = ${read};
 	r->tail++;
 	mutex_unlock(&r->lock);
 	return 0;
 }
`;

describe('a fence between two stores', () => {
	const said = (...made: Parameters<typeof file>): Promise<string> => saidOfFile(analyzer, 'rush', 'order the slot before the head, which were stored in the wrong order: a barrier is missing', file(...made), true);
	it('is one half where nothing orders the loads', async () => expect(await said('if (r->tail == r->head)', '')).toMatch(/^still-fails: data-race/));
	it('is where what is looked at is kept first', async () => expect(await said('head = READ_ONCE(r->head);\n \tif (r->tail == head)', '')).toMatch(/^still-fails: data-race/));
	it('is all of it where a fence is between the loads', async () => expect(await said('if (r->tail == r->head)', ' \tsmp_rmb();\n')).toMatch(/^fixes: data-race/));
	it('is where the first load is an acquire', async () => expect(await said('if (r->tail == smp_load_acquire(&r->head))', '')).toMatch(/^fixes: data-race/));
	it('is where the second one is found by the first', async () => expect(await said('head = READ_ONCE(r->head);\n \tif (!head)', '', 'r->slot[head % 16]')).toMatch(/^fixes: data-race/));
});
