/*
 *  fs/mfs/mmap.c - memory mapped files without readahead
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "mfs.h"

static struct page *mfs_read_new_page(struct address_space *mapping,
				      pgoff_t index)
{
	struct page *page;
	int err;

	page = page_cache_alloc(mapping);
	if (!page)
		return ERR_PTR(-ENOMEM);

	err = add_to_page_cache_lru(page, mapping, index, GFP_KERNEL);
	if (err) {
		put_page(page);
		return err == -EEXIST ? NULL : ERR_PTR(err);
	}
	/* reads synchronously, the page stays locked */
	err = mfs_fill_page(mapping->host, page);
	if (err) {
		unlock_page(page);
		put_page(page);
		return ERR_PTR(err);
	}
	SetPageUptodate(page);
	unlock_page(page);
	return page;
}

static vm_fault_t mfs_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct inode *inode = mapping->host;
	struct page *page;
	pgoff_t size;

retry:
	page = find_get_page(mapping, vmf->pgoff);
	if (!page) {
		size = DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
		if (vmf->pgoff >= size)
			return VM_FAULT_SIGBUS;
		page = mfs_read_new_page(mapping, vmf->pgoff);
		if (!page)
			goto retry;
		if (IS_ERR(page))
			return VM_FAULT_SIGBUS;
	}

	lock_page(page);
	if (unlikely(page->mapping != mapping)) {
		unlock_page(page);
		put_page(page);
		goto retry;
	}
	size = DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
	if (unlikely(vmf->pgoff >= size)) {
		unlock_page(page);
		put_page(page);
		return VM_FAULT_SIGBUS;
	}

	vmf->page = page;
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct mfs_vm_ops = {
	.fault	= mfs_fault,
};

int mfs_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &mfs_vm_ops;
	return 0;
}

/* FALLOC_FL_PUNCH_HOLE and truncate both end here, i_mutex is held */
int mfs_truncate(struct inode *inode, loff_t start, loff_t end)
{
	struct address_space *mapping = inode->i_mapping;

	unmap_mapping_range(mapping, start, end - start + 1, 1);
	truncate_inode_pages_range(mapping, start, end);
	unmap_mapping_range(mapping, start, end - start + 1, 1);
	return mfs_release_blocks(inode, start, end);
}
