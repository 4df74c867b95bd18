import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A wait, or a stop, that the patch puts at the wrong end of what it is for: the mail says what it is to end, and that is there still. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(words: string, head: string, hunk: string, expected: RegExp): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk)).toMatch(expected);
}

const READERS = 'quux_notify() walks the list under RCU and may still use a listener when its owner has freed it.';

describe('a grace period', () => {
	it('before what takes the entry away from readers', () => check(READERS, 'void quux_unlisten(struct quux *q, struct quux_listener *l)', `
 {
+	synchronize_rcu();
+
 	mutex_lock(&q->lock);
 	list_del_rcu(&l->node);
 	mutex_unlock(&q->lock);
 }
`, /^still-fails: use-after-free/));
	it('behind that', () => check(READERS, 'void quux_unlisten(struct quux *q, struct quux_listener *l)', `
 {
 	mutex_lock(&q->lock);
 	list_del_rcu(&l->node);
 	mutex_unlock(&q->lock);
+	synchronize_rcu();
 }
`, /^fixes: use-after-free/));
	it('before an entry of a list that is nobody\'s who reads', () => check(READERS, 'void quux_unlisten(struct quux *q, struct quux_listener *l)', `
 {
 	rcu_assign_pointer(q->first, NULL);
+	synchronize_rcu();
 	mutex_lock(&q->lock);
 	list_del_rcu(&l->node);
 	mutex_unlock(&q->lock);
 }
`, /^(?!still-fails)/));
});

const TIMER = 'The timer may still run when the device goes away.';

describe('a stop', () => {
	it('behind the freeing of what the callback uses', () => check(TIMER, 'static void quux_destroy(struct quux_device *dev)', `
 	struct quux *q = dev->private;
 
 	kfree(q->effects);
+	del_timer_sync(&q->timer);
 }
`, /^still-fails: use-after-free/));
	it('before that', () => check(TIMER, 'static void quux_destroy(struct quux_device *dev)', `
 	struct quux *q = dev->private;
 
+	del_timer_sync(&q->timer);
 	kfree(q->effects);
 }
`, /^fixes: use-after-free/));
});
