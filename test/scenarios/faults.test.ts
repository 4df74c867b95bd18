import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/** Faults, exits and truncations that a change speaks of: a hunk, and what is said of it; then of its reverse. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string, subject?: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, subject)).toEqual([forward, backward]);
}

describe('who takes away what a fault maps', () => {
	it('tested and mapped in one section', () => check('static vm_fault_t quux_fault(struct vm_fault *vmf)', `
 	struct quux *q = vmf->vma->vm_private_data;
 	vm_fault_t ret = VM_FAULT_SIGBUS;
 
-	if (READ_ONCE(q->gone))
-		return VM_FAULT_SIGBUS;
-	ret = vmf_insert_pfn(vmf->vma, vmf->address, q->pfn);
+	down_read(&q->sem);
+	if (!q->gone)
+		ret = vmf_insert_pfn(vmf->vma, vmf->address, q->pfn);
+	up_read(&q->sem);
 
 	return ret;
 }
`, 'fixes: stale-mapping', 'introduces: stale-mapping'));
	const RECHECK = `
 	mutex_unlock(&q->lock);
 
+	if (vmf->pgoff >= READ_ONCE(q->nr_pages)) {
+		put_page(page);
+		return VM_FAULT_SIGBUS;
+	}
+
 	vmf->page = page;
 	return 0;
 }
`;
	it('tested again without a lock that is held until then', () => check('static vm_fault_t quux_fault(struct vm_fault *vmf)', RECHECK, 'still-fails: stale-mapping', 'pre-existing', 'quux: no page faults beyond the end while it is made smaller'));
	it('tested again, of which the mail does not say why', () => check('static vm_fault_t quux_fault(struct vm_fault *vmf)', RECHECK, 'pre-existing', 'pre-existing', 'quux: check the offset'));
});

describe('who invalidates what was looked up', () => {
	it('is asked for under the lock', () => check('static int quux_fault(struct quux *q, struct quux_range *r)', `
 	if (ret)
 		goto out;
 
 	mutex_lock(&q->lock);
+	if (mmu_interval_read_retry(r->notifier, r->seq)) {
+		mutex_unlock(&q->lock);
+		goto again;
+	}
 	ret = quux_map(q, r->start, r->pfns);
 	mutex_unlock(&q->lock);
`, 'fixes: stale-mapping', 'introduces: stale-mapping', 'quux: honour invalidations'));
	it('is asked for before it is taken, which keeps nobody out', () => check('static int quux_fault(struct quux *q, struct quux_range *r)', `
 	if (ret)
 		goto out;
 
+	if (mmu_interval_read_retry(r->notifier, r->seq))
+		goto again;
 	mutex_lock(&q->lock);
 	ret = quux_map(q, r->start, r->pfns);
 	mutex_unlock(&q->lock);
`, 'still-fails: stale-mapping', 'no-failure', 'quux: honour invalidations'));
	it('is asked for before it is taken, and no longer under it', () => check('static int quux_fault(struct quux *q, struct quux_range *r)', `
 again:
 	r->seq = mmu_interval_read_begin(r->notifier);
 	ret = quux_collect(q, r);
 	if (ret)
 		return ret;
 
-	mutex_lock(&q->lock);
-	if (mmu_interval_read_retry(r->notifier, r->seq)) {
-		mutex_unlock(&q->lock);
+	if (mmu_interval_read_retry(r->notifier, r->seq))
 		goto again;
-	}
+
+	mutex_lock(&q->lock);
 	ret = quux_map(q, r->start, r->pfns);
 	mutex_unlock(&q->lock);
`, 'introduces: stale-mapping', 'no-failure', 'quux: do not flush the TLB in vain'));
	it('is asked for before it as well, not to take it in vain', () => check('static int quux_fault(struct quux *q, struct quux_range *r)', `
 	if (ret)
 		goto out;
 
+	if (mmu_interval_read_retry(r->notifier, r->seq))
+		goto again;
 	mutex_lock(&q->lock);
 	if (mmu_interval_read_retry(r->notifier, r->seq)) {
 		mutex_unlock(&q->lock);
 		goto again;
 	}
 	ret = quux_map(q, r->start, r->pfns);
 	mutex_unlock(&q->lock);
`, 'no-failure', 'no-failure', 'quux: honour invalidations'));
});

describe('the order of i_size and the page cache', () => {
	it('i_size first', () => check('static int quux_setsize(struct inode *inode, loff_t size)', `
 {
 	int err = 0;
 
-	truncate_pagecache(inode, size);
 	i_size_write(inode, size);
+	truncate_pagecache(inode, size);
 	quux_dirty(inode);
 	return err;
 }
`, 'fixes: stale-mapping', 'introduces: stale-mapping'));
});

describe('a process that exits meanwhile', () => {
	it('its mappings are kept by a reference', () => check('static int quux_protect(struct quux *q, unsigned long start)', `
 	if (start & ~PAGE_MASK)
 		return -EINVAL;
 
-	ret = quux_walk(q->mm, start);
+	if (!mmget_not_zero(q->mm))
+		return -ESRCH;
+	ret = quux_walk(q->mm, start);
+	mmput(q->mm);
 
 	return ret;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
});

describe('a page that is mapped by the caller', () => {
	it('locked until then', () => check('static vm_fault_t quux_fault(struct vm_fault *vmf)', `
 	page = q->pages[vmf->pgoff];
 	get_page(page);
+	lock_page(page);
 	mutex_unlock(&q->lock);
 
 	vmf->page = page;
-	return 0;
+	return VM_FAULT_LOCKED;
 }
`, 'fixes: stale-mapping', 'introduces: stale-mapping'));
});

describe('a page that was truncated while its lock was waited for', () => {
	it('its mapping is asked for', () => check('static int quux_flush(struct address_space *mapping, pgoff_t index)', `
 	page = find_get_page(mapping, index);
 	if (!page)
 		return 0;
 	lock_page(page);
+	if (page->mapping != mapping) {
+		unlock_page(page);
+		put_page(page);
+		return 0;
+	}
 	quux_submit(page);
 	unlock_page(page);
 	put_page(page);
 	return 1;
 }
`, 'fixes: stale-mapping', 'introduces: stale-mapping'));
});

describe('a vma that is used after mmap_lock was let go', () => {
	it('for a count', () => check('static vm_fault_t quux_fault(struct vm_fault *vmf)', `
 	struct vm_area_struct *vma = vmf->vma;
+	struct file *file = vma->vm_file;
 	vm_fault_t ret;
 
 	ret = filemap_fault(vmf);
-	quux_count(vma->vm_file);
+	quux_count(file);
 	return ret;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
});

describe('what leads a page to its file', () => {
	const hunk = (early: string, late: string): string => `
 	struct folio *folio;
 
 	folio = filemap_get_folio(mapping, index);
 	if (IS_ERR(folio))
 		return 0;
 
${early} 	folio_lock(folio);
${late} 	memcpy_to_folio(folio, 0, buf, len);
 	folio_unlock(folio);
 	folio_put(folio);
 	return 0;
 }
`;
	const head = 'int quux_update(struct address_space *mapping, pgoff_t index, const char *buf, size_t len)';
	const title = 'quux: do not write to folios that were removed from the page cache';
	it('is asked for before the page is locked, which keeps nobody out', () => check(head, hunk('+	if (folio->mapping != mapping) {\n+		folio_put(folio);\n+		return 0;\n+	}\n', ''), 'still-fails: stale-mapping', 'no-failure', title));
	it('is asked for behind that as well', () => check(head, hunk('+	if (folio->mapping != mapping) {\n+		folio_put(folio);\n+		return 0;\n+	}\n', ' 	if (folio->mapping != mapping) {\n 		folio_unlock(folio);\n 		folio_put(folio);\n 		return 0;\n 	}\n'), 'no-failure', 'no-failure', title));
});
