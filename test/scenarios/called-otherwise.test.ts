import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** What a call, or the name of who is called, says of whether sleeping is allowed and whether the lock is held: one that is right beside its twin that is not. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, expected: string): Promise<void> {
	expect(await saidOfHunk(analyzer, 'It is so in all of them.', head, hunk)).toBe(expected);
}

describe('a handler of an interrupt that begins to sleep', () => {
	const KERNEL = `
 	if (!code)
 		return IRQ_NONE;
 
-	event = kmalloc(sizeof(*event), GFP_ATOMIC);
+	event = kmalloc(sizeof(*event), GFP_KERNEL);
 	if (event)
 		event->code = code;
`;
	for (const name of ['quux_irq_thread', 'quux_thread_fn', 'quux_threaded_irq']) {
		it(`may, in a thread of its own: ${name}`, () => check(`static irqreturn_t ${name}(int irq, void *data)`, KERNEL, 'no-failure'));
	}
	it('may not otherwise', () => check('static irqreturn_t quux_irq(int irq, void *data)', KERNEL, 'introduces: sleep-in-atomic'));
});

describe('an entry that is put in with flags that may wait, under a lock', () => {
	const under = (call: string, lock: string): string => `
 	struct quux *q = dev->quux;
 
+	${lock}_lock(${lock === 'xa' ? '&q->children' : '&q->lock'});
+	old = ${call}(&q->children, index, child, NULL, GFP_KERNEL);
+	${lock}_unlock(${lock === 'xa' ? '&q->children' : '&q->lock'});
 	return 0;
 }
`;
	it('which the call gives up while it waits', () => check('int quux_forget(struct quux_device *dev, struct quux_child *child)', under('__xa_cmpxchg', 'xa'), 'no-failure'));
	it('of which the call knows nothing', () => check('int quux_forget(struct quux_device *dev, struct quux_child *child)', under('xa_cmpxchg', 'spin'), 'introduces: sleep-in-atomic'));
});

describe('a lock that a function of an unknown file takes, or says that it could not', () => {
	const tested = (test: string, rest = ''): string => `
 	int ret = -EOVERFLOW;
 
-	ret = quux_post(q);
+	if (${test})
+		return -EAGAIN;
+	ret = quux_post(q);
+${rest}	quux_double_unlock_ctx(q);
 	return ret;
 }
`;
	it('is not held then', () => check('static int quux_ring(struct quux *q)', tested('unlikely(quux_double_lock_ctx(q))'), 'no-failure'));
	it('nor where it says no', () => check('static int quux_ring(struct quux *q)', tested('unlikely(!quux_double_lock_ctx(q))'), 'no-failure'));
	it('is held behind it', () => check('static int quux_ring(struct quux *q)', tested('unlikely(quux_double_lock_ctx(q))', '	if (ret)\n+		return ret;\n+'), 'introduces: lock-held-at-return'));
});
