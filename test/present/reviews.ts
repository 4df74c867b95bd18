import type { InputReview, Review, ReviewFailure, ReviewStep, ScenarioReview, Side } from '../../analyzer/review';

/** Reviews made by hand, over a driver that does not exist: what the reports are tried on. */

const step = (thread: number, fn: string, operation: string, line: number | null, inputLine: number | null, more: Partial<ReviewStep> = {}): ReviewStep => ({
	thread, operation, function: fn, stack: [], file: line === null ? null : 'drivers/foo/foo.c', line, inputLine, changes: [], ...more,
});

const side = (failing: number, passing: number, failures: readonly ReviewFailure[] = [], more: Partial<Side> = {}): Side => ({
	verdict: failing ? 'fails' : 'passes', interleavings: { failing, passing, exact: true }, states: 10 * (failing + passing), failures, notes: [],
	assumptions: ['one foo device', 'the range covers the faulting address'], notModelled: [], ...more,
});

const stale: ReviewFailure = {
	check: 'stale-mapping',
	message: 'page A is still mapped after it left the mapping and was freed',
	schedule: [0, 1, 1, 0],
	object: 'struct page',
	steps: [
		step(0, 'foo_fault', 'page = xa_load(&foo->pages, index)', 412, 19, { changes: ['page: NULL -> page A'] }),
		step(1, 'foo_drop_range', 'unmap_mapping_range(foo->mapping, start, length, 1)', 388, 30),
		step(1, 'foo_drop_range', 'xa_erase(&foo->pages, index)', 390, 31, { changes: ['foo.pages[0]: page A -> NULL'] }),
		step(0, 'install_pte', 'install_pte(vmf, page)', null, null, { stack: ['foo_fault'], modelled: true, changes: ['pte[0]: none -> page A'] }),
	],
};

const threads: ScenarioReview['threads'] = [
	{ name: 'CPU0', entry: 'foo_fault', context: 'task', file: 'drivers/foo/foo.c', line: 405, inputLine: 17 },
	{ name: 'CPU1', entry: 'foo_drop_range', context: 'task', file: 'drivers/foo/foo.c', line: 380, inputLine: 27 },
];

export const fixed: ScenarioReview = {
	id: 's1', because: 'diagram', reason: 'the changelog draws it', outcome: 'fixes', threads,
	pre: side(3, 11, [stale]), post: side(0, 9),
	loadBearing: [
		{ file: 'drivers/foo/foo.c', line: 389, inputLine: 29, operation: 'lock_page(page)', failuresWithout: 2 },
		{ file: 'drivers/foo/foo.c', line: 410, inputLine: 20, operation: 'smp_mb()', failuresWithout: 0 },
	],
	replay: { stuckAt: 2, message: 'CPU1 cannot go past lock_page() (foo.c:389) until CPU0 unlocks the page', steps: [] },
};

const abba: ReviewFailure = {
	check: 'deadlock',
	message: 'CPU0 holds foo.lock and waits for foo.list_lock, CPU1 holds foo.list_lock and waits for foo.lock',
	schedule: [0, 1],
	steps: [
		step(0, 'foo_submit', 'spin_lock(&foo->lock)', 20, 19, { locked: ['foo.lock'] }),
		step(1, '__foo_flush_all_outstanding_requests', 'spin_lock(&foo->list_lock)', 44, 30, {
			stack: ['foo_ioctl', 'foo_flush'],
			locked: ['foo.list_lock'],
			waiting: [
				{ thread: 0, operation: 'spin_lock(&foo->list_lock)', on: 'foo.list_lock', by: [1], inputLine: 20 },
				{ thread: 1, operation: 'spin_lock(&foo->lock)', on: 'foo.lock', by: [0], inputLine: 31 },
			],
		}),
	],
	blocked: ['CPU0 waits for foo.list_lock, held by CPU1 since foo.c:44', 'CPU1 waits for foo.lock, held by CPU0 since foo.c:20'],
};

export const introduced: ScenarioReview = {
	id: 's2', because: 'conflict', reason: 'both take foo.lock and foo.list_lock', outcome: 'introduces',
	threads: [{ ...threads[0]!, entry: 'foo_submit' }, { ...threads[1]!, entry: 'foo_ioctl' }],
	pre: side(0, 6), post: side(2, 4, [abba], { notModelled: ['foo_hw_kick'] }),
	loadBearing: [], suggestion: 'spin_lock(&foo->list_lock) moved to before spin_lock(&foo->lock) in foo_submit() (foo.c:20)',
	suggested: {
		edits: [
			{ file: 'drivers/foo/foo.c', line: 20, inputLine: 18, before: [], after: ['\tspin_lock(&foo->list_lock);'] },
			{ file: 'drivers/foo/foo.c', line: 21, inputLine: 19, before: ['\tspin_lock(&foo->list_lock);'], after: [] },
		],
		found: 'found by search: number 3 of 17 single edits, tried in order within 120000 states',
	},
};

const quiet: ScenarioReview = {
	id: 's3', because: 'environment', reason: 'the fault handler against truncation', outcome: 'no-failure', threads,
	pre: side(0, 120, [], { interleavings: { failing: 0, passing: 120, exact: false } }), post: side(0, 120), loadBearing: [],
};

const old: ScenarioReview = {
	id: 's4', because: 'conflict', reason: 'both write foo.users', outcome: 'pre-existing',
	threads: [threads[0]!, { ...threads[0]!, name: 'CPU1' }],
	pre: side(1, 3, [{ ...stale, check: 'check-then-act', message: 'foo.users changed between the test and the store' }]),
	post: side(1, 3, [{ ...stale, check: 'check-then-act', message: 'foo.users changed between the test and the store' }]), loadBearing: [],
};

const unknown: ScenarioReview = {
	id: 's5', because: 'prose', reason: 'the changelog names both', outcome: 'inconclusive', threads,
	pre: null,
	post: side(0, 0, [], { verdict: 'inconclusive', bound: '2000000 states', notModelled: ['foo_hw_kick'] }), loadBearing: [],
};

export const input = (scenarios: readonly ScenarioReview[], more: Partial<InputReview> = {}): InputReview => ({
	input: 'foo.mbox', subject: '[PATCH] foo: serialise faults against foo_drop_range()', commit: null, repairs: [], problems: [],
	outcome: scenarios[0]?.outcome ?? 'no-diff', scenarios, functions: [], from: 1, to: 38, notModelled: [], leftOut: 0, ...more,
});

export const review = (inputs: readonly InputReview[], series?: readonly string[]): Review => ({
	tool: 'kernel-race-review', version: '0.0.0', inputs, ...(series ? { series } : {}),
});

const alone: ReviewFailure = {
	check: 'lock-held-at-return', message: 'foo_submit() returns with foo.lock held', schedule: [0],
	steps: [step(0, 'foo_submit', 'mutex_lock(&foo->lock)', 20, 20), step(0, 'foo_submit', 'return -EINVAL', 24, 22)],
};

const HOSTILE = 'x\u001b[2J\u202e|`<b>**\n# not a heading\u0007';

/** A model's thread and a model that the code calls: locks around nothing, a lock that both take, questions, and what is done. */
const modelled = (thread: number, stack: readonly string[], fn: string, operation: string, more: Partial<ReviewStep> = {}): ReviewStep => step(thread, fn, operation, null, null, { stack, modelled: true, ...more });
const inModels: ReviewFailure = {
	...stale,
	steps: [
		step(1, 'foo_drop_range', 'mutex_lock(&foo->lock)', 386, null, { locked: ['foo.lock'] }),
		modelled(1, ['foo_drop_range'], 'xa_erase', 'xa_lock(xa)', { locked: ['xa.lock'] }),
		modelled(1, ['foo_drop_range', 'xa_erase'], '__xa_erase', 'xa->slot', { changes: ['foo.pages[0]: page A -> NULL'] }),
		modelled(1, ['foo_drop_range'], 'xa_erase', 'xa_unlock(xa)', { unlocked: ['xa.lock'] }),
		modelled(0, [], 'page_fault', 'lockdep_is_held(&page->lock)', { asks: true }),
		modelled(0, [], 'page_fault', 'lock_page(page)', { locked: ['page A.lock'] }),
		modelled(1, ['foo_drop_range'], 'unmap_mapping_range', 'spin_lock(&mm->page_table_lock)', { locked: ['mm.page_table_lock'] }),
		modelled(1, ['foo_drop_range'], 'unmap_mapping_range', 'page_mapped(page)'),
		modelled(1, ['foo_drop_range'], 'unmap_mapping_range', 'clears the page table entry', { unlocked: ['mm.page_table_lock'] }),
		modelled(0, ['page_fault'], 'finish_fault', 'spin_lock(&mm->page_table_lock)', { locked: ['mm.page_table_lock'] }),
		modelled(0, ['page_fault'], 'finish_fault', 'installs the page table entry', { changes: ['pte[0]: none -> page A'] }),
	],
};

/** By name: the review that each report is made of. */
export const REVIEWS: Readonly<Record<string, Review>> = {
	fixes: review([input([fixed, quiet, old], { repairs: ['line 12: leading white space restored'] })]),
	introduces: review([input([introduced, unknown], { notModelled: ['foo_hw_kick'], leftOut: 4 })]),
	'no-diff': review([input([], { problems: ['the file holds no diff'], subject: '' })]),
	series: review([
		input([introduced], { subject: '[PATCH 1/2] foo: split foo.lock' }),
		input([fixed], { subject: '[PATCH 2/2] foo: take the locks in order', from: 39, to: 60 }),
	], ['1/2 brings deadlock of foo_submit() against foo_ioctl(); 2/2 ends it']),
	suppressed: review([input([{ ...introduced, suppressed: 'foo_ioctl() runs only before foo_submit() can' }], { outcome: 'no-failure' })]),
	hostile: review([input([{
		...introduced, reason: HOSTILE, suggestion: HOSTILE, suggested: { edits: [{ file: HOSTILE, line: 3, inputLine: null, before: [HOSTILE], after: [HOSTILE] }], found: HOSTILE },
		threads: introduced.threads.map((thread) => ({ ...thread, entry: HOSTILE, name: HOSTILE })),
		post: side(1, 1, [{ ...abba, message: HOSTILE, blocked: [HOSTILE], steps: abba.steps.map((one) => ({ ...one, operation: HOSTILE, function: HOSTILE, file: HOSTILE })) }], { assumptions: [HOSTILE] }),
	}], { input: HOSTILE, subject: HOSTILE, problems: [HOSTILE], repairs: [HOSTILE], notModelled: [HOSTILE] })]),
	'in models': review([input([{ ...fixed, threads: [{ name: 'CPU0', entry: 'page_fault', context: 'task', file: null, line: null, inputLine: null, modelled: true }, threads[1]!], pre: side(1, 1, [inModels]) }])]),
	'one failure in two scenarios': review([input([
		{ ...introduced, post: side(1, 1, [alone]) },
		{ ...introduced, id: 's6', threads: [introduced.threads[0]!, { ...introduced.threads[0]!, name: 'CPU1' }], post: side(1, 1, [alone]) },
	])]),
	'a failure in hunks alone': review([input([quiet, { ...introduced, id: 's7', outcome: 'inconclusive' }], { outcome: 'inconclusive' })]),
	'five threads': review([input([{
		...introduced,
		threads: [0, 1, 2, 3, 4].map((index) => ({ ...threads[0]!, name: `CPU${index}`, entry: `foo_worker_${index}` })),
		post: side(1, 1, [{ ...abba, blocked: [], steps: [0, 1, 2, 3, 4].map((index) => step(index, `foo_worker_${index}`, 'atomic_inc(&foo->some_rather_long_counter_name_here_that_goes_on_for_longer)', 20 + index, null)) }]),
	}])]),
};

/** The document that `foo.mbox` stands for: 38 lines. */
export const DOCUMENT = `From 0000000000000000000000000000000000000001 Mon Sep 17 00:00:00 2001
From: "A. Author" <author@example.org>
Date: Mon, 1 Jun 2026 10:00:00 +0200
Subject: [PATCH] foo: serialise faults against foo_drop_range()

Faults race with foo_drop_range().

Signed-off-by: A. Author <author@example.org>
---
 drivers/foo/foo.c | 4 ++++
 1 file changed, 4 insertions(+)

diff --git a/drivers/foo/foo.c b/drivers/foo/foo.c
index 1111111..2222222 100644
--- a/drivers/foo/foo.c
+++ b/drivers/foo/foo.c
@@ -405,6 +405,7 @@ static vm_fault_t foo_fault(struct vm_fault *vmf)
 	struct foo *foo = vmf->vma->vm_private_data;
 	page = xa_load(&foo->pages, index);
+	lock_page(page);
 	if (!page)
 		return VM_FAULT_SIGBUS;
 	get_page(page);
 	vmf->page = page;
@@ -380,9 +381,11 @@ static void foo_drop_range(struct foo *foo)
 	pgoff_t index;
 	struct page *page;

 	page = xa_load(&foo->pages, start);
+	lock_page(page);
 	unmap_mapping_range(foo->mapping, start, length, 1);
 	xa_erase(&foo->pages, index);
+	unlock_page(page);
 	put_page(page);
 	index++;
 }
-- 
2.50.1

`;
