import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Claims that what is shown does not bear out, and ways out that the patch makes without giving back what is held. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(subject: string, words: string, hunk: string, expected: string): Promise<void> {
	expect(await saidOfHunk(analyzer, words, 'static int quux_bind(struct quux *q)', hunk, subject)).toBe(expected);
}

const TAKES_ONE = (read: string, act: string): string => `
 static bool quux_take(struct quux *q)
 {
-	if (!q->credits)
+	if (${read})
 		return false;
-	q->credits--;
+	${act};
 	return true;
 }
`;
const EARLY = (line: string): string => `
 	int ret;
 
 	mutex_lock(&q->lock);
+	if (!q->ready)
+		${line};
 	ret = regmap_write(q->map, 1, q->value);
 	if (ret == 0)
 		q->done = true;
`;

describe('what is put against a race', () => {
	it('is no end of it when it is a look and a change in two steps', () =>
		check('quux: fix a race in the accounting of credits', 'Two senders at once take the same credit.', TAKES_ONE('!atomic_read(&q->credits)', 'atomic_dec(&q->credits)'), 'still-fails: check-then-act'));
	it('ends it when it is one step', () =>
		check('quux: fix a race in the accounting of credits', 'Two senders at once take the same credit.', TAKES_ONE('atomic_dec_if_positive(&q->credits) < 0', 'trace_quux(q)'), 'fixes: data-race, lost-data'));
	it('is not asked for where the mail claims nothing', () =>
		check('quux: be quiet when there are no credits', 'An exact number does not matter.', TAKES_ONE('!atomic_read(&q->credits)', 'atomic_dec(&q->credits)'), 'fixes: data-race, lost-data'));
});

describe('a way out that the patch makes behind a lock', () => {
	it('keeps the lock, whatever releases it is not shown', () => check('quux: refuse when not ready', 'The chip ignores it.', EARLY('return -EBUSY'), 'introduces: lock-held-at-return'));
	it('may lead to where it is released', () => check('quux: refuse when not ready', 'The chip ignores it.', EARLY('goto out_unlock'), 'no-failure'));
});

const CIRCLE = `
#include <linux/mutex.h>
struct hub { struct mutex lock; int ports; };
struct port { struct mutex lock; struct hub *hub; int up; };
void quux_attach(struct port *port)
{
	mutex_lock(&port->hub->lock);
	mutex_lock(&port->lock);
	port->up = 1;
	mutex_unlock(&port->lock);
	mutex_unlock(&port->hub->lock);
}
void quux_detach(struct port *port)
{
-	mutex_lock(&port->lock);
	mutex_lock(&port->hub->lock);
+	mutex_lock(&port->lock);
	port->up = 0;
-	mutex_unlock(&port->hub->lock);
	mutex_unlock(&port->lock);
+	mutex_unlock(&port->hub->lock);
}
void quux_rescan(struct port *port)
{
	mutex_lock(&port->lock);
	if (port->up) {
		mutex_lock(&port->hub->lock);
		port->hub->ports++;
		mutex_unlock(&port->hub->lock);
	}
	mutex_unlock(&port->lock);
}
`;
const THIRD = /void quux_rescan[\s\S]*$/;

describe('two locks in one order', () => {
	it('are no end of the dead lock where somebody else still takes them in the other', async () =>
		expect(await saidOfFile(analyzer, 'quux', 'fix deadlock of port and hub lock', CIRCLE, true)).toBe('still-fails: deadlock'));
	it('are one where nobody does', async () => expect(await saidOfFile(analyzer, 'quux', 'fix deadlock of port and hub lock', CIRCLE.replace(THIRD, ''), true)).toBe('fixes: deadlock'));
});

const DROPS_PAGES = (head: string, tail: string): string => `
#include <linux/mm.h>
#include <linux/xarray.h>
struct quux { struct mutex lock; struct xarray pages; struct address_space *mapping; unsigned long nr; };
static vm_fault_t quux_fault(struct vm_fault *vmf)
{
	struct quux *q = vmf->vma->vm_private_data;
	struct page *page;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	mutex_lock(&q->lock);
	page = xa_load(&q->pages, vmf->pgoff);
	if (page)
		ret = vmf_insert_page(vmf->vma, vmf->address, page);
	mutex_unlock(&q->lock);
	return ret;
}
static const struct vm_operations_struct quux_vm_ops = { .fault = quux_fault };
void quux_drop(struct quux *q, unsigned long index)
{
	struct page *page;
${head}
	page = xa_erase(&q->pages, index);
	if (page)
		put_page(page);
${tail}
}
`;
const UNMAPS = '	unmap_mapping_pages(q->mapping, index, 1, true);';
const LOCKS = '+	mutex_lock(&q->lock);';

describe('a lock around what is taken away', () => {
	const title = 'quux_drop() races with quux_fault()';
	it('is too late where page tables were gone through before', async () => expect(await saidOfFile(analyzer, 'quux', title, DROPS_PAGES(`${UNMAPS}\n${LOCKS}`, '+	mutex_unlock(&q->lock);'), true)).toMatch(/^still-fails: stale-mapping/));
	it('is not where they are gone through under it', async () => expect(await saidOfFile(analyzer, 'quux', title, DROPS_PAGES(`${LOCKS}\n${UNMAPS}`, '+	mutex_unlock(&q->lock);'), true)).toMatch(/^fixes: /));
});
