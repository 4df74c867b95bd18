import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What others find before it is ready, however it is put where they do: each beside an order that says nothing. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(hunk: string, expected: string, words = ''): Promise<void> {
	expect(await saidOfHunk(analyzer, words, 'static int quux_new(struct quux *q, const char *name)', hunk)).toBe(expected);
}

describe('an object that is made ready before others find it', () => {
	const moved = (publish: string, ready: string, expected: string, words = 'Others may see it before it has been initialised.'): Promise<void> => check(`
 	q->name = name;
-	${publish}
 	${ready}
+	${publish}
 	quux_log(q->name);
`, expected, words);
	for (const publish of ['id = idr_alloc(&quux_ids, q, 0, 0, GFP_KERNEL);', 'err = xa_alloc(&quux_xa, &q->id, q, xa_limit_32b, GFP_KERNEL);', 'err = cdev_device_add(&q->cdev, &q->dev);', 'enable_irq(q->irq);', 'id = quux_addid(&quux_ids(ns), &q->perm, ns->max);']) {
		for (const ready of ['q->count = 0;', 'INIT_LIST_HEAD(&q->readers);', 'spin_lock_init(&q->lock);']) it(`${publish} ${ready}`, () => moved(publish, ready, 'fixes: use-after-free'));
	}
	it('by a call that only sounds so, of which the mail says nothing', () => moved('id = quux_addid(&quux_ids(ns), &q->perm, ns->max);', 'q->count = 0;', 'no-failure', 'It reads better so.'));
	it('by a call that is not given the object', () => moved('quux_add(q->bus, name);', 'q->count = 0;', 'no-failure'));
	it('late, where who finds it waits for the lock', () => check(`
 	mutex_lock(&quux_lock);
-	q->count = 0;
 	list_add(&q->list, &quux_list);
+	q->count = 0;
 	mutex_unlock(&quux_lock);
`, 'no-failure'));
	it('late, where who finds it has no lock', () => check(`
 	mutex_lock(&quux_lock);
-	q->count = 0;
 	list_add_rcu(&q->list, &quux_list);
+	q->count = 0;
 	mutex_unlock(&quux_lock);
`, 'introduces: use-after-free'));
});
