import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfFile } from './hunk-mail';

/** Entries of page tables, and what else is read without a lock: a hunk, and what is said of it; then of its reverse. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(head: string, hunk: string, forward: string, backward: string): Promise<void> {
	expect(await saidBothWays(analyzer, head, hunk)).toEqual([forward, backward]);
}

describe('a reference on what an entry maps', () => {
	const PEEK = 'static struct folio *quux_peek(pmd_t *pmd, unsigned long addr)';
	it('the entry is looked at once more', () => check(PEEK, `
 	folio = pfn_folio(pte_pfn(pte));
 	if (!folio_try_get(folio))
 		return NULL;
+	if (!pte_same(pte, ptep_get_lockless(ptep))) {
+		folio_put(folio);
+		return NULL;
+	}
 	quux_count(folio);
 	return folio;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('taken where nobody shows it', () => check(PEEK, `
 		pte_unmap(ptep);
 		return NULL;
 	}
+	if (!pte_same(pte, ptep_get_lockless(ptep))) {
+		folio_put(folio);
+		folio = NULL;
+	}
 	pte_unmap(ptep);
 	return folio;
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('looked at once more in other words', () => check(PEEK, `
 	folio = pfn_folio(pte_pfn(pte));
 	if (!folio_try_get(folio))
 		return NULL;
-	if (!pte_same(pte, ptep_get_lockless(ptep))) {
+	if (pte_val(pte) != pte_val(ptep_get_lockless(ptep))) {
 		folio_put(folio);
 		return NULL;
 	}
 	quux_count(folio);
 	return folio;
 }
`, 'no-failure', 'no-failure'));
});

describe('an entry that is tested before the lock is taken', () => {
	const WALK = 'static int quux_pmd_entry(pmd_t *pmd, unsigned long addr, struct mm_walk *walk)';
	it('and under it', () => check(WALK, `
 	if (pmd_trans_huge(*pmd)) {
 		ptl = pmd_lock(walk->mm, pmd);
+		if (!pmd_trans_huge(*pmd)) {
+			spin_unlock(ptl);
+			return 0;
+		}
 		quux_count(pmd_folio(*pmd));
 		spin_unlock(ptl);
 		return 0;
`, 'fixes: check-then-act, data-race', 'introduces: check-then-act, data-race'));
	it('something else is tested under it', () => check(WALK, `
 	if (pmd_trans_huge(*pmd)) {
 		ptl = pmd_lock(walk->mm, pmd);
+		if (!pmd_present(*pmd)) {
+			spin_unlock(ptl);
+			return 0;
+		}
 		quux_count(pmd_folio(*pmd));
 		spin_unlock(ptl);
 		return 0;
`, 'no-failure', 'no-failure'));
});

describe('a count that is gone by', () => {
	const MOVE = 'static int quux_move(struct address_space *mapping, struct folio *src, struct folio *dst)';
	it('frozen', () => check(MOVE, `
 		xas_unlock_irq(&xas);
 		return -EAGAIN;
 	}
-	if (folio_ref_count(src) != 2) {
+	if (!folio_ref_freeze(src, 2)) {
 		xas_unlock_irq(&xas);
 		return -EAGAIN;
 	}
 	quux_replace(&xas, dst);
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('frozen at what is computed now', () => check(MOVE, `
-	if (!folio_ref_freeze(src, 2)) {
+	if (!folio_ref_freeze(src, folio_nr_pages(src) + 1)) {
 		xas_unlock_irq(&xas);
 		return -EAGAIN;
 	}
 	quux_replace(&xas, dst);
`, 'no-failure', 'no-failure'));
});

describe('translations that are cached', () => {
	const ZAP = 'static void quux_zap(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)';
	it('flushed before the page is given away', () => check(ZAP, `
 	old = ptep_get_and_clear(mm, addr, pte);
 	pte_unmap_unlock(pte, ptl);
-	folio_put(folio);
 	flush_tlb_page(vma, addr);
+	folio_put(folio);
 }
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('flushed where the entry is cleared', () => check(ZAP, `
-	old = ptep_get_and_clear(mm, addr, pte);
-	flush_tlb_page(vma, addr);
+	old = ptep_clear_flush(vma, addr, pte);
 	pte_unmap_unlock(pte, ptl);
 	folio_put(folio);
 }
`, 'no-failure', 'no-failure'));
});

describe('what was looked up before the lock was taken', () => {
	const COLLAPSE = 'static int quux_collapse(struct mm_struct *mm, unsigned long addr)';
	it('is looked up once more', () => check(COLLAPSE, `
 		return -ENOMEM;
 
 	mmap_write_lock(mm);
+	vma = vma_lookup(mm, addr);
+	if (!vma) {
+		mmap_write_unlock(mm);
+		return -EAGAIN;
+	}
 	pmd = quux_find_pmd(mm, addr);
 	quux_flush(pmd);
`, 'fixes: use-after-free', 'introduces: use-after-free'));
	it('is looked up for the first time', () => check(COLLAPSE, `
 {
+	struct vm_area_struct *vma;
 	pmd_t *pmd;
 
 	mmap_write_lock(mm);
+	vma = vma_lookup(mm, addr);
+	if (!vma) {
+		mmap_write_unlock(mm);
+		return -EAGAIN;
+	}
 	pmd = quux_find_pmd(mm, addr);
 	quux_flush(pmd);
`, 'no-failure', 'no-failure'));
});

describe('an entry that is read', () => {
	const SAMPLE = (lock: string): string => `
static struct page *quux_sample(struct vm_area_struct *vma, pmd_t *pmd, unsigned long addr)
{
	struct page *page = NULL;
	spinlock_t *ptl;
	pte_t *ptep, pte;

${lock}
	return page;
}
`;
	const READ = `	pte = ptep_get(ptep);
	if (pte_present(pte))
		page = vm_normal_page(vma, addr, pte);
	if (page)
		get_page(page);`;
	it('under the page table\'s lock now', async () => expect(await saidOfFile(analyzer, 'quux', 'rework', SAMPLE(`-	ptep = pte_offset_map(pmd, addr);
+	ptep = pte_offset_map_lock(vma->vm_mm, pmd, addr, &ptl);
${READ}
-	pte_unmap(ptep);
+	pte_unmap_unlock(ptep, ptl);`), true)).toBe('fixes: use-after-free'));
	it('under it as before', async () => expect(await saidOfFile(analyzer, 'quux', 'rework', SAMPLE(`	ptep = pte_offset_map_lock(vma->vm_mm, pmd, addr, &ptl);
${READ}
-	pte_unmap_unlock(ptep, ptl);
+	pte_unmap(ptep);
+	spin_unlock(ptl);`), true)).toBe('no-failure'));
});

describe('an entry that is read and nobody shows all of it', () => {
	it('under the lock now', () => check('static int quux_pte_range(pmd_t *pmd, unsigned long addr, struct mm_walk *walk)', `
 	for (; addr < end; addr += PAGE_SIZE) {
-		pte = pte_offset_map(pmd, addr);
+		pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
 		quux_entry(&entry, addr, *pte);
-		pte_unmap(pte);
+		pte_unmap_unlock(pte, ptl);
 		quux_add(&entry);
 	}
`, 'fixes: stale-mapping', 'introduces: lost-data, stale-mapping'));
	it('under a lock that another call takes now', () => check('static int quux_pmd_entry(pmd_t *pmd, unsigned long addr, struct mm_walk *walk)', `
-	ptl = pmd_lock(walk->mm, pmd);
-	if (pmd_trans_huge(*pmd)) {
+	ptl = pmd_trans_huge_lock(pmd, walk->vma);
+	if (ptl) {
 		quux_count(*pmd);
 		spin_unlock(ptl);
 		return 0;
 	}
`, 'no-failure', 'no-failure'));
});

describe('a range of pages', () => {
	const PUNCH = 'static long quux_punch_hole(struct inode *inode, loff_t offset, loff_t len)';
	it('that faults are kept out of', () => check(PUNCH, `
 	if (first >= last)
 		goto out;
 
+	filemap_invalidate_lock(mapping);
 	unmap_mapping_range(mapping, first, last - first, 1);
 	quux_free_blocks(inode, first, last - 1);
+	filemap_invalidate_unlock(mapping);
 
 	mark_inode_dirty(inode);
`, 'fixes: stale-mapping', 'introduces: lost-data, stale-mapping'));
	it('that they are kept out of as before', () => check(PUNCH, `
 	if (first >= last)
 		goto out;
 
-	filemap_invalidate_lock(inode->i_mapping);
-	unmap_mapping_range(inode->i_mapping, first, last - first, 1);
+	filemap_invalidate_lock(mapping);
+	unmap_mapping_range(mapping, first, last - first, 1);
 	quux_free_blocks(inode, first, last - 1);
-	filemap_invalidate_unlock(inode->i_mapping);
+	filemap_invalidate_unlock(mapping);
 
 	mark_inode_dirty(inode);
`, 'no-failure', 'no-failure'));
});

describe('what others may have put somewhere', () => {
	it('is looked for once more under the lock', () => check('struct quux *quux_open(u32 id)', `
 	}
 
 	mutex_lock(&quux_lock);
+	old = quux_lookup(id);
+	if (old) {
+		mutex_unlock(&quux_lock);
+		return old;
+	}
 	quux_insert(id, q);
 	mutex_unlock(&quux_lock);
`, 'fixes: check-then-act', 'introduces: check-then-act'));
});
