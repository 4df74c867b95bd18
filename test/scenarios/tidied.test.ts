import { beforeAll, describe, it, expect } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** Patches that say no more than that they make something shorter or faster, and what they bring with it; each beside one like it that brings nothing. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, expected: string, words = 'Saves a few instructions.'): Promise<void> {
	expect(await saidOfHunk(analyzer, words, head, hunk, 'quux: simplify')).toBe(expected);
}

const made = (inside: string): string => `
 	struct quux_ctx *ctx;
 
-	mutex_lock(&q->lock);
-	ctx = q->ctx;
-	if (!ctx) {
-		ctx = quux_new(q);
-		q->ctx = ctx;
-	}
-	mutex_unlock(&q->lock);
+	ctx = READ_ONCE(q->ctx);
+	if (ctx)
+		return ctx;
+
${inside} 	return ctx;
 }
`;

describe('what is made once', () => {
	it('is looked for before the lock alone', () => check('static struct quux_ctx *quux_ctx(struct quux *q)', made(`+	ctx = quux_new(q);
+	mutex_lock(&q->lock);
+	q->ctx = ctx;
+	mutex_unlock(&q->lock);
`), 'introduces: check-then-act, data-race'));
	it('is looked for again under it', () => check('static struct quux_ctx *quux_ctx(struct quux *q)', made(`+	mutex_lock(&q->lock);
+	ctx = q->ctx;
+	if (!ctx) {
+		ctx = quux_new(q);
+		WRITE_ONCE(q->ctx, ctx);
+	}
+	mutex_unlock(&q->lock);
`), 'no-failure'));
});

const woken = (test: string): string => `
 	q->msg = msg;
 	WRITE_ONCE(q->ready, 1);
-	wake_up(&q->wait);
+${test}
+		wake_up(&q->wait);
 }
`;

describe('whether anybody waits', () => {
	it('is asked with nothing between', () => check('void quux_post(struct quux *q, u32 msg)', woken('	if (waitqueue_active(&q->wait))'), 'introduces: deadlock'));
	it('is asked behind a fence', () => check('void quux_post(struct quux *q, u32 msg)', woken('	smp_mb();\n+	if (waitqueue_active(&q->wait))'), 'no-failure'));
	it('is asked by what has the fence', () => check('void quux_post(struct quux *q, u32 msg)', woken('	if (wq_has_sleeper(&q->wait))'), 'no-failure'));
});

const completed = `
 	q->state = QUUX_UP;
-	complete_all(&q->up);
+	complete(&q->up);
 }
`;

describe('one waiter is let go', () => {
	it('where there may be more', () => check('static void quux_up(struct quux *q)', completed, 'introduces: deadlock'));
	it('where there is one', () => check('static void quux_up(struct quux *q)', completed, 'no-failure', 'There is only one waiter.'));
});

it('a mutex that becomes a spin lock for its size says nothing of where it is taken', () => check('static void quux_set(struct quux *q, u8 level)', `
-	mutex_lock(&q->lock);
+	spin_lock(&q->lock);
 	q->level = level;
-	mutex_unlock(&q->lock);
+	spin_unlock(&q->lock);
 }
`, 'no-failure', 'It is smaller.'));

const pinged = (last: string): string => `
 	ret = quux_ping(s);
-	if (!ret)
-		s->last = jiffies;
 	quux_put(s);
-	return ret;
+	if (ret)
+		return ret;
+
+${last}	return 0;
 }
`;

describe('behind a put that stays where it was', () => {
	it('the object is used', () => check('static int quux_poke(struct quux *s)', pinged('	s->last = jiffies;\n+'), 'introduces: use-after-free'));
	it('the object is not used', () => check('static int quux_poke(struct quux *s)', pinged('	quux_count++;\n+'), 'no-failure'));
});

const suspended = (kind: string): string => `
-	disable_irq(q->irq);
 	${kind}_lock(&q->lock);
+	disable_irq(q->irq);
 	q->on = 0;
 	${kind}_unlock(&q->lock);
 	return 0;
 }
`;

describe('an interrupt is waited for', () => {
	it('under a mutex that its thread may take', () => check('static int quux_suspend(struct quux *q)', suspended('mutex'), 'introduces: deadlock'));
});

const freed = (cleared: string): string => `
 static void quux_release(struct kref *kref)
 {
 	struct quux *q = container_of(kref, struct quux, kref);
 
 	kfree(q->ring);
 	kfree(q);
 }
 
 static void quux_unplug(struct quux *q)
 {
 	mutex_lock(&q->lock);
 	q->gone = 1;
+	kfree(q->ring);
${cleared} 	mutex_unlock(&q->lock);
 	kref_put(&q->kref, quux_release);
 }
`;

describe('plain memory that the last put frees', () => {
	it('is freed before', () => check('struct quux { struct kref kref; struct mutex lock; int gone; u32 *ring; };', freed(''), 'introduces: use-after-free'));
	it('is freed before, and its pointer cleared', () => check('struct quux { struct kref kref; struct mutex lock; int gone; u32 *ring; };', freed('+	q->ring = NULL;\n'), 'no-failure'));
});

const lightly = `
-	spin_lock_bh(&q->lock);
+	spin_lock(&q->lock);
 	list_add(&e->node, &q->entries);
-	spin_unlock_bh(&q->lock);
+	spin_unlock(&q->lock);
 	return 0;
 }
`;

describe('a lock is taken with softirqs on now', () => {
	it('where nothing says that none comes', () => check('static int quux_add(struct quux *q, struct quux_entry *e)', lightly, 'introduces: irq-unsafe-lock'));
	it('where who takes it is no softirq any more', () => check('static int quux_add(struct quux *q, struct quux_entry *e)', lightly, 'no-failure', 'The entries are expired by a work item now.'));
	it('where the function is called back', () => check('static int quux_rx_tasklet(struct quux *q, struct quux_entry *e)', lightly, 'no-failure'));
});

const unplugged = (cleared: string): string => `
 	mutex_lock(&q->lock);
 	q->gone = true;
+	kfree(q->ring);
${cleared} 	mutex_unlock(&q->lock);
 
 	kref_put(&q->kref, quux_release);
`;

describe('what the last put frees out of sight', () => {
	it('is freed before', () => check('static void quux_unplug(struct quux *q)', unplugged(''), 'introduces: use-after-free'));
	it('is freed before, and its pointer cleared', () => check('static void quux_unplug(struct quux *q)', unplugged('+	q->ring = NULL;\n'), 'no-failure'));
	it('was freed by nobody', () => check('static void quux_unplug(struct quux *q)', unplugged(''), 'no-failure', 'The ring is leaked.'));
});
