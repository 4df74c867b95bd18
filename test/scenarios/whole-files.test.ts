import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What only whole files show, each with a twin that is alike but for that: a whole made-up file of a tree, and what is said of its change. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (subject: string, file: string, expected: string): Promise<void> => {
	expect(await saidOfFile(analyzer, 'quux', subject, file, true)).toBe(expected);
};

const fault = (refuses: string): string => `
struct quux { struct mutex lock; unsigned long pfn; unsigned long size; bool gone; struct address_space *mapping; };

static vm_fault_t quux_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct quux *q = vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	unsigned long off = (vmf->address - vma->vm_start) >> PAGE_SHIFT;

	if (off >= q->size >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
+	mutex_lock(&q->lock);
	if (!q->gone)
		ret = vmf_insert_pfn(vma, vmf->address, q->pfn + off);
+	mutex_unlock(&q->lock);
	return ret;
}

static const struct vm_operations_struct quux_vm_ops = { .fault = quux_fault };

int quux_move(struct quux *q, unsigned long to)
{
	mutex_lock(&q->lock);
	unmap_mapping_range(q->mapping, 0, 0, 1);
	${refuses}
	q->pfn = to;
	mutex_unlock(&q->lock);
	return 0;
}
`;

describe('a fault handler that asks whether the offset is within', () => {
	it('maps what is there now, once the lock keeps it out', () => check('quux: fault under the lock', fault('q->gone = true;'), 'fixes: stale-mapping'));
});

const found = (put: string, release: string): string => `
struct quux { struct kref ref; struct list_head node; int id; };
static LIST_HEAD(quux_list);
static DEFINE_MUTEX(quux_lock);

static void quux_release(struct kref *ref)
{
	struct quux *q = container_of(ref, struct quux, ref);

	${release}
	kfree(q);
}

void quux_put(struct quux *q)
{
	${put}
}

struct quux *quux_find(int id)
{
	struct quux *q;

	mutex_lock(&quux_lock);
	list_for_each_entry(q, &quux_list, node) {
-		if (q->id == id && kref_get_unless_zero(&q->ref)) {
+		if (q->id == id) {
+			kref_get(&q->ref);
			mutex_unlock(&quux_lock);
			return q;
		}
	}
	mutex_unlock(&quux_lock);
	return NULL;
}
`;

describe('a reference that is taken whatever the count is', () => {
	it('of what is found under the lock under which the last one goes', () => check('quux: simplify the look-up', found('kref_put_mutex(&q->ref, quux_release, &quux_lock);', 'list_del(&q->node);\n\tmutex_unlock(&quux_lock);'), 'no-failure'));
	it('of what may have none left by then', () => check('quux: simplify the look-up', found('kref_put(&q->ref, quux_release);', 'mutex_lock(&quux_lock);\n\tlist_del(&q->node);\n\tmutex_unlock(&quux_lock);'), 'introduces: resurrection'));
});

const counted = (limit: string): string => `
struct quux { spinlock_t lock; unsigned int errors; bool failed; struct quux_set *set; };
struct quux_set { spinlock_t lock; unsigned int failed; struct quux *first; };

static void quux_fail(struct quux *q)
{
	q->failed = true;
+	spin_lock(&q->set->lock);
+	q->set->failed++;
+	spin_unlock(&q->set->lock);
}

void quux_error(struct quux *q)
{
	spin_lock(&q->lock);
	if (${limit})
		quux_fail(q);
	spin_unlock(&q->lock);
}

void quux_show(struct quux_set *set)
{
	struct quux *q = set->first;

	spin_lock(&set->lock);
	spin_lock(&q->lock);
	pr_info("%u\\n", q->errors);
	spin_unlock(&q->lock);
	spin_unlock(&set->lock);
}
`;

describe('a counter comes to a limit', () => {
	it('that is asked for as it is counted on', () => check('quux: count what has failed', counted('++q->errors >= 16'), 'introduces: deadlock'));
	it('before it is counted on', () => check('quux: count what has failed', counted('q->errors++ >= 16'), 'introduces: deadlock'));
});

const thread = (start: string): string => `
struct quux { struct task_struct *task; unsigned long flags; wait_queue_head_t wait; };

static int quux_thread(void *data)
{
	struct quux *q = data;

	while (!kthread_should_stop()) {
		wait_event(q->wait, kthread_should_stop() || test_bit(1, &q->flags));
		if (test_bit(2, &q->flags)) {
-			q->flags &= ~4;
+			clear_bit(2, &q->flags);
			quux_done(q);
		}
	}
	return 0;
}

int quux_start(struct quux *q)
{
	${start}
	return 0;
}
`;

describe('a thread and itself', () => {
	it('an object that keeps it has one of it', () => check('quux: clear the bit', thread('q->task = kthread_run(quux_thread, q, "quux");'), 'no-failure'));
	it('nobody keeps it: there may be more', () => check('quux: clear the bit', thread('kthread_run(quux_thread, q, "quux");'), 'introduces: check-then-act'));
});
