import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Whoever hands an object in has a reference of his own, beside the one that a field keeps. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const reap = (dropped: string): string => `
struct quux { struct kref ref; struct mutex lock; int stale; };
struct slot { struct quux *owner; int use; };

static void quux_release(struct kref *ref)
{
	kfree(container_of(ref, struct quux, ref));
}

static void quux_put(struct quux *q)
{
	kref_put(&q->ref, quux_release);
}

void slot_reap(struct slot *s, struct quux *q)
{
	mutex_lock(&q->lock);
-	slot_clear(s);
+	if (s->owner == q) {
+		s->use = 0;
+		quux_put(${dropped});
+		s->owner = NULL;
+	}
	mutex_unlock(&q->lock);
}
`;

describe('a function that is handed an object unlocks it after a reference is dropped', () => {
	const check = async (dropped: string, expected: string): Promise<void> => expect(await saidOfFile(analyzer, 'quux', 'quux: clear slots here', reap(dropped))).toBe(expected);
	// Nothing is used that was freed. (That the drop is told as one that was missing is a known gap: before, slot_clear() may have done it.)
	it("which was a field's", () => check('s->owner', 'fixes: refcount-leak'));
	it("which was its caller's", () => check('q', 'introduces: use-after-free'));
});
