/*
 * Page faults and page tables: mm/memory.c, mm/filemap.c, mm/rmap.c, include/linux/mm.h, pgtable.h.
 *
 * There is one page table, of the mm of the one vma, with one entry, which mm->page_table_lock protects. An entry holds the page
 * that it maps; the reference that the page table has on the page came from ->fault.
 */

/* include/linux/mm.h, until 2.6.26: what ->nopage returns instead of a page. */
enum nopage_result {
	NOPAGE_SIGBUS = 0,
	NOPAGE_OOM = -1,
	NOPAGE_REFAULT = -2,
};

/* mm/mmap.c: how a shared mapping of a regular file comes to be: VM_READ | VM_WRITE | VM_SHARED | VM_MAYSHARE and, where the kernel has it
 * (2.6.22), VM_CAN_INVALIDATE. */
INITIAL void a_file_is_mapped_shared(struct vm_area_struct *vma)
{
	vma->vm_flags = 0x0800008b;
}

/* At rest no page table maps a page that its cache has given up, or that only page tables still refer to. */
QUIESCENCE void a_mapped_page_has_an_owner(struct mm_struct *mm)
{
	struct page *page = mm->__pte;

	if (page && !page->__anon) {
		CHECK("stale-mapping", !page->__left, "a page table still maps the page, which has left the page cache");
		CHECK("stale-mapping", !mm->__taken_down || !page->__owned || page->_refcount > page->__mapped,
			"a page table still maps the page, which its owner has given up");
	}
}

/* At rest no page table maps the frame of a page that was freed: such an entry has no reference. */
QUIESCENCE void a_mapped_frame_is_not_free(struct mm_struct *mm, struct page *page)
{
	if (mm->__pfn == page)
		CHECK("stale-mapping", page->_refcount > 0, "a page table still maps the page's frame, and the page was freed");
}

/* At rest no page table maps memory that was freed: an entry without a struct page has no reference on what it maps. */
QUIESCENCE void mapped_memory_is_not_free(struct mm_struct *mm)
{
	CHECK("stale-mapping", LIVE(mm->__pfn), "a page table still maps memory that was freed");
}

/* At rest, once mappings were taken down, no page table maps what a fault would now be refused: by the handler as it is on either side of a patch. */
QUIESCENCE void what_is_mapped_could_be_mapped_now(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	struct page *page = mm->__pte;
	unsigned long pfn = mm->__pfn;
	struct vm_fault vmf;
	vm_fault_t ret, again, turned, back;

	if (!mm->__taken_down || !(mm->__pte || mm->__pfn))
		return;
	vmf.vma = vma;
	vmf.pgoff = 0;
	vmf.page = 0;
	mm->__pte = 0;
	mm->__pfn = 0;
	ret = vma->vm_ops->fault(vma, &vmf);
	mm->__pte = 0;
	mm->__pfn = 0;
	/* What nobody knows may be otherwise. */
	again = vma->vm_ops->fault(vma, &vmf);
	mm->__pte = 0;
	mm->__pfn = 0;
	turned = vma->vm_ops->fault(vma, &vmf);
	mm->__pte = 0;
	mm->__pfn = 0;
	back = vma->vm_ops->fault(vma, &vmf);
	mm->__pte = page;
	mm->__pfn = pfn;
	CHECK("stale-mapping", !(ret & VM_FAULT_SIGBUS) || !(again & VM_FAULT_SIGBUS) || !(turned & VM_FAULT_SIGBUS) || !(back & VM_FAULT_SIGBUS),
		"a page table still maps what a fault is refused now: it was mapped too late to be taken down");
}

/* Sets the entry, unless another fault was faster; releases the page table. The entry takes over the reference. */
ATOMIC int __install_pte(struct mm_struct *mm, struct page *page)
{
	int taken = !mm->__pte;

	if (taken) {
		mm->__pte = page;
		page->__mapped = page->__mapped + 1;
	}
	spin_unlock(&mm->page_table_lock);
	return taken;
}

/* mm/memory.c: finish_fault(): 0 when the entry is set. The page is locked by the caller. */
vm_fault_t finish_fault(struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	if (__install_pte(mm, vmf->page))
		return 0;
	return VM_FAULT_NOPAGE;
}

/* include/linux/mm.h, 4.19 */
vm_fault_t vmf_error(int err)
{
	if (err == -12)
		return VM_FAULT_OOM;
	return VM_FAULT_SIGBUS;
}

/* include/linux/mm.h, 6.6: 0 for the errors of ->page_mkwrite that are none. */
vm_fault_t vmf_fs_error(int err)
{
	if (err == 0)
		return VM_FAULT_LOCKED;
	if (err == -14 || err == -11)
		return VM_FAULT_NOPAGE;
	return vmf_error(err);
}

/* What the memory manager does around ->fault: mm/memory.c, __do_fault(), do_shared_fault(), finish_fault(). */
CALLER void page_fault(struct vm_area_struct *vma)
{
	struct vm_fault vmf;
	vm_fault_t ret;

	vmf.vma = vma;
	vmf.pgoff = 0;
	vmf.page = 0;
	ret = vma->vm_ops->fault(vma, &vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY))
		return;
	/* Where the end of the function is not shown, the page that it has locked stays so. */
	if (!(ret & VM_FAULT_LOCKED) && !lockdep_is_held(&vmf.page->__locked))
		lock_page(vmf.page);
	if (finish_fault(&vmf)) {
		unlock_page(vmf.page);
		put_page(vmf.page);
		return;
	}
	unlock_page(vmf.page);
}

/* What the memory manager does around ->page_mkwrite: mm/memory.c, do_page_mkwrite() and do_shared_fault(): the page was faulted in
 * and unlocked before. */
CALLER void page_mkwrite_fault(struct vm_area_struct *vma)
{
	struct vm_fault vmf;
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct page *page = __cache_get(mapping);
	vm_fault_t ret;

	if (!page)
		return;
	vmf.vma = vma;
	vmf.pgoff = 0;
	vmf.flags = FAULT_FLAG_WRITE;
	vmf.page = page;
	ret = vma->vm_ops->page_mkwrite(vma, &vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) {
		put_page(page);
		return;
	}
	/* Where the end of the function is not shown, the page that it has locked stays so. */
	if (!(ret & VM_FAULT_LOCKED) && !lockdep_is_held(&page->__locked)) {
		lock_page(page);
		if (!page->mapping) {
			unlock_page(page);
			put_page(page);
			return;
		}
	}
	if (finish_fault(&vmf)) {
		unlock_page(page);
		put_page(page);
		return;
	}
	SetPageDirty(page);
	unlock_page(page);
}

/* What the memory manager does around ->nopage, 2.6: mm/memory.c, do_no_page(). */
CALLER void page_nopage(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	struct page *page;
	int type = 0;

	page = vma->vm_ops->nopage(vma, 0, &type);
	if (page <= 0)
		return;
	spin_lock(&mm->page_table_lock);
	if (!__install_pte(mm, page))
		put_page(page);
}

/* What the memory manager does around ->pfn_mkwrite and ->huge_fault: these set the entry themselves. */
CALLER void pfn_fault(struct vm_area_struct *vma)
{
	struct vm_fault vmf;

	vmf.vma = vma;
	vmf.pgoff = 0;
	vmf.page = 0;
	vma->vm_ops->huge_fault(&vmf, 0);
}

/* mm/filemap.c: brings the page in. Locked, with a reference; NULL when it was removed again. The invalidate lock is held since 5.15. */
struct page *__fault_in(struct address_space *mapping)
{
	struct page *page;

	down_read(&mapping->invalidate_lock);
	page = __cache_find_or_create(mapping);
	if (page)
		__read_page(page, mapping->host);
	up_read(&mapping->invalidate_lock);
	return page;
}

/* mm/filemap.c: the page comes back locked and referenced. */
vm_fault_t filemap_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct inode *inode = mapping->host;
	struct page *page;

	if (!inode->i_size)
		return VM_FAULT_SIGBUS;
	page = find_lock_page(mapping, 0);
	if (!page)
		page = __fault_in(mapping);
	if (!page)
		return VM_FAULT_RETRY;
	if (!inode->i_size) {
		unlock_page(page);
		put_page(page);
		return VM_FAULT_SIGBUS;
	}
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

/* mm/filemap.c, since 3.15: maps what is cached and not locked by others. */
vm_fault_t filemap_map_pages(struct vm_fault *vmf, pgoff_t start_pgoff, pgoff_t end_pgoff)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct mm_struct *mm = vmf->vma->vm_mm;
	struct page *page = __cache_get(mapping);

	if (!page)
		return 0;
	if (!trylock_page(page)) {
		put_page(page);
		return 0;
	}
	if (page->mapping != mapping || !mapping->host->i_size) {
		unlock_page(page);
		put_page(page);
		return 0;
	}
	spin_lock(&mm->page_table_lock);
	if (!__install_pte(mm, page))
		put_page(page);
	unlock_page(page);
	return VM_FAULT_NOPAGE;
}

/* mm/filemap.c: mkwrite without blocks to allocate. */
vm_fault_t filemap_page_mkwrite(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct page *page = vmf->page;

	lock_page(page);
	if (page->mapping != mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	SetPageDirty(page);
	return VM_FAULT_LOCKED;
}

/* mm/filemap.c, until 2.6.22: what a regular file's mapping has where nothing else is known of it. Later ->fault is not told here: most file systems
 * have one of their own, which takes a lock of their own. */
const struct vm_operations_struct generic_file_vm_ops = {
	.nopage = filemap_nopage,
};

/* include/linux/mm.h, arch/: the page table of the one entry, locked. */
pte_t *pte_offset_map_lock(struct mm_struct *mm, pmd_t *pmd, unsigned long address, spinlock_t **ptlp)
{
	spin_lock(&mm->page_table_lock);
	*ptlp = &mm->page_table_lock;
	return &mm->__pte;
}

/* include/linux/mm.h */
void pte_unmap_unlock(pte_t *pte, spinlock_t *ptl)
{
	spin_unlock(ptl);
}

/* include/linux/mm.h */
void pte_unmap(pte_t *pte)
{
}

/* arch/: page table entries are pages. */
ATOMIC void set_pte_at(struct mm_struct *mm, unsigned long address, pte_t *ptep, struct page *entry)
{
	mm->__pte = entry;
}

/* arch/ */
ATOMIC void pte_clear(struct mm_struct *mm, unsigned long address, pte_t *ptep)
{
	mm->__pte = 0;
}

/* arch/ */
int pte_none(struct page *entry)
{
	return !entry;
}

/* arch/ */
unsigned long pte_val(struct page *entry)
{
	return entry;
}

/* arch/ */
int pte_same(struct page *one, struct page *other)
{
	return one == other;
}

/* arch/ */
int pte_present(struct page *entry)
{
	return entry != 0;
}

/* arch/ */
struct page *mk_pte(struct page *page, pgprot_t prot)
{
	return page;
}

/* arch/ */
struct page *pte_page(struct page *entry)
{
	return entry;
}

/* arch/ */
struct page *pte_mkdirty(struct page *entry)
{
	return entry;
}

/* mm/memory.c */
struct page *maybe_mkwrite(struct page *entry, struct vm_area_struct *vma)
{
	return entry;
}

/* mm/rmap.c */
ATOMIC void page_add_file_rmap(struct page *page)
{
	page->__mapped = page->__mapped + 1;
}

/* mm/rmap.c, 5.16 */
ATOMIC void folio_add_file_rmap_pte(struct page *folio, struct page *page, struct vm_area_struct *vma)
{
	page->__mapped = page->__mapped + 1;
}

/* mm/rmap.c: an anonymous page has no owner but its page tables. */
ATOMIC void page_add_new_anon_rmap(struct page *page, struct vm_area_struct *vma, unsigned long address)
{
	page->__anon = 1;
	page->__mapped = page->__mapped + 1;
}

/* mm/rmap.c, 6.8 */
ATOMIC void folio_add_new_anon_rmap(struct page *folio, struct vm_area_struct *vma, unsigned long address)
{
	folio->__anon = 1;
	folio->__mapped = folio->__mapped + 1;
}

/* mm/rmap.c */
ATOMIC void page_remove_rmap(struct page *page)
{
	page->__mapped = page->__mapped - 1;
}

/* mm/rmap.c, 6.8 */
ATOMIC void folio_remove_rmap_pte(struct page *folio, struct page *page, struct vm_area_struct *vma)
{
	page->__mapped = page->__mapped - 1;
}

/* include/linux/mm.h */
ATOMIC int page_mapped(struct page *page)
{
	return page->__mapped;
}

/* include/linux/mm.h, 5.16 */
ATOMIC int folio_mapped(struct page *folio)
{
	return folio->__mapped;
}

/* include/linux/mm.h */
ATOMIC int page_mapcount(struct page *page)
{
	return page->__mapped;
}

/* mm/vmalloc.c: a page of the vmalloc area, which is none of those that code keeps elsewhere; there is none of an area that was freed. */
struct page *vmalloc_to_page(const void *addr)
{
	CHECK("use-after-free", LIVE(addr), "the page is looked up of memory that was freed");
	return &INSTANCE(__vmalloc_area)->page;
}

/* mm/memory.c: the page table takes a reference of its own. -EBUSY when an entry is there. */
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	struct mm_struct *mm = vma->vm_mm;

	get_page(page);
	spin_lock(&mm->page_table_lock);
	if (__install_pte(mm, page))
		return 0;
	put_page(page);
	return -16;
}

/* mm/memory.c, 4.20 */
vm_fault_t vmf_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	if (vm_insert_page(vma, addr, page))
		return VM_FAULT_SIGBUS;
	return VM_FAULT_NOPAGE;
}

/* Maps memory that has no struct page. */
ATOMIC int __install_pfn(struct mm_struct *mm, unsigned long what)
{
	int taken = !mm->__pfn;

	if (taken)
		mm->__pfn = what ? what : 3;
	spin_unlock(&mm->page_table_lock);
	return taken;
}

/* mm/memory.c */
int vm_insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)
{
	struct mm_struct *mm = vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	if (__install_pfn(mm, pfn))
		return 0;
	return -16;
}

/* mm/memory.c, 4.17 */
vm_fault_t vmf_insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)
{
	vm_insert_pfn(vma, addr, pfn);
	return VM_FAULT_NOPAGE;
}

/* mm/memory.c, 4.20 */
vm_fault_t vmf_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, pgprot_t prot)
{
	return vmf_insert_pfn(vma, addr, pfn);
}

/* mm/memory.c, 4.19 */
vm_fault_t vmf_insert_mixed_mkwrite(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)
{
	return vmf_insert_pfn(vma, addr, pfn);
}

/* mm/memory.c, 6.14 */
vm_fault_t vmf_insert_page_mkwrite(struct vm_fault *vmf, struct page *page, bool write)
{
	return vmf_insert_page(vmf->vma, vmf->address, page);
}

/* mm/huge_memory.c */
vm_fault_t vmf_insert_pfn_pmd(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	return vmf_insert_pfn(vmf->vma, vmf->address, pfn);
}

/* mm/huge_memory.c */
vm_fault_t vmf_insert_pfn_pud(struct vm_fault *vmf, unsigned long pfn, bool write)
{
	return vmf_insert_pfn(vmf->vma, vmf->address, pfn);
}

/* mm/memory.c */
vm_fault_t vmf_insert_mixed(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)
{
	vm_insert_pfn(vma, addr, pfn);
	return VM_FAULT_NOPAGE;
}

/* mm/memory.c */
int vm_insert_mixed(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)
{
	return vm_insert_pfn(vma, addr, pfn);
}

/* mm/memory.c */
int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)
{
	vm_insert_pfn(vma, addr, pfn);
	return 0;
}

/* Clears the entry, drops its reference and releases the page table. */
ATOMIC void __zap_pte(struct mm_struct *mm)
{
	struct page *page = mm->__pte;

	mm->__pfn = 0;
	if (page) {
		mm->__pte = 0;
		page->__mapped = page->__mapped - 1;
		put_page(page);
	}
	spin_unlock(&mm->page_table_lock);
}

/* mm/memory.c */
void zap_page_range(struct vm_area_struct *vma, unsigned long address, unsigned long size)
{
	struct mm_struct *mm = vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	__zap_pte(mm);
}

/* mm/memory.c */
void zap_vma_ptes(struct vm_area_struct *vma, unsigned long address, unsigned long size)
{
	vma->vm_mm->__taken_down = 1;
	zap_page_range(vma, address, size);
}

/* mm/memory.c, 6.2 */
void zap_page_range_single(struct vm_area_struct *vma, unsigned long address, unsigned long size, void *details)
{
	vma->vm_mm->__taken_down = 1;
	zap_page_range(vma, address, size);
}

/* munmap() of the mapping: mm/mmap.c, mm/memory.c, unmap_vmas(). */
ENVIRONMENT(unmapper) void unmapper(struct vm_area_struct *area)
{
	zap_page_range(area, 0, 4096);
}

/* Another access of the mapping maps the page, while it is cached: what else the file system's own fault handler would do is not known. */
ENVIRONMENT(page_reader) void page_reader(struct vm_area_struct *vma)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct mm_struct *mm = vma->vm_mm;
	struct page *page = find_lock_page(mapping, 0);

	if (!page)
		return;
	spin_lock(&mm->page_table_lock);
	if (!__install_pte(mm, page))
		put_page(page);
	unlock_page(page);
}

/* Another access of the mapping brings the page in: a read fault of a file system that keeps faults out by the invalidate lock (since 5.15). */
ENVIRONMENT(page_filler, invalidate_lock) void page_filler(struct vm_area_struct *vma)
{
	struct vm_fault vmf;

	vmf.vma = vma;
	vmf.pgoff = 0;
	vmf.page = 0;
	if (filemap_fault(&vmf) != VM_FAULT_LOCKED)
		return;
	if (finish_fault(&vmf)) {
		unlock_page(vmf.page);
		put_page(vmf.page);
		return;
	}
	unlock_page(vmf.page);
}

/* mm/mmap.c: NULL when it was unmapped. The caller holds mmap_lock, as long as it uses the vma. */
ATOMIC struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	return mm->mmap;
}

/* include/linux/mm.h, 5.14 */
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	return find_vma(mm, addr);
}

/* mm/mmap.c */
struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start_addr, unsigned long end_addr)
{
	return find_vma(mm, start_addr);
}

/* mm/mmap.c, until 6.4 */
struct vm_area_struct *find_extend_vma(struct mm_struct *mm, unsigned long addr)
{
	return find_vma(mm, addr);
}

/* Another thread of the process unmaps it: mm/mmap.c, do_munmap(). */
ENVIRONMENT(munmap, mmap_lock) void vma_goes_away(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	down_write(&mm->mmap_lock);
	vma = mm->mmap;
	mm->mmap = 0;
	up_write(&mm->mmap_lock);
	kfree(vma);
}

/* The same until 5.8. */
ENVIRONMENT(munmap_before, mmap_sem) void vma_went_away(struct mm_struct *mm)
{
	struct vm_area_struct *vma;

	down_write(&mm->mmap_sem);
	vma = mm->mmap;
	mm->mmap = 0;
	up_write(&mm->mmap_sem);
	kfree(vma);
}
