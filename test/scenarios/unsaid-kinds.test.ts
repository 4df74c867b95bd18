import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/** What takes the place of something else, or comes around it, by its lines alone, and the same turned round: each beside a change that looks alike. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, expected: string, turned: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, 'quux: rework', '')).toEqual([expected, turned]);
}

describe('a read side around a call that nobody shows', () => {
	const around = (call: string, enter: string, leave: string, expected: string, turned: string, before = ''): Promise<void> => check('static int quux_load(struct quux *q, u64 addr)', `${before}
+	${enter};
 	ret = ${call};
+	${leave};
 	if (ret)
 		return -EINVAL;
`, expected, turned);
	it('is for what that looks at', () => around('quux_bus_read(q, addr)', 'rcu_read_lock()', 'rcu_read_unlock()', 'fixes: use-after-free', 'introduces: use-after-free'));
	it('of sleeping readers', () => around('quux_bus_read(q, addr)', 'idx = srcu_read_lock(&q->srcu)', 'srcu_read_unlock(&q->srcu, idx)', 'fixes: use-after-free', 'introduces: use-after-free'));
	it('says nothing under a lock', () => around('quux_bus_read(q, addr)', 'rcu_read_lock()', 'rcu_read_unlock()', 'no-failure', 'no-failure', ' 	mutex_lock(&q->lock);'));
	it('says nothing around a print', () => around('pr_info("quux: %llx\\n", addr)', 'rcu_read_lock()', 'rcu_read_unlock()', 'no-failure', 'no-failure'));
});

describe('a lock that is spun for', () => {
	const turned = (body: string, expected: string, other: string): Promise<void> => check('static int quux_attach(struct quux *q)', `
-	spin_lock_irqsave(&q->lock, flags);
+	mutex_lock(&q->mutex);
 	q->opens = 0;
${body}-	spin_unlock_irqrestore(&q->lock, flags);
+	mutex_unlock(&q->mutex);
 	return err;
 }
`, expected, other);
	it('is none any more around a call', () => turned(' 	err = quux_make_domain(q);\n', 'fixes: sleep-in-atomic', 'introduces: sleep-in-atomic'));
	it('is none any more around what is all shown', () => turned('', 'no-failure', 'no-failure'));
	const moved = (call: string, expected: string, other: string): Promise<void> => check('static void quux_shut(struct quux *q)', `
 	spin_lock_irqsave(&q->lock, flags);
 	quux_mask(q);
-	${call}(q);
 	spin_unlock_irqrestore(&q->lock, flags);
+	${call}(q);
 }
`, expected, other);
	it('is released before something is ended', () => moved('quux_chip_suspend', 'fixes: sleep-in-atomic', 'introduces: sleep-in-atomic'));
	const raw = (to: string, expected: string, other: string): Promise<void> => check('static void quux_kick(struct quux *q)', `
-	spin_lock(&q->lock);
+	${to}_lock(&q->lock);
 	q->kicks++;
-	spin_unlock(&q->lock);
+	${to}_unlock(&q->lock);
 }
`, expected, other);
	it('is one wherever spin locks sleep', () => raw('raw_spin', 'fixes: sleep-in-atomic', 'introduces: sleep-in-atomic'));
	it('is one by another name', () => raw('quux_spin', 'no-failure', 'no-failure'));
});

describe('a fence', () => {
	const fence = (from: string, to: string, expected: string, turned: string): Promise<void> => check('static void quux_ring(struct quux *q)', `
 	quux_fill(q);
-	${from}();
+	${to}();
 	quux_raise(q);
 }
`, expected, turned);
	it('for devices too', () => fence('smp_wmb', 'wmb', 'fixes: data-race', 'introduces: data-race'));
	it('that is lighter for the same devices', () => fence('wmb', 'dma_wmb', 'no-failure', 'no-failure'));
});

describe('a lock before a way to a label that is out of sight', () => {
	const left = (release: string, expected: string, turned: string): Promise<void> => check('static int quux_flush(struct quux *q)', `
 	spin_lock(&q->lock);
 	if (q->flags & QUUX_STOPPED) {
${release} 		quux_note(q);
 		goto out;
 	}
 	quux_mark(q);
`, expected, turned);
	it('is released by the patch, or no longer', () => left('+		spin_unlock(&q->lock);\n', 'fixes: lock-held-at-return', 'introduces: lock-held-at-return'));
	it('is released as it was', () => left(' 		spin_unlock(&q->lock);\n+		q->notes = 0;\n', 'no-failure', 'no-failure'));
});

describe('what is asked under the lock now', () => {
	const asked = (call: string, expected: string, turned: string): Promise<void> => check('static int quux_read(struct quux *q)', `
-	ret = ${call}(q);
+	down_read(&q->sem);
+	ret = ${call}(q);
 	if (ret == 0)
 		ret = quux_copy(q);
+	up_read(&q->sem);
 	return ret;
 }
`, expected, turned);
	it('is another thing by the time it is gone by', () => asked('quux_validate', 'fixes: check-then-act, data-race, lost-data', 'introduces: check-then-act, data-race, lost-data'));
	it('is whether something went well', () => asked('quux_program', 'fixes: data-race, lost-data', 'introduces: data-race, lost-data'));
});

describe('a lock that is let go', () => {
	const letGo = (call: string, expected: string, turned: string): Promise<void> => check('static void quux_stop(struct quux *q)', `
 	spin_lock_irqsave(&q->lock, flags);
 	if (q->next == 0) {
+		spin_unlock_irqrestore(&q->lock, flags);
 		${call};
+		spin_lock_irqsave(&q->lock, flags);
 		q->next = 1;
 	}
 	spin_unlock_irqrestore(&q->lock, flags);
`, expected, turned);
	it('while a callback is waited for that takes it', () => letGo('hrtimer_cancel(&q->timer)', 'fixes: deadlock', 'introduces: deadlock'));
	it('for a moment', () => letGo('quux_note(q)', 'introduces: check-then-act', 'pre-existing'));
});
