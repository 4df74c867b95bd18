/*
 * The page cache: mm/filemap.c, mm/readahead.c, include/linux/pagemap.h.
 *
 * One file has one page. Its slot is in mapping->i_pages and in mapping->page_tree alike, so that code of any age finds it; what
 * removes it from either has removed it. Initially the file owns the disk block of the page, and the page is cached, read and
 * referred to by the cache; unless the code under review keeps pages in a container of its own.
 */

/* A page that a driver keeps in a place of its own. */
INITIAL void a_page_is_held_by_its_owner(struct page *page)
{
	page->_refcount = 1;
	page->__owned = 1;
}

INITIAL void a_page_is_cached(struct address_space *mapping, struct page *page)
{
	if (!mapping->__dax && !KEPT(page)) {
		mapping->i_pages.__slot = page;
		mapping->page_tree.__slot = page;
		mapping->nrpages = 1;
		page->mapping = mapping;
		page->__block = 1;
		/* Who keeps it beside the cache has a reference of his own. */
		page->_refcount = 1 + HELD(page->_refcount);
	}
	page->index = 0;
}

/* A page at rest: read, clean, not on its way to the disk. */
INITIAL void a_page_is_at_rest(struct page *page)
{
	SetPageUptodate(page);
	ClearPageDirty(page);
	ClearPageError(page);
	end_page_writeback(page);
}

INITIAL void a_file_has_one_page(struct inode *inode)
{
	inode->i_size = 4096;
	if (!inode->__hole)
		inode->__extent = 1;
	inode->i_nlink = 1;
}

/* The cached page, with a reference, or NULL. mm/filemap.c: filemap_get_entry(), with RCU and get-unless-zero inside. */
ATOMIC struct page *__cache_get(struct address_space *mapping)
{
	struct page *page = mapping->i_pages.__slot;

	if (!page || mapping->__dax || !mapping->page_tree.__slot)
		return 0;
	/* Frozen: who has done so goes on alone. */
	if (LIVE(page) && !page_ref_count(page))
		return 0;
	get_page(page);
	return page;
}

/* The cached page without a reference. */
ATOMIC struct page *__cache_peek(struct address_space *mapping)
{
	if (mapping->__dax || !mapping->page_tree.__slot)
		return 0;
	return mapping->i_pages.__slot;
}

/* Makes the page the cached one, locked, with the cache's reference, unless there is one. */
ATOMIC int __cache_insert(struct address_space *mapping, struct page *page)
{
	if (mapping->i_pages.__slot && mapping->page_tree.__slot)
		return -17;
	trylock_page(page);
	get_page(page);
	mapping->i_pages.__slot = page;
	mapping->page_tree.__slot = page;
	mapping->nrpages = 1;
	page->mapping = mapping;
	page->index = 0;
	page->__owned = 1;
	return 0;
}

/* Takes the page out of the cache; the cache's reference is the caller's. */
ATOMIC void __cache_remove(struct address_space *mapping, struct page *page)
{
	mapping->i_pages.__slot = 0;
	mapping->page_tree.__slot = 0;
	mapping->nrpages = 0;
	page->mapping = 0;
	page->__left = 1;
	ClearPageDirty(page);
}

/* mm/filemap.c */
struct page *find_get_page(struct address_space *mapping, pgoff_t offset)
{
	/* There are pages where a cache is looked into. */
	struct page *cached = INSTANCE(page);

	return __cache_get(mapping);
}

/* mm/filemap.c, until 4.20: exceptional entries too. */
struct page *find_get_entry(struct address_space *mapping, pgoff_t offset)
{
	return __cache_get(mapping);
}

/* include/linux/pagemap.h, 5.16 */
struct page *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	/* There are pages where a cache is looked into. */
	struct page *cached = INSTANCE(page);
	struct page *page = __cache_get(mapping);

	if (!page)
		return -2;
	return page;
}

/* mm/filemap.c: locked, and still in the cache. */
struct page *find_lock_page(struct address_space *mapping, pgoff_t offset)
{
	struct page *page = __cache_get(mapping);

	if (!page)
		return 0;
	lock_page(page);
	if (page->mapping == mapping)
		return page;
	unlock_page(page);
	put_page(page);
	page = __cache_get(mapping);
	if (!page)
		return 0;
	lock_page(page);
	return page;
}

/* mm/filemap.c, until 4.20 */
struct page *find_lock_entry(struct address_space *mapping, pgoff_t offset)
{
	return find_lock_page(mapping, offset);
}

/* include/linux/pagemap.h, 5.16 */
struct page *filemap_lock_folio(struct address_space *mapping, pgoff_t index)
{
	struct page *page = find_lock_page(mapping, index);

	if (!page)
		return -2;
	return page;
}

/* mm/filemap.c: __filemap_get_folio() with FGP_LOCK | FGP_CREAT. A new page is not read yet. */
struct page *__cache_find_or_create(struct address_space *mapping)
{
	struct page *page = find_lock_page(mapping, 0);

	if (page)
		return page;
	page = page_cache_alloc(mapping);
	if (!page)
		return 0;
	if (__cache_insert(mapping, page)) {
		put_page(page);
		return find_lock_page(mapping, 0);
	}
	return page;
}

/* mm/filemap.c */
struct page *find_or_create_page(struct address_space *mapping, pgoff_t index, gfp_t gfp)
{
	might_alloc(gfp);
	return __cache_find_or_create(mapping);
}

/* include/linux/pagemap.h, until 2.6.28: locked. */
struct page *grab_cache_page(struct address_space *mapping, pgoff_t index)
{
	return __cache_find_or_create(mapping);
}

/* mm/filemap.c, 2.6.28 to 6.8 */
struct page *grab_cache_page_write_begin(struct address_space *mapping, pgoff_t index)
{
	return __cache_find_or_create(mapping);
}

/* mm/filemap.c, 5.16: flags are not told apart unless they are known: FGP_LOCK 2, FGP_CREAT 4. */
struct page *__filemap_get_folio(struct address_space *mapping, pgoff_t index, int fgp_flags, gfp_t gfp)
{
	struct page *page;

	might_alloc(gfp);
	if (fgp_flags & 4)
		page = __cache_find_or_create(mapping);
	else if (fgp_flags & 2)
		page = find_lock_page(mapping, index);
	else
		page = __cache_get(mapping);
	if (!page)
		return -2;
	return page;
}

/* mm/filemap.c, until 5.16 */
struct page *pagecache_get_page(struct address_space *mapping, pgoff_t index, int fgp_flags, gfp_t gfp)
{
	might_alloc(gfp);
	if (fgp_flags & 4)
		return __cache_find_or_create(mapping);
	if (fgp_flags & 2)
		return find_lock_page(mapping, index);
	return __cache_get(mapping);
}

/* mm/filemap.c: the page is locked. */
int add_to_page_cache(struct page *page, struct address_space *mapping, pgoff_t offset, gfp_t gfp)
{
	might_alloc(gfp);
	return __cache_insert(mapping, page);
}

/* mm/filemap.c */
int add_to_page_cache_lru(struct page *page, struct address_space *mapping, pgoff_t offset, gfp_t gfp)
{
	might_alloc(gfp);
	return __cache_insert(mapping, page);
}

/* mm/filemap.c */
int add_to_page_cache_locked(struct page *page, struct address_space *mapping, pgoff_t offset, gfp_t gfp)
{
	might_alloc(gfp);
	return __cache_insert(mapping, page);
}

/* mm/filemap.c, 5.16 */
int filemap_add_folio(struct address_space *mapping, struct page *page, pgoff_t index, gfp_t gfp)
{
	might_alloc(gfp);
	return __cache_insert(mapping, page);
}

/* mm/filemap.c: the caller holds the page lock; the cache's reference is dropped. */
void delete_from_page_cache(struct page *page)
{
	struct address_space *mapping = page->mapping;

	BUG_ON(!PageLocked(page));
	__cache_remove(mapping, page);
	put_page(page);
}

/* mm/filemap.c, 5.16 */
void filemap_remove_folio(struct page *page)
{
	struct address_space *mapping = page->mapping;

	BUG_ON(!PageLocked(page));
	__cache_remove(mapping, page);
	put_page(page);
}

/* mm/filemap.c, until 2.6.39: the reference stays with the caller. */
void remove_from_page_cache(struct page *page)
{
	struct address_space *mapping = page->mapping;

	BUG_ON(!PageLocked(page));
	__cache_remove(mapping, page);
}

/* mm/filemap.c, until 2.6.39: the tree's lock is held. */
void __remove_from_page_cache(struct page *page)
{
	__cache_remove(page->mapping, page);
}

/* mm/filemap.c: the tree's lock is held; the reference stays with the caller. */
void __delete_from_page_cache(struct page *page, void *shadow)
{
	__cache_remove(page->mapping, page);
}

/* mm/filemap.c, 5.16 */
void __filemap_remove_folio(struct page *page, void *shadow)
{
	__cache_remove(page->mapping, page);
}

/* include/linux/pagemap.h, until 4.7 */
void page_cache_release(struct page *page)
{
	put_page(page);
}

/* include/linux/pagemap.h, until 4.7 */
void page_cache_get(struct page *page)
{
	get_page(page);
}

/* Reads the locked page from where the file's block is now. mm/filemap.c: filemap_read_folio() */
ATOMIC void __read_page(struct page *page, struct inode *inode)
{
	page->__block = inode->__extent;
}

/* mm/filemap.c: the page, read, with a reference. */
struct page *read_mapping_page(struct address_space *mapping, pgoff_t index, void *data)
{
	struct page *page = __cache_find_or_create(mapping);

	if (!page)
		return -12;
	__read_page(page, mapping->host);
	unlock_page(page);
	return page;
}

/* mm/filemap.c */
struct page *read_cache_page(struct address_space *mapping, pgoff_t index, void *filler, void *data)
{
	return read_mapping_page(mapping, index, data);
}

/* mm/filemap.c, 5.16 */
struct page *read_cache_folio(struct address_space *mapping, pgoff_t index, void *filler, void *data)
{
	return read_mapping_page(mapping, index, data);
}

/* include/linux/pagemap.h, 5.16 */
struct page *read_mapping_folio(struct address_space *mapping, pgoff_t index, void *file)
{
	return read_mapping_page(mapping, index, file);
}

/* include/linux/fs.h: is anything cached? */
ATOMIC int mapping_empty(struct address_space *mapping)
{
	return !mapping->i_pages.__slot;
}

/* include/linux/fs.h */
ATOMIC int mapping_mapped(struct address_space *mapping)
{
	struct mm_struct *mm = mapping->i_mmap->vm_mm;

	return mm->__pte || mm->__pfn;
}
