import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/**
 * Whom a pair of calls holds off, who is waited for, and who brings pages back: a hunk of a function that the mail shows in part, and what is said of it; then
 * of its reverse. The names are made up, and nobody else is in sight.
 */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string, subject?: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk, subject)).toEqual([forward, backward]);
}

describe('a pair of calls around what both sides do', () => {
	const PAIR = `
 	struct quux *q = file->private_data;
 	int err;
 
+	quux_set_nowrite(q);
 	err = quux_do_truncate(q, size);
+	quux_release_nowrite(q);
 	return err;
 }
`;
	it('holds off who writes', () => check('static int quux_truncate(struct file *file, loff_t size)', PAIR, 'fixes: lost-data', 'no-failure', 'quux: pending writes must not be lost in truncate'));
	it('of which the mail says nothing', () => check('static int quux_truncate(struct file *file, loff_t size)', PAIR, 'no-failure', 'no-failure', 'quux: rework truncate'));
	it('where one of them is not its other half', () => check('static int quux_truncate(struct file *file, loff_t size)', PAIR.replace('quux_release_nowrite', 'quux_set_again'), 'no-failure', 'no-failure', 'quux: pending writes must not be lost in truncate'));
	it('where the one reads and the other one writes', () => check('static struct quux_cal *quux_cal(struct quux *q)', `
 	struct quux_cal *cal;
 
+	cal = smp_load_acquire(&q->cal);
+	if (cal)
+		return cal;
+
 	mutex_lock(&q->lock);
 	cal = q->cal;
 	if (!cal) {
 		cal = quux_read_cal(q);
 		if (!IS_ERR(cal))
-			q->cal = cal;
+			smp_store_release(&q->cal, cal);
 	}
 	mutex_unlock(&q->lock);
 	return cal;
 }
`, 'no-failure', 'no-failure', 'quux: do not serialise all readers'));
	it('on a condition, taken so that it is needed on no other', () => check('static int quux_truncate(struct file *file, loff_t size)', `
 	struct quux *q = file->private_data;
 	bool cached = q->cached;
 	int err;
 
+	if (cached)
+		quux_set_nowrite(q);
 	err = quux_do_truncate(q, size);
+	if (cached)
+		quux_release_nowrite(q);
 	return err;
 }
`, 'fixes: lost-data', 'no-failure', 'quux: pending writes must not be lost in truncate'));
	it('of which the first may fail', () => check('static int quux_read(struct quux *q, int entry)', `
 	struct quux_device *dev;
 	int err;
 
+	dev = quux_get_device(entry);
+	if (!dev)
+		return -ENODEV;
+
 	err = quux_do_read(q, entry);
+	quux_put_device(dev);
 	return err;
 }
`, 'fixes: check-then-act, use-after-free', 'no-failure', 'quux: fix race with removal'));
});

describe('a call that waits', () => {
	const WAIT = `
 	struct inode *inode = d_inode(dentry);
 	int err;
 
+	if (attr->ia_valid & ATTR_SIZE)
+		inode_dio_wait(inode);
 	err = quux_truncate_blocks(inode, attr->ia_size);
 	if (err)
 		return err;
`;
	it('for who is at work on what is changed then', () => check('static int quux_setattr(struct dentry *dentry, struct iattr *attr)', WAIT, 'fixes: lost-data', 'no-failure', 'quux: direct I/O must not be lost in truncate'));
	it('of which the mail says nothing', () => check('static int quux_setattr(struct dentry *dentry, struct iattr *attr)', WAIT, 'no-failure', 'no-failure', 'quux: rework setattr'));
});

describe('pages of a range', () => {
	it('are brought back before it is done with', () => check('static int quux_punch(struct inode *inode, loff_t start, loff_t end)', `
 	if (err)
 		return err;
 
+	down_write(&inode->i_mapping->invalidate_lock);
 	quux_truncate_pagecache_range(inode, start, end);
 	err = quux_remove_extents(inode, start, end);
+	up_write(&inode->i_mapping->invalidate_lock);
 	return err;
 }
`, 'fixes: check-then-act, data-race, lost-data, stale-mapping', 'no-failure', 'quux: fix race between hole punching and page faults'));
	it('under another lock that does the same', () => check('static int quux_punch(struct inode *inode, loff_t start, loff_t end)', `
 	if (err)
 		return err;
 
-	down_write(&QUUX_I(inode)->mmap_sem);
+	down_write(&inode->i_mapping->invalidate_lock);
 	quux_truncate_pagecache_range(inode, start, end);
 	err = quux_remove_extents(inode, start, end);
-	up_write(&QUUX_I(inode)->mmap_sem);
+	up_write(&inode->i_mapping->invalidate_lock);
 	return err;
 }
`, 'no-failure', 'no-failure', 'quux: the lock of hole punching and page faults'));
	it('under another lock that does the same around a call that is known', () => check('static vm_fault_t quux_filemap_fault(struct vm_fault *vmf)', `
 	struct inode *inode = file_inode(vmf->vma->vm_file);
 	vm_fault_t ret;
 
-	down_read(&QUUX_I(inode)->mmap_sem);
+	filemap_invalidate_lock_shared(inode->i_mapping);
 	ret = filemap_fault(vmf);
-	up_read(&QUUX_I(inode)->mmap_sem);
+	filemap_invalidate_unlock_shared(inode->i_mapping);
 
 	return ret;
 }
`, 'no-failure', 'no-failure', 'quux: the lock that keeps truncation from racing with page faults'));
	it('are brought in while they are taken away', () => check('static ssize_t quux_splice_read(struct file *in, loff_t *ppos, struct pipe_inode_info *pipe, size_t len)', `
 	struct quux *q = in->private_data;
 	ssize_t ret;
 
+	down_read(&q->map_sem);
 	ret = filemap_splice_read(in, ppos, pipe, len, 0);
+	up_read(&q->map_sem);
 	return ret;
 }
`, 'fixes: stale-mapping', 'no-failure', 'quux: fix stale data after hole punching'));
	it('by an operation that the patch makes', async () => {
		const hunk = `
 static void quux_close(struct vm_area_struct *vma)
 {
 }
 
+static int quux_fadvise(struct file *file, loff_t start, loff_t end, int advice)
+{
+	struct quux *q = file->private_data;
+	int ret;
+
+	down_read(&q->map_sem);
+	ret = generic_fadvise(file, start, end, advice);
+	up_read(&q->map_sem);
+	return ret;
+}
+
 static const struct file_operations quux_fops = {
 	.open = quux_open,
+	.fadvise = quux_fadvise,
 };
`;
		expect((await saidBothWays(analyzer, '', hunk, 'quux: fix stale data after hole punching'))[0]).toBe('fixes: stale-mapping');
	});
});

describe('a block that begins out of sight', () => {
	it('gives back what was taken on a condition: on the same one', () => check('static int quux_shrink(struct quux *q)', `
 	struct quux_map *map = q->map;
 
-	if (map) {
-		if (!mutex_trylock(&q->lock))
-			return -EBUSY;
-	}
+	if (map && !mutex_trylock(&q->lock))
+		return -EBUSY;
 
 	quux_isolate(q);
@@ -60,7 +58,7 @@ static int quux_shrink(struct quux *q)
 		quux_unmap(q, map);
 
 		mutex_unlock(&q->lock);
-		quux_note(q);
+		quux_note(q, 1);
 	}
 
 	return 0;
`, 'no-failure', 'no-failure', 'quux: simplify'));
});

describe('entries of page tables', () => {
	it('are not empty for a moment', () => check('static int quux_protect(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr, pmd_t *pmd)', `
 	spinlock_t *ptl;
 	pmd_t entry;
 
 	ptl = pmd_lock(mm, pmd);
-	entry = pmdp_huge_get_and_clear(mm, addr, pmd);
+	entry = pmdp_invalidate(vma, addr, pmd);
 	entry = pmd_wrprotect(entry);
 	set_pmd_at(mm, addr, pmd, entry);
 	spin_unlock(ptl);
`, 'fixes: stale-mapping', 'no-failure', 'quux: fix race with a walk that does not take the lock'));
	it('are flushed before the lock is free', () => check('static void quux_move(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr)', `
 	unsigned long end = addr + PAGE_SIZE;
 
 	spin_lock(&mm->page_table_lock);
 	quux_move_entries(mm, addr);
+	flush_tlb_range(vma, addr, end);
 	spin_unlock(&mm->page_table_lock);
-	flush_tlb_range(vma, addr, end);
 }
`, 'fixes: check-then-act, data-race, stale-mapping', 'no-failure', 'quux: fix race with page cleaning'));
});

describe('a lock that is taken for one alone', () => {
	const ALONE = `
 	struct quux *q = file->private_data;
 
-	down_read(&q->sem);
+	down_write(&q->sem);
 	q->mapped = quux_map(q, addr);
-	up_read(&q->sem);
+	up_write(&q->sem);
 	return 0;
 }
`;
	it('keeps out a second run', () => check('static int quux_add(struct file *file, unsigned long addr)', ALONE, 'fixes: data-race, lost-data', 'no-failure', 'quux: fix race between two additions'));
	it('of which the mail says nothing', () => check('static int quux_add(struct file *file, unsigned long addr)', ALONE, 'no-failure', 'no-failure', 'quux: use down_write()'));
});

describe('a page that is asked for before its lock is taken', () => {
	const EARLY = `
 	struct inode *inode = file_inode(vmf->vma->vm_file);
 	int err;
 
+	if (folio->mapping != inode->i_mapping) {
+		sb_end_pagefault(inode->i_sb);
+		return VM_FAULT_NOPAGE;
+	}
+
 	folio_lock(folio);
 	err = quux_prepare(inode, folio);
 	if (err) {
`;
	it('may be truncated until then', () => check('static vm_fault_t quux_page_mkwrite(struct vm_fault *vmf)', EARLY, 'still-fails: stale-mapping', 'no-failure', 'quux: fix race of page_mkwrite with truncation'));
	it('of which the mail says nothing', () => check('static vm_fault_t quux_page_mkwrite(struct vm_fault *vmf)', EARLY, 'no-failure', 'no-failure', 'quux: look at the mapping first'));
});

describe('an answer that is asked for under the lock', () => {
	const RETRY = `
 		goto out_put;
 	}
 
-	if (mmu_interval_read_retry(&q->notifier, range.notifier_seq))
-		return -EAGAIN;
-
 	mutex_lock(&q->lock);
+	if (mmu_interval_read_retry(&q->notifier, range.notifier_seq)) {
+		mutex_unlock(&q->lock);
+		return -EAGAIN;
+	}
 	quux_fill(q->ctx, addr, range.hmm_pfns, npages);
 	mutex_unlock(&q->lock);
`;
	it('is still good when it is gone by', () => check('int quux_fault(struct quux *q, unsigned long addr, unsigned long npages)', RETRY, 'fixes: check-then-act, data-race, lost-data, stale-mapping', 'no-failure', 'quux: fix race with invalidation'));
});
