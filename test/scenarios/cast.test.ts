import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { hunkMail } from './hunk-mail';

/** By which names the threads go that a scenario makes up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const LOUD = new Set(['fixes', 'introduces', 'still-fails']);

async function check(words: string, head: string, hunk: string, expected: string): Promise<void> {
	const reviews = await analyzer.review(hunkMail(words, head, hunk, 'quux: fix the teardown'), { name: 'made up' });
	const told = reviews.flatMap(({ scenarios }) => scenarios).find(({ outcome }) => LOUD.has(outcome));
	expect(`${told?.outcome} ${told?.threads.map(({ entry }) => entry).join(' against ')}: ${told?.reason}`).toBe(expected);
}

const CANCELS = `
 	struct quux *q = platform_get_drvdata(pdev);
 
+	cancel_work_sync(&q->flush);
 	kfree(q);
 	return 0;
 }
`;
const REMOVE = 'static int quux_remove(struct platform_device *pdev)';

const PUBLISHES = (comment: string): string => `
 		return -ENOMEM;
 
-	q->area = area;
 	area->size = size;
+${comment}	smp_store_release(&q->area, area);
 	return 0;
 }
`;
const ATTACH = 'static int quux_attach(struct quux *q, int size)';

describe('who a made-up thread is', () => {
	it('the function that the mail names and whose name is that of a work item', () => check('quux_flush_work() may still run after the device is gone: a use-after-free.', REMOVE, CANCELS,
		'fixes quux_remove against quux_flush_work: cancel_work_sync(&q->flush) implies a callback (taken for quux_flush_work(), which the mail names) that may still run and uses what goes away'));
	it('not one that is named for something else', () => check('Since quux_enable() was reworked there is a use-after-free after the device is gone.', REMOVE, CANCELS,
		'fixes quux_remove against its_callback: cancel_work_sync(&q->flush) implies a callback (not in this mail) that may still run and uses what goes away'));
	it('nor a variable that is computed with', () => check('quux_flush_work may still change after the device is gone: a use-after-free.', REMOVE, CANCELS.replace('+\tcancel', ' \tmsleep(quux_flush_work - q->used);\n+\tcancel'),
		'fixes quux_remove against its_callback: cancel_work_sync(&q->flush) implies a callback (not in this mail) that may still run and uses what goes away'));
	it('nor one of another part of the kernel', () => check('There is a use-after-free in process_one_work() after the device is gone.', REMOVE, CANCELS,
		'fixes quux_remove against its_callback: cancel_work_sync(&q->flush) implies a callback (not in this mail) that may still run and uses what goes away'));
	it('the function that is registered for it', () => check('There is a use-after-free after the device is gone.', REMOVE, `${CANCELS}
 static int quux_probe(struct platform_device *pdev)
 {
 	struct quux *q = kzalloc(sizeof(*q), GFP_KERNEL);
 
 	INIT_WORK(&q->flush, quux_later);
 	platform_set_drvdata(pdev, q);
`, 'fixes quux_remove against quux_later: cancel_work_sync(&q->flush) implies a callback (taken for quux_later(), which is registered for it) that may still run and uses what goes away'));
	it('the one that a comment beside the change names', () => check('The area is seen before its size: a data race.', ATTACH, PUBLISHES('	/* pairs with quux_sample() */\n+'),
		'fixes quux_attach against quux_sample: smp_store_release(&q->area, area) implies code (taken for quux_sample(), which the mail names) that reads both in the other order'));
	it('nobody, where nobody is named', () => check('The area is seen before its size: a data race.', ATTACH, PUBLISHES(''),
		'fixes quux_attach against who_reads_it: smp_store_release(&q->area, area) implies code (not in this mail) that reads both in the other order'));
});
