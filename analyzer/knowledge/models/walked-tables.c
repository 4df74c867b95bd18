/*
 * Page tables that are walked: include/linux/pgtable.h, mm/pgtable-generic.c, mm/page_vma_mapped.c, mm/huge_memory.c, include/linux/swapops.h.
 *
 * Code that asks what an entry maps, or takes that away, meets an entry that maps something: an anonymous page, unless the page is in a file's cache, with
 * a reference that is the page table's.
 */

/* Stands for a page table that is walked; the world has one where something below is called. */
struct __walked {
	int table;
};

INITIAL void a_walked_entry_maps_the_page(struct __walked *walked, struct mm_struct *mm, struct page *page)
{
	page->_refcount = 2;
	if (!page->__block && !KEPT(page)) {
		page->_refcount = 1;
		page->__owned = 0;
		page->__anon = 1;
	}
	mm->__pte = page;
	page->__mapped = 1;
}

/* The entry, as it is now. */
ATOMIC struct page *__entry(void)
{
	INSTANCE(__walked)->table = 1;
	return INSTANCE(mm_struct)->__pte;
}

/* The entry, which is empty from now on. */
ATOMIC struct page *__entry_and_clear(void)
{
	struct page *page = INSTANCE(mm_struct)->__pte;

	INSTANCE(__walked)->table = 1;
	INSTANCE(mm_struct)->__pte = 0;
	return page;
}

/* include/linux/pgtable.h, mm/pgtable-generic.c */
pte_t *pte_offset_map(pmd_t *pmd, unsigned long addr)
{
	return &INSTANCE(mm_struct)->__pte;
}

/* mm/pgtable-generic.c, 6.5 */
pte_t *pte_offset_map_nolock(struct mm_struct *mm, pmd_t *pmd, unsigned long addr, spinlock_t **ptlp)
{
	*ptlp = &mm->page_table_lock;
	return &mm->__pte;
}

/* mm/pgtable-generic.c, 6.13 */
pte_t *pte_offset_map_ro_nolock(struct mm_struct *mm, pmd_t *pmd, unsigned long addr, spinlock_t **ptlp)
{
	*ptlp = &mm->page_table_lock;
	return &mm->__pte;
}

/* mm/pgtable-generic.c, 6.13 */
pte_t *pte_offset_map_rw_nolock(struct mm_struct *mm, pmd_t *pmd, unsigned long addr, pmd_t *pmdvalp, spinlock_t **ptlp)
{
	*ptlp = &mm->page_table_lock;
	return &mm->__pte;
}

/* include/linux/pgtable.h */
struct page *ptep_get(pte_t *ptep)
{
	return INSTANCE(mm_struct)->__pte;
}

/* include/linux/pgtable.h */
struct page *ptep_get_lockless(pte_t *ptep)
{
	return __entry();
}

/* include/linux/pgtable.h */
struct page *ptep_get_and_clear(struct mm_struct *mm, unsigned long addr, pte_t *ptep)
{
	return __entry_and_clear();
}

/* include/linux/pgtable.h */
struct page *ptep_get_and_clear_full(struct mm_struct *mm, unsigned long addr, pte_t *ptep, int full)
{
	return __entry_and_clear();
}

/* mm/pgtable-generic.c */
struct page *ptep_clear_flush(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	return __entry_and_clear();
}

/* include/linux/mmu_notifier.h, until 6.7 */
struct page *ptep_clear_flush_notify(struct vm_area_struct *vma, unsigned long addr, pte_t *ptep)
{
	return __entry_and_clear();
}

/* arch/ */
struct page *pte_pfn(struct page *entry)
{
	return entry;
}

/* include/linux/mm.h, 5.17 */
struct page *pfn_folio(unsigned long pfn)
{
	INSTANCE(__walked)->table = 1;
	return pfn;
}

/* mm/memory.c */
struct page *vm_normal_page(struct vm_area_struct *vma, unsigned long address, struct page *entry)
{
	INSTANCE(__walked)->table = 1;
	return entry;
}

/* mm/memory.c, 6.0 */
struct page *vm_normal_folio(struct vm_area_struct *vma, unsigned long addr, struct page *entry)
{
	INSTANCE(__walked)->table = 1;
	return entry;
}

/* mm/page_vma_mapped.c: the next entry that maps the page, with the page table locked; false, and unlocked, where there is none left. */
bool page_vma_mapped_walk(struct page_vma_mapped_walk *pvmw)
{
	struct mm_struct *mm = INSTANCE(mm_struct);

	if (pvmw->ptl) {
		spin_unlock(&mm->page_table_lock);
		pvmw->ptl = 0;
		return 0;
	}
	spin_lock(&mm->page_table_lock);
	if (!__entry()) {
		spin_unlock(&mm->page_table_lock);
		return 0;
	}
	pvmw->ptl = &mm->page_table_lock;
	pvmw->pte = &mm->__pte;
	return 1;
}

/* include/linux/rmap.h */
void page_vma_mapped_walk_done(struct page_vma_mapped_walk *pvmw)
{
	if (pvmw->ptl) {
		spin_unlock(&INSTANCE(mm_struct)->page_table_lock);
		pvmw->ptl = 0;
	}
}

/* include/linux/huge_mm.h: the page table's lock where the entry is a huge one, else NULL without it. */
spinlock_t *pmd_trans_huge_lock(pmd_t *pmd, struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;

	spin_lock(&mm->__pmd_lock);
	if (CHOOSE(1, 0))
		return &mm->__pmd_lock;
	spin_unlock(&mm->__pmd_lock);
	return 0;
}

/* include/linux/huge_mm.h */
spinlock_t *pud_trans_huge_lock(pud_t *pud, struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	if (CHOOSE(1, 0))
		return &mm->page_table_lock;
	spin_unlock(&mm->page_table_lock);
	return 0;
}
