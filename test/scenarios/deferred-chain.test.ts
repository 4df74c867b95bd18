import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** A callback that runs after a grace period and defers another of its kind: one thread for them, not one more for each. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const tree = (change: string): string => `
struct quux { struct kref ref; struct rcu_head rcu; struct quux *parent; int size; };
static DEFINE_SPINLOCK(quux_lock);
static struct quux *quux_top;

static void quux_free_rcu(struct rcu_head *head);

static void quux_release(struct kref *ref)
{
	struct quux *q = container_of(ref, struct quux, ref);

	call_rcu(&q->rcu, quux_free_rcu);
}

static void quux_free_rcu(struct rcu_head *head)
{
	struct quux *q = container_of(head, struct quux, rcu);

	if (q->parent)
		kref_put(&q->parent->ref, quux_release);
	kfree(q);
}

int quux_size(void)
{
	struct quux *q;
	int size = 0;

	rcu_read_lock();
	q = rcu_dereference(quux_top);
${change}	rcu_read_unlock();
	return size;
}

void quux_drop(void)
{
	struct quux *q;

	spin_lock(&quux_lock);
	q = rcu_dereference_protected(quux_top, lockdep_is_held(&quux_lock));
	rcu_assign_pointer(quux_top, NULL);
	spin_unlock(&quux_lock);
	if (q)
		kref_put(&q->ref, quux_release);
}
`;

describe('a parent is dropped by what runs after a grace period', () => {
	const check = async (change: string, expected: string): Promise<void> => expect(await saidOfFile(analyzer, 'quux', 'quux: size in bytes', tree(change))).toBe(expected);
	it('and is read in the read side', () => check('-	if (q)\n-		size = q->size;\n+	if (q)\n+		size = q->size << 9;\n', 'no-failure'));
	// Known gap: it is freed meanwhile. The drop of the parent counts as one more reference on what is read, since one instance stands for both.
	it('and is read behind it', () => check('-	if (q)\n-		size = q->size;\n-	rcu_read_unlock();\n+	rcu_read_unlock();\n+	if (q)\n+		size = q->size;\n+	rcu_read_lock();\n', 'no-failure'));
});
