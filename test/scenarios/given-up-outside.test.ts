import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** What is done outside of a lock that it was done under before: it may be, where nobody finds any more what it is done to. The driver is made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const check = async (file: string, said: string, subject = 'hold the lock less long'): Promise<void> => expect(await saidOfFile(analyzer, 'snail', subject, file, true)).toBe(said);

const SHELL = `
struct snail { struct mutex lock; struct xarray pages; struct address_space *mapping; atomic_long_t resident; };

static struct page *snail_page(struct snail *snail, pgoff_t index)
{
	struct page *page = xa_load(&snail->pages, index);

	if (page)
		return page;
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return NULL;
	if (xa_err(xa_store(&snail->pages, index, page, GFP_KERNEL))) {
		__free_page(page);
		return NULL;
	}
	atomic_long_inc(&snail->resident);
	return page;
}

static vm_fault_t snail_fault(struct vm_fault *vmf)
{
	struct snail *snail = vmf->vma->vm_private_data;
	struct page *page;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	mutex_lock(&snail->lock);
	page = snail_page(snail, vmf->pgoff);
	if (page)
		ret = vmf_insert_page(vmf->vma, vmf->address, page);
	mutex_unlock(&snail->lock);
	return ret;
}

static const struct vm_operations_struct snail_vm_ops = {
	.fault = snail_fault,
};
`;

describe('pages that are unmapped', () => {
	it('and taken out under the lock are given up outside of it', () => check(`${SHELL}
void snail_discard(struct snail *snail, pgoff_t first, pgoff_t nr)
{
-	struct page *page;
+	struct page *page, *next;
	unsigned long index;
+	LIST_HEAD(gone);

	mutex_lock(&snail->lock);
	unmap_mapping_pages(snail->mapping, first, nr, true);
	xa_for_each_range(&snail->pages, index, page, first, first + nr - 1) {
		xa_erase(&snail->pages, index);
		atomic_long_dec(&snail->resident);
-		put_page(page);
+		list_add(&page->lru, &gone);
	}
	mutex_unlock(&snail->lock);
+
+	list_for_each_entry_safe(page, next, &gone, lru) {
+		list_del(&page->lru);
+		put_page(page);
+	}
}
`, 'no-failure'));
	it('are found by a fault where they are taken out outside of it', () => check(`${SHELL}
void snail_discard(struct snail *snail, pgoff_t index)
{
	struct page *page;

	mutex_lock(&snail->lock);
	unmap_mapping_pages(snail->mapping, index, 1, true);
+	mutex_unlock(&snail->lock);
	page = xa_erase(&snail->pages, index);
-	if (page)
-		put_page(page);
-	mutex_unlock(&snail->lock);
+	if (page)
+		put_page(page);
}
`, 'introduces: stale-mapping, use-after-free'));
});

const HOLE = (before: string, after: string): string => `
static vm_fault_t snail_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	struct folio *folio = page_folio(vmf->page);
	vm_fault_t ret = VM_FAULT_LOCKED;

	filemap_invalidate_lock_shared(inode->i_mapping);
	folio_lock(folio);
	if (folio->mapping != inode->i_mapping) {
		folio_unlock(folio);
		ret = VM_FAULT_NOPAGE;
	} else {
		folio_mark_dirty(folio);
	}
	filemap_invalidate_unlock_shared(inode->i_mapping);
	return ret;
}

static const struct vm_operations_struct snail_vm_ops = {
	.fault = filemap_fault,
	.page_mkwrite = snail_page_mkwrite,
};

static int snail_punch(struct inode *inode, loff_t offset, loff_t len)
{
	int err;

	inode_lock(inode);
${before}
	if (err)
		goto out;
${after}
	inode_unlock(inode);
	return err;
}

static long snail_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	if (mode != (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	return snail_punch(file_inode(file), offset, len);
}

static const struct file_operations snail_fops = {
	.fallocate = snail_fallocate,
};
`;

describe('what is written back before a hole is punched', () => {
	it('may be dirtied again before the lock is there', () => check(HOLE(`
-	filemap_invalidate_lock(inode->i_mapping);
	err = filemap_write_and_wait_range(inode->i_mapping, offset, offset + len - 1);`, `
+	filemap_invalidate_lock(inode->i_mapping);
	truncate_pagecache_range(inode, offset, offset + len - 1);
	err = snail_free_blocks(inode, offset, len);
-out:
	filemap_invalidate_unlock(inode->i_mapping);
+out:`), 'no-failure', 'write back before the invalidate lock'));
	it('and the blocks are freed behind the lock no more', () => check(HOLE(`
	filemap_invalidate_lock(inode->i_mapping);
	err = filemap_write_and_wait_range(inode->i_mapping, offset, offset + len - 1);`, `
	truncate_pagecache_range(inode, offset, offset + len - 1);
-	err = snail_free_blocks(inode, offset, len);
out:
	filemap_invalidate_unlock(inode->i_mapping);
+	err = snail_free_blocks(inode, offset, len);`), 'introduces: block-reused', 'free blocks later'));
});

describe('a completion that is signalled behind the lock', () => {
	const said = (words: string): Promise<string> => saidOfHunk(analyzer, words, 'static irqreturn_t snail_irq(int irq, void *data)', `
 	struct snail *snail = data;
 
 	spin_lock(&snail->lock);
-	complete(&snail->done);
 	writel(1, snail->regs);
 	spin_unlock(&snail->lock);
+	complete(&snail->done);
 	return IRQ_HANDLED;
 }
`, 'snail: complete after the lock was dropped');
	it('and lives on', async () => expect(await said('The completion lives as long as the device, and the interrupt is freed before the device.')).toBe('no-failure'));
	it('and goes with who waits', async () => expect(await said('The one who waits returns then.')).toBe('fixes: use-after-free'));
});
