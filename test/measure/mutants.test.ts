import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { editedLines, patchOf, reversedPatch } from './edit';
import { functionsOf } from './kernel-tree';
import { KINDS } from './mutants/kinds';
import { surroundingsOf } from './mutants/surroundings';

/** The lines that each place of the kind touches in the function, as `function: line | line`. */
function check(kind: string, text: string, expected: readonly string[]): void {
	const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
	writeFileSync(join(folder, 'quux.c'), text);
	const functions = functionsOf(folder, 'quux.c');
	const found = functions.flatMap((fn) => KINDS.find(({ name }) => name === kind)!.places(fn, functions, surroundingsOf(folder))
		.map((edits) => `${fn.name}: ${edits.filter(({ what }) => what !== 'insert').map(({ at }) => fn.lines[at]!.trim()).join(' | ')}`));
	expect(found).toEqual(expected);
}

it('a store under the lock is moved behind it, but not one that only the task itself sees, nor one for which nobody else takes the lock', () => check('access-past-unlock', `
static void quux_set(struct quux *q)
{
	spin_lock(&q->lock);
	q->level = 1;
	spin_unlock(&q->lock);
}

static void quux_mark(struct quux *q)
{
	spin_lock(&q->lock);
	current->in_quux = 0;
	spin_unlock(&q->lock);
}

static void quux_name(struct quux *q)
{
	spin_lock(&q->lock);
	q->named = 1;
	spin_unlock(&q->lock);
}

static int quux_level(struct quux *other)
{
	int level;

	spin_lock(&other->lock);
	level = other->level;
	spin_unlock(&other->lock);
	return level;
}
`, ['quux_set: q->level = 1;']));

it('a lock is taken away, but not that of an object which the function has just made', () => check('lock-pair', `
static void quux_raise(struct quux *q)
{
	spin_lock(&q->lock);
	q->level++;
	spin_unlock(&q->lock);
}

static struct quux *quux_make(void)
{
	struct quux *q = NULL;

	q = kzalloc(sizeof(*q), GFP_KERNEL);
	spin_lock(&q->lock);
	q->level = 1;
	spin_unlock(&q->lock);
	return q;
}
`, ['quux_raise: spin_lock(&q->lock); | spin_unlock(&q->lock);']));

it('a read side is taken away where what it keeps is used, and where no caller is in one', () => check('rcu-pair', `
static int quux_level(struct quux *q)
{
	struct rung *rung;
	int level;

	rcu_read_lock();
	rung = rcu_dereference(q->rung);
	level = rung ? rung->level : 0;
	rcu_read_unlock();
	return level;
}

static int quux_stands(struct quux *q)
{
	struct rung *rung;
	int stands = 0;

	rcu_read_lock();
	rung = rcu_dereference(q->rung);
	if (rung)
		stands = 1;
	rcu_read_unlock();
	return stands;
}

static int quux_sum(struct quux *q)
{
	struct rung *rung;
	int sum = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(rung, &q->rungs, next)
		sum += rung->level;
	rcu_read_unlock();
	return sum;
}

static int quux_show(struct quux *q)
{
	int sum;

	rcu_read_lock();
	sum = quux_sum(q);
	rcu_read_unlock();
	return sum;
}
`, ['quux_level: rcu_read_lock(); | rcu_read_unlock();']));

it('a test is taken away under the lock where the same one stood before it, not a part of another one', () => check('delete-recheck', `
static int quux_open(struct quux *q)
{
	if (q->dead)
		return -ENODEV;
	mutex_lock(&q->lock);
	if (q->dead)
		goto out;
	q->opens++;
out:
	mutex_unlock(&q->lock);
	return 0;
}

static int quux_find(struct quux *q, int flags)
{
	if (!(flags & QUUX_ACCESS) && q->level)
		return -EBUSY;
	mutex_lock(&q->lock);
	if (flags & QUUX_ACCESS)
		goto out;
	q->level = 1;
out:
	mutex_unlock(&q->lock);
	return 0;
}
`, ['quux_open: if (q->dead) | goto out;']));

it('what ends an interrupt is taken away where its object is freed afterwards, not where only another interrupt of its ends', () => check('delete-cancel-sync', `
static void quux_remove(struct quux *q)
{
	free_irq(q->irq, q);
	kfree(q);
}

static void quux_stop(struct quux *q)
{
	free_irq(q->rx_irq, q);
	free_irq(q->tx_irq, q);
}
`, ['quux_remove: free_irq(q->irq, q);']));

it('a counter is one of references where its name ends so, and what sparse is told of locks is no function', () => check('delete-get', `
static void quux_use(struct quux *q)
__must_hold(&q->lock)
{
	atomic_inc(&q->users);
	atomic_inc(&q->userspace_off);
}
`, ['quux_use: atomic_inc(&q->users);']));

it('the other way round, a patch takes away what it brought, and what stands has its edits done', () => {
	const lines = ['void f(void)', '{', '\ta();', '\tb();', '}'];
	const edits = [{ at: 2, what: 'delete' }, { at: 3, what: 'replace', text: '\tc();' }, { at: 4, what: 'insert', text: '\td();' }] as const;
	expect(editedLines(lines, edits)).toEqual(['void f(void)', '{', '\tc();', '\td();', '}']);
	const patch = reversedPatch(patchOf({ file: 'q.c', lines }, 'f: simplify', edits), 'f: change locking').split('\n');
	expect(patch.slice(patch.findIndex((line) => line.startsWith('@@'))).join('\n')).toBe(`@@ -1,5 +1,5 @@
 void f(void)
 {
-\tc();
-\td();
+\ta();
+\tb();
 }
-- \n2.45.2
`);
	expect(patch).toContain('Subject: [PATCH] f: change locking');
});

it('a way out goes past the unlock at its label, and a try is not looked at', () => {
	const file = `
static int quux_open(struct quux *q)
{
	if (!mutex_trylock(&q->swap))
		return -EBUSY;
	mutex_lock(&q->lock);
	if (q->dead)
		goto out;
	q->opens++;
out:
	mutex_unlock(&q->lock);
	return 0;
}
`;
	check('return-past-unlock', file, ['quux_open: goto out;']);
	check('trylock-ignored', file, ['quux_open: if (!mutex_trylock(&q->swap)) | return -EBUSY;']);
});

it('a reference is taken behind the lock only where what it is of was found under it', () => check('get-past-unlock', `
static void quux_use(struct quux *q, struct rung *given)
{
	struct rung *rung;

	spin_lock(&q->lock);
	rung = q->first;
	kref_get(&rung->ref);
	spin_unlock(&q->lock);
	spin_lock(&q->lock);
	kref_get(&given->ref);
	spin_unlock(&q->lock);
}
`, ['quux_use: kref_get(&rung->ref);']));
