import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/** Functions that say which lock their callers hold, and callers in sight that go on to take it themselves: each patch, without a word of why, and its revert. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const NOTHING = ['no-failure', 'no-failure'];
const WARNS = [expect.stringMatching(/^introduces: (.*, )?assertion/), expect.stringMatching(/^fixes: (.*, )?assertion/)];

const callee = (says: string, parameter = 'struct quux_item *item'): string => ` static void quux_drop(struct quux *q, ${parameter})
 {
 	${says};
 	q->count--;
 }
 
`;

const close = (argument: string): string => ` static void quux_close(struct quux *q, struct quux_item *item)
 {
+	quux_drop(q, ${argument});
 	mutex_lock(&q->lock);
-	quux_drop(q, ${argument});
 	q->open = false;
 	mutex_unlock(&q->lock);
 }
`;

async function check(hunk: string, expected: readonly unknown[]): Promise<void> {
	expect(await saidBothWays(analyzer, '', hunk)).toEqual(expected);
}

describe('a call that is put before the lock', () => {
	it('which the callee asserts', () => check(`${callee('lockdep_assert_held(&q->lock)')}${close('item')}`, WARNS));
	it('which the callee is handed', () => check(`${callee('lockdep_assert_held(lock)', 'struct mutex *lock')}${close('&q->lock')}`, WARNS));
	it('under which what the callee reads is exchanged', () => check(` static struct quux_item *quux_item(struct quux *q)
 {
 	return rcu_dereference_protected(q->item, lockdep_is_held(&q->lock));
 }
 
 static void quux_close(struct quux *q)
 {
 	struct quux_item *item;
 
+	item = quux_item(q);
 	mutex_lock(&q->lock);
-	item = quux_item(q);
 	rcu_assign_pointer(q->item, NULL);
 	mutex_unlock(&q->lock);
 	kfree_rcu(item, rcu);
 }
`, [expect.stringMatching(/^introduces: use-after-free/), expect.stringMatching(/^fixes: use-after-free/)]));
});

describe('who says that the lock is held', () => {
	it('may give it back and take it again', () => check(` static void quux_drain(struct quux *q)
 {
 	lockdep_assert_held(&q->lock);
+	q->drains++;
 	q->draining = true;
 	mutex_unlock(&q->lock);
 	flush_work(&q->work);
 	mutex_lock(&q->lock);
 }
`, NOTHING));
	it('is called with it or without, as a flag says', () => check(`${callee('lockdep_assert_held(&q->lock)')} static void quux_close(struct quux *q, struct quux_item *item, bool locked)
 {
 	if (locked) {
 		quux_drop(q, item);
+		q->open = false;
 		return;
 	}
 	mutex_lock(&q->lock);
 	quux_drop(q, item);
+	q->open = false;
 	mutex_unlock(&q->lock);
 }
`, NOTHING));
	it('says so in an annotation', () => check(` static void quux_drop(struct quux *q, struct quux_item *item)
 	__must_hold(&q->lock)
 {
 	list_del(&item->node);
+	q->drops++;
 	q->count--;
 }
 
 static void quux_add(struct quux *q, struct quux_item *item)
 {
 	spin_lock(&q->lock);
 	list_add(&item->node, &q->items);
 	q->count++;
+	q->drops = 0;
 	spin_unlock(&q->lock);
 }
`, NOTHING));
});
