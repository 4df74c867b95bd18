/*
 * Removing pages of a file: mm/truncate.c, mm/memory.c (unmap_mapping_range), mm/vmscan.c, and the disk blocks behind them.
 *
 * The range is always the one page. `inode->__extent` says whether the file owns the page's disk block. A file system must give up
 * cached pages before it frees their block, and keep others from bringing them back until then: where a patch does not show how a function
 * goes on that has dropped the page cache, freeing the blocks is DUE.
 */

/* mm/memory.c, with zap_page_range() for each vma. Until 2.6.38 it also told faults that it was here (truncate_count). */
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin, loff_t holelen, int even_cows)
{
	struct mm_struct *mm = mapping->i_mmap->vm_mm;

	spin_lock(&mm->page_table_lock);
	__unmap_counted(mapping, mm);
}

/* One step, since a fault that has the page table locked sees both or neither. */
ATOMIC void __unmap_counted(struct address_space *mapping, struct mm_struct *mm)
{
	mapping->truncate_count = mapping->truncate_count + 1;
	mm->__taken_down = 1;
	__zap_pte(mm);
}

/* mm/memory.c, 4.16 */
void unmap_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t nr, bool even_cows)
{
	unmap_mapping_range(mapping, 0, 0, 1);
}

/* mm/memory.c, 5.13: the page is locked by the caller. */
void unmap_mapping_folio(struct page *folio)
{
	struct address_space *mapping = folio->mapping;

	BUG_ON(!PageLocked(folio));
	unmap_mapping_range(mapping, 0, 0, 0);
}

/* mm/memory.c, 5.13 */
void unmap_mapping_page(struct page *page)
{
	unmap_mapping_folio(page);
}

/* include/drm/drm_vma_manager.h: the buffer's part of the device's mapping. */
void drm_vma_node_unmap(struct drm_vma_offset_node *node, struct address_space *file_mapping)
{
	unmap_mapping_range(file_mapping, 0, 0, 1);
}

/* mm/rmap.c: all page tables. */
void try_to_unmap(struct page *page, int flags)
{
	struct address_space *mapping = page->mapping;

	BUG_ON(!PageLocked(page));
	if (mapping)
		unmap_mapping_range(mapping, 0, 0, 0);
}

/* mm/truncate.c, until 2.6.32: does not unmap. */
void truncate_complete_page(struct address_space *mapping, struct page *page)
{
	BUG_ON(!PageLocked(page));
	if (page->mapping != mapping)
		return;
	__cache_remove(mapping, page);
	put_page(page);
}

/* mm/truncate.c */
void truncate_inode_page(struct address_space *mapping, struct page *page)
{
	BUG_ON(!PageLocked(page));
	if (page_mapped(page))
		unmap_mapping_range(mapping, 0, 0, 0);
	__cache_remove(mapping, page);
	put_page(page);
}

/* mm/truncate.c, 5.16 */
int truncate_inode_folio(struct address_space *mapping, struct page *folio)
{
	if (folio->mapping != mapping)
		return -5;
	truncate_inode_page(mapping, folio);
	return 0;
}

/* mm/truncate.c */
void truncate_inode_pages_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	struct page *page;

	if (mapping->__dax) {
		wait_event(mapping->__entry_wait, !(mapping->page_tree.__slot & 1));
		mapping->page_tree.__slot = 0;
		return;
	}
	page = __cache_get(mapping);
	if (!page)
		return;
	lock_page(page);
	wait_on_page_writeback(page);
	if (page->mapping == mapping)
		truncate_inode_page(mapping, page);
	unlock_page(page);
	put_page(page);
}

/* mm/truncate.c */
void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
{
	truncate_inode_pages_range(mapping, lstart, -1);
	DUE(__file_blocks_freed(mapping->host), "punch|hole|truncate|collapse|shrink|setattr|resize|free|evict|failed", "truncate|free|remove|punch|dealloc|unmap|bunmapi|shrink|drop|discard|extent|erase|(release|zap)_([a-z]+_)*(block|range|space|cluster|chunk)");
}

/* mm/truncate.c: nobody else uses the inode any more. */
void truncate_inode_pages_final(struct address_space *mapping)
{
	truncate_inode_pages_range(mapping, 0, -1);
}

/* mm/truncate.c: i_size is changed before. */
void truncate_pagecache(struct inode *inode, loff_t newsize)
{
	struct address_space *mapping = inode->i_mapping;

	unmap_mapping_range(mapping, 0, 0, 1);
	truncate_inode_pages(mapping, 0);
	unmap_mapping_range(mapping, 0, 0, 1);
	DUE(__file_blocks_freed(inode), "punch|hole|truncate|collapse|shrink|setattr|resize|free|evict|failed", "truncate|free|remove|punch|dealloc|unmap|bunmapi|shrink|drop|discard|extent|erase|(release|zap)_([a-z]+_)*(block|range|space|cluster|chunk)");
}

/* mm/truncate.c */
void truncate_pagecache_range(struct inode *inode, loff_t lstart, loff_t lend)
{
	struct address_space *mapping = inode->i_mapping;

	unmap_mapping_range(mapping, 0, 0, 0);
	truncate_inode_pages_range(mapping, lstart, lend);
	DUE(__file_blocks_freed(inode), "punch|hole|truncate|collapse|shrink|setattr|resize|free|evict|failed", "truncate|free|remove|punch|dealloc|unmap|bunmapi|shrink|drop|discard|extent|erase|(release|zap)_([a-z]+_)*(block|range|space|cluster|chunk)");
}

/* mm/truncate.c */
void truncate_setsize(struct inode *inode, loff_t newsize)
{
	inode->i_size = 0;
	truncate_pagecache(inode, newsize);
}

/* mm/memory.c, until 2.6.36 */
int vmtruncate(struct inode *inode, loff_t offset)
{
	inode->i_size = 0;
	unmap_mapping_range(inode->i_mapping, 0, 0, 1);
	truncate_inode_pages(inode->i_mapping, 0);
	__file_blocks_freed(inode);
	return 0;
}

/* mm/memory.c, until 2.6.39 */
int vmtruncate_range(struct inode *inode, loff_t offset, loff_t end)
{
	unmap_mapping_range(inode->i_mapping, 0, 0, 1);
	truncate_inode_pages_range(inode->i_mapping, offset, end);
	__file_blocks_freed(inode);
	return 0;
}

/* mm/truncate.c: 0 when a dirty page is kept. */
int invalidate_complete_page2(struct address_space *mapping, struct page *page)
{
	BUG_ON(!PageLocked(page));
	if (page->mapping != mapping)
		return 0;
	__cache_remove(mapping, page);
	put_page(page);
	return 1;
}

/* mm/truncate.c, 5.16 */
int invalidate_complete_folio2(struct address_space *mapping, struct page *folio)
{
	return invalidate_complete_page2(mapping, folio);
}

/* mm/truncate.c: ->launder_page of a clean page. */
int do_launder_page(struct address_space *mapping, struct page *page)
{
	return 0;
}

/* mm/truncate.c: mapped pages are unmapped under the page lock (since 2.6.23). DAX entries: invalidate_exceptional_entry2(). */
int invalidate_inode_pages2_range(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct page *page;

	if (mapping->__dax) {
		if (mapping->page_tree.__slot)
			__dax_invalidate_mapping_entry(mapping, start, false);
		return 0;
	}
	page = __cache_get(mapping);
	if (!page)
		return 0;
	lock_page(page);
	wait_on_page_writeback(page);
	if (page->mapping == mapping) {
		if (page_mapped(page))
			unmap_mapping_range(mapping, 0, 0, 0);
		BUG_ON(page_mapped(page));
		if (!do_launder_page(mapping, page))
			invalidate_complete_page2(mapping, page);
	}
	unlock_page(page);
	put_page(page);
	return 0;
}

/* mm/truncate.c */
int invalidate_inode_pages2(struct address_space *mapping)
{
	return invalidate_inode_pages2_range(mapping, 0, -1);
}

/* mm/truncate.c: clean, unmapped, unlocked pages that nobody uses. */
unsigned long invalidate_mapping_pages(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
	struct page *page = __cache_get(mapping);
	int removed = 0;

	if (!page)
		return 0;
	if (trylock_page(page)) {
		if (page->mapping == mapping && !page_mapped(page)) {
			removed = __cache_remove_unused(mapping, page);
			if (removed)
				put_page(page);
		}
		unlock_page(page);
	}
	put_page(page);
	return removed;
}

/* mm/vmscan.c: __remove_mapping(): only while nobody but the cache and the caller has a reference (page_ref_freeze). */
ATOMIC int __cache_remove_unused(struct address_space *mapping, struct page *page)
{
	if (page->_refcount != 2 || PageDirty(page))
		return 0;
	__cache_remove(mapping, page);
	return 1;
}

/* mm/vmscan.c: 1 when the page is out of the cache. */
int remove_mapping(struct address_space *mapping, struct page *page)
{
	BUG_ON(!PageLocked(page));
	if (!__cache_remove_unused(mapping, page))
		return 0;
	put_page(page);
	return 1;
}

/* mm/vmscan.c */
int __remove_mapping(struct address_space *mapping, struct page *page, bool reclaimed, struct mem_cgroup *memcg)
{
	return remove_mapping(mapping, page);
}

/* mm/filemap.c: writes the page to its block and waits; -EIO where the disk failed. */
int filemap_write_and_wait_range(struct address_space *mapping, loff_t lstart, loff_t lend)
{
	struct page *page = __cache_get(mapping);

	if (!page)
		return 0;
	lock_page(page);
	__write_page(page, mapping->host);
	unlock_page(page);
	put_page(page);
	return CHOOSE(0, -5);
}

/* Writes the locked page to the block that its buffers point at. */
ATOMIC void __write_page(struct page *page, struct inode *inode)
{
	CHECK("block-reused", !PageDirty(page) || !page->__block || inode->__extent,
		"a dirty page is written to a disk block that the file has freed");
	ClearPageDirty(page);
}

/* A file system frees the disk blocks of the range: what is cached of them now would reach blocks of another file. */
ATOMIC void __file_blocks_freed(struct inode *inode)
{
	struct page *page = __cache_peek(inode->i_mapping);

	if (page)
		CHECK("block-reused", !page->__block, "the file's disk block is freed while a page in its page cache still maps it");
	inode->__extent = 0;
}

/* At rest no cached page refers to a block that the file does not own. */
QUIESCENCE void cached_pages_map_blocks_of_the_file(struct inode *inode)
{
	struct page *page = __cache_peek(inode->i_mapping);

	if (page)
		CHECK("block-reused", !page->__block || inode->__extent, "a cached page maps a disk block that the file has freed");
}

/* truncate(2) of the file: i_size first, then the page cache, then the blocks, under the inode lock and the invalidate lock. */
ENVIRONMENT(page_truncation)
PLAYED(inode_operations.setattr)
CONCERNS(page.mapping, inode.i_size, radix_tree_root.__slot, address_space.nrpages, page.__locked) void page_truncation(struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;

	inode->i_size = 0;
	unmap_mapping_range(mapping, 0, 0, 1);
	truncate_inode_pages_range(mapping, 0, -1);
	unmap_mapping_range(mapping, 0, 0, 1);
}

/* Direct I/O, a network file system or a cluster lock drops cached pages of the file: mm/truncate.c, invalidate_inode_pages2_range(). */
ENVIRONMENT(page_invalidation)
CONCERNS(page.mapping, inode.i_size, radix_tree_root.__slot, address_space.nrpages, page.__locked) void page_invalidation(struct address_space *mapping)
{
	invalidate_inode_pages2_range(mapping, 0, -1);
}

/* fallocate(2) punches a hole into the file, under the invalidate lock (since 5.15; before, each file system had its own). */
ENVIRONMENT(hole_punch)
CONCERNS(page.mapping, inode.i_size, radix_tree_root.__slot, address_space.nrpages, page.__locked) void hole_punch(struct inode *inode)
{
	down_write(&inode->i_mapping->invalidate_lock);
	truncate_pagecache_range(inode, 0, 4095);
	__file_blocks_freed(inode);
	up_write(&inode->i_mapping->invalidate_lock);
}

/* Memory is short: mm/vmscan.c unmaps the page and takes it out of the cache when nobody uses it. */
ENVIRONMENT(page_reclaim)
CONCERNS(page.mapping, inode.i_size, radix_tree_root.__slot, address_space.nrpages, page.__locked) void page_reclaim(struct address_space *mapping)
{
	struct page *page = __cache_get(mapping);

	if (!page)
		return;
	if (trylock_page(page)) {
		if (page->mapping == mapping) {
			if (page_mapped(page))
				unmap_mapping_range(mapping, 0, 0, 0);
			remove_mapping(mapping, page);
		}
		unlock_page(page);
	}
	put_page(page);
}
