/*
 * Dirty pages and their way to the disk: mm/page-writeback.c, fs/buffer.c, fs/mpage.c, fs/iomap/buffered-io.c, mm/migrate.c.
 *
 * A page is `__block` when its buffers say where its disk block is.
 */

/* mm/page-writeback.c: 1 when it was clean. */
ATOMIC int set_page_dirty(struct page *page)
{
	int clean = !PageDirty(page);

	SetPageDirty(page);
	return clean;
}

/* mm/page-writeback.c, 5.16 */
ATOMIC int folio_mark_dirty(struct page *folio)
{
	int clean = !PageDirty(folio);

	SetPageDirty(folio);
	return clean;
}

/* mm/page-writeback.c: takes the page lock itself. */
int set_page_dirty_lock(struct page *page)
{
	int clean;

	lock_page(page);
	clean = set_page_dirty(page);
	unlock_page(page);
	return clean;
}

/* mm/page-writeback.c, until 3.19 */
void set_page_dirty_balance(struct page *page)
{
	set_page_dirty(page);
}

/* fs/buffer.c */
int __set_page_dirty_buffers(struct page *page)
{
	return set_page_dirty(page);
}

/* mm/page-writeback.c */
int __set_page_dirty_nobuffers(struct page *page)
{
	return set_page_dirty(page);
}

/* mm/page-writeback.c: before the page is written; it is locked. */
ATOMIC int clear_page_dirty_for_io(struct page *page)
{
	int dirty = PageDirty(page);

	ClearPageDirty(page);
	return dirty;
}

/* mm/page-writeback.c, 5.16 */
ATOMIC int folio_clear_dirty_for_io(struct page *folio)
{
	int dirty = PageDirty(folio);

	ClearPageDirty(folio);
	return dirty;
}

/* mm/page-writeback.c, truncation */
ATOMIC void cancel_dirty_page(struct page *page)
{
	ClearPageDirty(page);
}

/* fs/buffer.c: a write fault allocates the page's block. 0: locked and dirty, else -EFAULT. */
int block_page_mkwrite(struct vm_area_struct *vma, struct vm_fault *vmf, get_block_t get_block)
{
	struct page *page = vmf->page;
	struct inode *inode = vma->vm_file->f_inode;

	lock_page(page);
	if (page->mapping != inode->i_mapping || !inode->i_size) {
		unlock_page(page);
		return -14;
	}
	__allocate_block(page, inode);
	return 0;
}

/* fs/buffer.c */
int __block_page_mkwrite(struct vm_area_struct *vma, struct vm_fault *vmf, get_block_t get_block)
{
	return block_page_mkwrite(vma, vmf, get_block);
}

/* include/linux/buffer_head.h */
vm_fault_t block_page_mkwrite_return(int err)
{
	if (err == 0)
		return VM_FAULT_LOCKED;
	if (err == -14)
		return VM_FAULT_NOPAGE;
	return VM_FAULT_SIGBUS;
}

/* include/linux/pagemap.h, 5.6: of the locked page, how much of it the file still has; -EFAULT when it was truncated. */
int page_mkwrite_check_truncate(struct page *page, struct inode *inode)
{
	if (page->mapping != inode->i_mapping || !inode->i_size)
		return -14;
	return 4096;
}

/* include/linux/pagemap.h, 5.16 */
int folio_mkwrite_check_truncate(struct page *folio, struct inode *inode)
{
	return page_mkwrite_check_truncate(folio, inode);
}

/* The block that the page's buffers name; allocated where there was a hole. */
ATOMIC void __allocate_block(struct page *page, struct inode *inode)
{
	if (!page->__block) {
		inode->__extent = 1;
		page->__block = 1;
	}
	SetPageDirty(page);
}

/* fs/iomap/buffered-io.c */
vm_fault_t iomap_page_mkwrite(struct vm_fault *vmf, const struct iomap_ops *ops)
{
	return block_page_mkwrite_return(block_page_mkwrite(vmf->vma, vmf, NULL));
}

/* fs/buffer.c: forgets which blocks the locked page's buffers name. */
ATOMIC void block_invalidatepage(struct page *page)
{
	page->__block = 0;
}

/* fs/buffer.c, 5.18 */
ATOMIC void block_invalidate_folio(struct page *folio, size_t offset, size_t length)
{
	folio->__block = 0;
}

/* fs/buffer.c: 1 when the buffers could be freed. */
ATOMIC int try_to_free_buffers(struct page *page)
{
	if (PageDirty(page))
		return 0;
	page->__block = 0;
	return 1;
}

/* mm/filemap.c */
int try_to_release_page(struct page *page, gfp_t gfp)
{
	might_alloc(gfp);
	return try_to_free_buffers(page);
}

/* mm/filemap.c, 5.18 */
int filemap_release_folio(struct page *folio, gfp_t gfp)
{
	might_alloc(gfp);
	return try_to_free_buffers(folio);
}

/* mm/migrate.c: another page takes the place of this one in its mapping, which nobody else may use meanwhile. */
int migrate_page_move_mapping(struct address_space *mapping, struct page *newpage, struct page *page)
{
	BUG_ON(!PageLocked(page));
	return __cache_replace(mapping, newpage, page);
}

/* mm/migrate.c, 5.18 */
int folio_migrate_mapping(struct address_space *mapping, struct page *newfolio, struct page *folio, int extra_count)
{
	return __cache_replace(mapping, newfolio, folio);
}

/* One step under the tree's lock with the count frozen; -EAGAIN when others have references. */
ATOMIC int __cache_replace(struct address_space *mapping, struct page *newpage, struct page *page)
{
	if (page->_refcount != 2 || page->mapping != mapping)
		return -11;
	get_page(newpage);
	newpage->mapping = mapping;
	newpage->__owned = 1;
	if (PageDirty(page))
		SetPageDirty(newpage);
	newpage->__block = page->__block;
	mapping->i_pages.__slot = newpage;
	mapping->page_tree.__slot = newpage;
	page->mapping = 0;
	page->__left = 1;
	put_page(page);
	return 0;
}

/* The flusher writes the file's dirty page: mm/page-writeback.c, write_cache_pages(). */
ENVIRONMENT(writeback) void writeback(struct address_space *mapping)
{
	struct page *page = __cache_get(mapping);

	if (!page)
		return;
	lock_page(page);
	if (page->mapping == mapping)
		__write_page(page, mapping->host);
	unlock_page(page);
	put_page(page);
}
