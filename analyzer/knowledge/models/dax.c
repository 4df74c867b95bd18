/*
 * Files that are memory: fs/dax.c, fs/iomap.c, as of 4.11 and since.
 *
 * The page cache's slot holds an entry instead of a page: 4 stands for the zero page over a hole, 8 for the file's block; 1 is the
 * entry's lock bit. A fault locks the entry, decides what to map, and unlocks it; who removes an entry must unmap what it mapped.
 */

/* A file of one page, a hole, nothing cached or mapped. */
INITIAL void a_dax_file_is_a_hole(struct address_space *mapping, struct inode *inode, struct dax_device *dax_dev)
{
	mapping->__dax = 1;
	mapping->i_pages.__slot = 0;
	mapping->page_tree.__slot = 0;
	mapping->nrpages = 0;
	inode->__extent = 0;
	inode->__hole = 1;
	inode->__written = 0;
}

/* At rest readers of the mapping see the block, once the file has one. */
QUIESCENCE void a_mapping_shows_the_block(struct mm_struct *mm, struct inode *inode, struct dax_device *dax_dev)
{
	CHECK("stale-mapping", mm->__pfn != 1 || !inode->__written,
		"a page table still maps the zero page although the file has a block with data there: readers do not see what was written");
	CHECK("stale-mapping", mm->__pfn != 2 || inode->__extent,
		"a page table still maps the block that the file has freed");
}

/* fs/ext4, fs/xfs: ->iomap_begin(): where the file's data is; a write allocates what is missing. One step: under the file system's own lock. */
ATOMIC void __iomap_begin(struct inode *inode, int write, struct iomap *iomap)
{
	iomap->flags = 0;
	if (write && !inode->__extent) {
		inode->__extent = 1;
		iomap->flags = IOMAP_F_NEW;
	}
	iomap->type = inode->__extent ? IOMAP_MAPPED : IOMAP_HOLE;
}

/* fs/iomap.c, until 5.10: maps the range and lets the actor work on it. */
loff_t iomap_apply(struct inode *inode, loff_t pos, loff_t length, unsigned flags, const struct iomap_ops *ops, void *data, iomap_actor_t actor)
{
	struct iomap iomap;
	loff_t written;

	__iomap_begin(inode, flags & IOMAP_WRITE, &iomap);
	written = actor(inode, pos, length, data, &iomap);
	if (written >= 0)
		inode->__written = 1;
	return written;
}

/* fs/dax.c: read(2) and write(2); here write(2). */
ssize_t dax_iomap_rw(struct kiocb *iocb, struct iov_iter *iter, const struct iomap_ops *ops)
{
	struct address_space *mapping = iocb->ki_filp->f_mapping;
	struct inode *inode = mapping->host;

	return iomap_apply(inode, 0, 4096, IOMAP_WRITE, ops, iter, dax_iomap_actor);
}

/* fs/dax.c, until 5.14: where the patch does not show it. */
loff_t __fallback_dax_iomap_actor(struct inode *inode, loff_t pos, loff_t length, void *data, struct iomap *iomap)
{
	if (iomap->flags & IOMAP_F_NEW)
		invalidate_inode_pages2_range(inode->i_mapping, 0, 0);
	return length;
}

ATOMIC int __dax_entry_locked(struct address_space *mapping)
{
	return mapping->page_tree.__slot & 1;
}

/* fs/dax.c, until 4.20: the entry, not locked by anybody; tree_lock is held, and let go while waiting. */
void *get_unlocked_mapping_entry(struct address_space *mapping, pgoff_t index, void ***slotp)
{
	__dax_device(mapping);
	while (mapping->page_tree.__slot & 1) {
		spin_unlock_irq(&mapping->tree_lock);
		wait_event(mapping->__entry_wait, !(mapping->page_tree.__slot & 1));
		spin_lock_irq(&mapping->tree_lock);
	}
	if (slotp)
		*slotp = &mapping->page_tree.__slot;
	return mapping->page_tree.__slot;
}

/* fs/dax.c, until 4.20: tree_lock is held. */
ATOMIC void *lock_slot(struct address_space *mapping, void **slot)
{
	void *entry = mapping->page_tree.__slot | 1;

	mapping->page_tree.__slot = entry;
	return entry;
}

/* fs/dax.c, until 4.20: tree_lock is held. */
ATOMIC void *unlock_slot(struct address_space *mapping, void **slot)
{
	void *entry = mapping->page_tree.__slot & ~1;

	mapping->page_tree.__slot = entry;
	wake_up_all(&mapping->__entry_wait);
	return entry;
}

/* fs/dax.c, until 4.20 */
ATOMIC int slot_locked(struct address_space *mapping, void **slot)
{
	return mapping->page_tree.__slot & 1;
}

/* fs/dax.c, until 4.20 */
ATOMIC void dax_wake_mapping_entry_waiter(struct address_space *mapping, pgoff_t index, void *entry, bool wake_all)
{
	wake_up_all(&mapping->__entry_wait);
}

/* fs/dax.c, until 4.20: the entry was found unlocked and stays so. */
ATOMIC void put_unlocked_mapping_entry(struct address_space *mapping, pgoff_t index, void *entry)
{
	wake_up_all(&mapping->__entry_wait);
}

/* fs/dax.c, until 4.20: unlocks the entry. */
void put_locked_mapping_entry(struct address_space *mapping, pgoff_t index, void *entry)
{
	spin_lock_irq(&mapping->tree_lock);
	__dax_put_locked(mapping);
}

ATOMIC void __dax_put_locked(struct address_space *mapping)
{
	mapping->page_tree.__slot = mapping->page_tree.__slot & ~1;
	spin_unlock_irq(&mapping->tree_lock);
	wake_up_all(&mapping->__entry_wait);
}

/* Locks the entry, which is not locked; an empty one where there is none. */
ATOMIC void *__dax_lock_entry(struct address_space *mapping)
{
	void *entry = mapping->page_tree.__slot | 1;

	mapping->page_tree.__slot = entry;
	spin_unlock_irq(&mapping->tree_lock);
	return entry;
}

/* fs/dax.c, until 4.20: the entry, locked. */
void *grab_mapping_entry(struct address_space *mapping, pgoff_t index, unsigned long size_flag)
{
	spin_lock_irq(&mapping->tree_lock);
	get_unlocked_mapping_entry(mapping, index, NULL);
	return __dax_lock_entry(mapping);
}

/* fs/dax.c: the locked entry becomes one for what is mapped. */
ATOMIC void *dax_insert_mapping_entry(struct address_space *mapping, struct vm_fault *vmf, void *entry, sector_t sector, unsigned long flags)
{
	mapping->page_tree.__slot = sector ? 9 : 5;
	return mapping->page_tree.__slot;
}

/* Order of the entry: one page. */
unsigned int dax_radix_order(void *entry)
{
	return 0;
}

/* fs/dax.c: maps the zero page over a hole. */
int dax_load_hole(struct address_space *mapping, void **entry, struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	dax_insert_mapping_entry(mapping, vmf, *entry, 0, 0);
	spin_lock(&mm->page_table_lock);
	__install_pfn(mm, 1);
	return VM_FAULT_NOPAGE;
}

/* fs/dax.c, 4.11: maps the file's block. */
int dax_insert_mapping(struct address_space *mapping, struct vm_fault *vmf)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	dax_insert_mapping_entry(mapping, vmf, 0, 1, 0);
	spin_lock(&mm->page_table_lock);
	__install_pfn(mm, 2);
	return VM_FAULT_NOPAGE;
}

/* Maps what the file system said was there. */
int __dax_map(struct address_space *mapping, struct vm_fault *vmf, struct iomap *iomap)
{
	void *entry = 0;

	if (iomap->type == IOMAP_HOLE)
		return dax_load_hole(mapping, &entry, vmf);
	return dax_insert_mapping(mapping, vmf);
}

/* fs/dax.c, until 4.11: asks the file system first, and locks the entry then. */
int dax_iomap_pte_fault(struct vm_fault *vmf, const struct iomap_ops *ops)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct iomap iomap;
	void *entry;
	int ret;

	__iomap_begin(mapping->host, 0, &iomap);
	entry = grab_mapping_entry(mapping, vmf->pgoff, 0);
	ret = __dax_map(mapping, vmf, &iomap);
	put_locked_mapping_entry(mapping, vmf->pgoff, entry);
	return ret;
}

/* fs/dax.c, since 4.12: locks the entry first, and asks the file system then. */
vm_fault_t dax_iomap_fault(struct vm_fault *vmf, unsigned int order, pfn_t *pfnp, int *iomap_errp, const struct iomap_ops *ops)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct iomap iomap;
	void *entry;
	int ret;

	entry = grab_mapping_entry(mapping, vmf->pgoff, 0);
	__iomap_begin(mapping->host, vmf->flags & FAULT_FLAG_WRITE, &iomap);
	ret = __dax_map(mapping, vmf, &iomap);
	put_locked_mapping_entry(mapping, vmf->pgoff, entry);
	return ret;
}

/* The device behind the file: that there is one makes the world one of such a file. */
ATOMIC struct dax_device *__dax_device(struct address_space *mapping)
{
	struct dax_device *dax_dev = mapping->host->i_sb->s_dax_dev;

	if (dax_dev->flags)
		return dax_dev;
	return dax_dev;
}

/* fs/dax.c: takes the entry out and unmaps what it mapped (in 4.12 and later the caller of the latter). Where the patch does not show it. */
int __fallback___dax_invalidate_mapping_entry(struct address_space *mapping, pgoff_t index, bool trunc)
{
	wait_event(mapping->__entry_wait, !(mapping->page_tree.__slot & 1));
	spin_lock_irq(&mapping->tree_lock);
	__dax_delete_entry(mapping);
	unmap_mapping_range(mapping, 0, 0, 0);
	return 1;
}

ATOMIC void __dax_delete_entry(struct address_space *mapping)
{
	mapping->page_tree.__slot = 0;
	spin_unlock_irq(&mapping->tree_lock);
	wake_up_all(&mapping->__entry_wait);
}

/* fs/dax.c: truncation has unmapped before; no fault brings it back, since i_size is smaller or the invalidate lock is held. */
int dax_delete_mapping_entry(struct address_space *mapping, pgoff_t index)
{
	spin_lock_irq(&mapping->tree_lock);
	get_unlocked_mapping_entry(mapping, index, NULL);
	__dax_delete_entry(mapping);
	return 1;
}

/* fs/dax.c: takes a clean entry out; the caller unmaps. */
int dax_invalidate_mapping_entry_sync(struct address_space *mapping, pgoff_t index)
{
	return __dax_invalidate_mapping_entry(mapping, index, false);
}

/* fs/dax.c: unmaps the file and returns a page that is still pinned; here none is. */
struct page *dax_layout_busy_page(struct address_space *mapping)
{
	unmap_mapping_range(mapping, 0, 0, 0);
	return NULL;
}

/* write(2) to the file on persistent memory. */
ENVIRONMENT(dax_writer) void dax_writer(struct kiocb *iocb)
{
	dax_iomap_rw(iocb, NULL, NULL);
}
