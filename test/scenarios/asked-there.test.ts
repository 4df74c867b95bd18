import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Conditions that only ask whether something is there. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

describe('a stop that is made only of what is there', () => {
	const HEAD = 'static void quux_remove(struct quux *q)';
	const said = (lines: string): Promise<string> => saidOfHunk(analyzer, 'Probe may have left early.', HEAD, `
 	quux_reset(q);
${lines}
 	kfree(q);
 }
`, 'quux: remove a half-made device');
	it('takes nothing away', async () => expect(await said('-	destroy_workqueue(q->wq);\n+	if (q->wq)\n+		destroy_workqueue(q->wq);')).toBe('no-failure'));
	it('nor of a number', async () => expect(await said('-	free_irq(q->irq, q);\n+	if (q->irq > 0)\n+		free_irq(q->irq, q);')).toBe('no-failure'));
	it('nor of a mark', async () => expect(await said('-	cancel_work_sync(&q->work);\n+	if (q->work_up)\n+		cancel_work_sync(&q->work);')).toBe('no-failure'));
	it('nor the other way round', async () => expect(await said('-	if (q->wq)\n-		destroy_workqueue(q->wq);\n+	destroy_workqueue(q->wq);')).toBe('no-failure'));
	it('its twin stops nothing any more', async () => expect(await said('-	cancel_work_sync(&q->work);')).toContain('introduces'));
	it('nor one that asks something else', async () => expect(await said('-	cancel_work_sync(&q->work);\n+	if (q->users > 3)\n+		cancel_work_sync(&q->work);')).toContain('introduces'));
});

describe('a use behind the end of what it uses', () => {
	const hunk = (before: string, after: string): string => `
 	int i;
 
${before} 	quux_destroy_ring(q);
${after} 	q->ring = NULL;
 }
`;
	const said = (before: string): Promise<string> => saidOfHunk(analyzer, 'It is a NULL pointer dereference when q->vectors was never allocated.', 'static void quux_free_blocks(struct quux *q)', hunk(before, '-	quux_free_vector(q);\n'), 'quux: check for missing vectors');
	it('moves to where it is asked whether it is there', async () => expect(await said('+	if (q->vectors)\n+		quux_free_vector(q);\n')).toBe('no-failure'));
	it('its twin is only moved', async () => expect(await said('+	quux_free_vector(q);\n')).toBe('fixes: use-after-free'));
});

describe('a new test before what is done', () => {
	const said = (made: string): Promise<string> => saidOfHunk(analyzer, 'It crashed when two of them came at the same time.', 'static int quux_probe(struct quux *q)', `
 	quux_reset(q);
 
${made}+	if (!q->data)
+		return -ENODEV;
+
 	quux_start(q, q->data);
 	return 0;
`, 'quux: fix a crash');
	it('asks what others have left', async () => expect(await said('')).toContain('fixes'));
	it('its twin asks what it has just made', async () => expect(await said('+	q->data = quux_alloc(q, 8);\n')).toBe('no-failure'));
});

describe('a reference that is no longer dropped', () => {
	const said = (condition: string): Promise<string> => saidOfHunk(analyzer, 'It was not needed.', 'static int quux_config(struct quux *q)', `
 	q->phy = of_phy_find_device(q->node);
 	if (${condition}) {
 		pr_err("no PHY");
-		put_device(&q->phy->dev);
 		goto err_free;
 	}
`, 'quux: delete a call of put_device()');
	it('was none, of what is not there', async () => expect(await said('!q->phy')).toBe('no-failure'));
	it('its twin is of what is there', async () => expect(await said('q->phy')).toContain('introduces'));
});

describe('words that sound like memory that was freed', () => {
	const said = (words: string): Promise<string> => saidOfHunk(analyzer, words, 'static int quux_scale(struct quux *q, int range)', `
 	pm_runtime_disable(q->dev);
-	if (!pm_runtime_status_suspended(q->dev))
+	if (!pm_runtime_status_suspended(q->dev)) {
 		ret = regmap_write(q->regmap, QUUX_RANGE, range);
+	}
 
 	pm_runtime_enable(q->dev);
`, 'quux: fix quux_scale()');
	it('an else', async () => expect(await said('It warns of a dangling else.')).toBe('no-failure'));
	it('a tool among others', async () => expect(await said('The size is tracked by others (KASAN, __alloc_size).')).toBe('no-failure'));
	it('their twin is a pointer', async () => expect(await said('It works with a dangling pointer.')).toBe('still-fails: use-after-free'));
});
