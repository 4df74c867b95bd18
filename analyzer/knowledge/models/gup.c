/*
 * Pinning user pages: mm/gup.c, include/linux/mm.h, mm/memremap.c.
 *
 * The fast path runs without locks: it reads an entry of a page table, takes a reference on the page, and must look again whether the
 * entry still says so. A page of a device (ZONE_DEVICE) is idle at a count of 1; it is the file's block itself, so that a pin that is taken
 * after truncation has found it idle reaches what then belongs to another file.
 */

/* The entries of each level map the page; a function that gets an entry by value was called after it was read. */
INITIAL void a_huge_entry_maps_the_page(pmd_t *pmd, struct page *page)
{
	*pmd = page;
	page->__reused = 0;
}

INITIAL void a_giant_entry_maps_the_page(pud_t *pud, struct page *page)
{
	*pud = page;
	page->__reused = 0;
}

/* At rest nobody holds a page whose block was given away. */
QUIESCENCE void a_pinned_page_is_not_reused(struct page *page)
{
	CHECK("pinned-after-free", !page->__reused || page->_refcount <= 1,
		"the page stays pinned, but truncation found it idle and has freed it");
}

/* The block behind the page is freed, when the page is idle. */
ATOMIC void __free_when_idle(struct page *page)
{
	if (page->_refcount > 1)
		return;
	page->__reused = 1;
}

/* Truncation of a file on persistent memory: unmaps, waits until the page is idle (fs/dax.c, dax_layout_busy_page()), frees its block. */
ENVIRONMENT(huge_entry_truncation) void huge_entry_truncation(pmd_t *pmd, struct page *page)
{
	*pmd = 0;
	ASSUME("truncation waits until the page is idle, and looks for pins only after it has cleared the page table entry");
	__free_when_idle(page);
}

/* The same for an entry of the level above. */
ENVIRONMENT(giant_entry_truncation) void giant_entry_truncation(pud_t *pud, struct page *page)
{
	*pud = 0;
	ASSUME("truncation waits until the page is idle, and looks for pins only after it has cleared the page table entry");
	__free_when_idle(page);
}

/* arch/: entries by value. */
unsigned long pmd_val(pmd_t pmd)
{
	return pmd;
}

/* arch/ */
unsigned long pud_val(pud_t pud)
{
	return pud;
}

/* arch/: a page's frame number is the page. */
struct page *pmd_pfn(pmd_t pmd)
{
	return pmd;
}

/* arch/ */
struct page *pud_pfn(pud_t pud)
{
	return pud;
}

/* arch/ */
int pmd_none(pmd_t pmd)
{
	return !pmd;
}

/* arch/ */
int pmd_devmap(pmd_t pmd)
{
	return pmd != 0;
}

/* arch/ */
int pud_devmap(pud_t pud)
{
	return pud != 0;
}

/* mm/gup.c, until 6.15: a reference on each device page behind the entry. */
int __gup_device_huge(unsigned long pfn, unsigned long addr, unsigned long end, struct page **pages, int *nr)
{
	struct page *page = pfn_to_page(pfn);

	get_page(page);
	*pages = page;
	return 1;
}

/* mm/gup.c, until 5.10: drops the references taken since nr_start. */
void undo_dev_pagemap(int *nr, int nr_start, struct page **pages)
{
	struct page *page = *pages;

	put_page(page);
}

/* mm/gup.c, since 5.10 */
void gup_fast_undo_dev_pagemap(int *nr, int nr_start, unsigned int flags, struct page **pages)
{
	struct page *page = *pages;

	put_page(page);
}

/* mm/gup.c: 0 when the page is being freed. */
struct page *try_get_compound_head(struct page *page, int refs)
{
	if (!get_page_unless_zero(page))
		return 0;
	return page;
}

/* mm/gup.c */
struct page *try_grab_folio(struct page *page, int refs, unsigned int flags)
{
	if (!get_page_unless_zero(page))
		return 0;
	return page;
}

/* mm/gup.c, since 5.18 */
struct page *try_grab_folio_fast(struct page *page, int refs, unsigned int flags)
{
	if (!get_page_unless_zero(page))
		return 0;
	return page;
}

/* mm/gup.c */
void gup_put_folio(struct page *folio, int refs, unsigned int flags)
{
	put_page(folio);
}

/* What the entry maps now, with a reference: one step, as the fast path's second look makes it. */
ATOMIC struct page *__pin_mapped(struct mm_struct *mm)
{
	struct page *page = mm->__pte;

	INSTANCE(__walked)->table = 1;
	if (page)
		get_page(page);
	return page;
}

/* mm/gup.c: how many pages were pinned, here one or none. */
long __pin_user_page(struct page **pages)
{
	struct mm_struct *mm = current->mm;
	struct page *page = __pin_mapped(mm);

	if (!page)
		return -14;
	*pages = page;
	return 1;
}

/* mm/gup.c: under mmap_lock. */
long get_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages)
{
	return __pin_user_page(pages);
}

/* mm/gup.c */
int get_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags, struct page **pages)
{
	return __pin_user_page(pages);
}

/* mm/gup.c */
long pin_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages)
{
	return __pin_user_page(pages);
}

/* mm/gup.c */
int pin_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags, struct page **pages)
{
	return __pin_user_page(pages);
}

/* mm/gup.c */
void unpin_user_page(struct page *page)
{
	put_page(page);
}

/* mm/gup.c */
void unpin_user_pages(struct page **pages, unsigned long npages)
{
	put_page(*pages);
}

/* mm/gup.c */
void unpin_user_pages_dirty_lock(struct page **pages, unsigned long npages, bool make_dirty)
{
	struct page *page = *pages;

	lock_page(page);
	SetPageDirty(page);
	unlock_page(page);
	put_page(page);
}

/* mm/swap.c, include/linux/mm.h */
void release_pages(struct page **pages, int nr)
{
	put_page(*pages);
}
