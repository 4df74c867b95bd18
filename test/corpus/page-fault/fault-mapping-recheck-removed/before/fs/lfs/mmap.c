/*
 *  fs/lfs/mmap.c - memory mapped files without readahead
 */
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "lfs.h"

static struct page *lfs_read_new_page(struct address_space *mapping,
				      pgoff_t index)
{
	struct page *page;
	int err;

	page = page_cache_alloc_cold(mapping);
	if (!page)
		return ERR_PTR(-ENOMEM);

	err = add_to_page_cache_lru(page, mapping, index, GFP_KERNEL);
	if (err) {
		page_cache_release(page);
		return err == -EEXIST ? NULL : ERR_PTR(err);
	}
	/* reads synchronously, the page stays locked */
	err = lfs_fill_page(mapping->host, page);
	if (err) {
		unlock_page(page);
		page_cache_release(page);
		return ERR_PTR(err);
	}
	SetPageUptodate(page);
	unlock_page(page);
	return page;
}

static int lfs_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	struct address_space *mapping = vma->vm_file->f_mapping;
	struct inode *inode = mapping->host;
	struct page *page;
	pgoff_t size;

retry:
	page = find_get_page(mapping, vmf->pgoff);
	if (!page) {
		size = (i_size_read(inode) + PAGE_CACHE_SIZE - 1)
				>> PAGE_CACHE_SHIFT;
		if (vmf->pgoff >= size)
			return VM_FAULT_SIGBUS;
		page = lfs_read_new_page(mapping, vmf->pgoff);
		if (!page)
			goto retry;
		if (IS_ERR(page))
			return VM_FAULT_SIGBUS;
	}

	lock_page(page);
	if (unlikely(page->mapping != mapping)) {
		unlock_page(page);
		page_cache_release(page);
		goto retry;
	}
	size = (i_size_read(inode) + PAGE_CACHE_SIZE - 1) >> PAGE_CACHE_SHIFT;
	if (unlikely(vmf->pgoff >= size)) {
		unlock_page(page);
		page_cache_release(page);
		return VM_FAULT_SIGBUS;
	}

	vmf->page = page;
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct lfs_vm_ops = {
	.fault	= lfs_fault,
};

int lfs_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &lfs_vm_ops;
	return 0;
}

/* FALLOC_FL_PUNCH_HOLE and truncate both end here, i_mutex is held */
int lfs_truncate(struct inode *inode, loff_t start, loff_t end)
{
	struct address_space *mapping = inode->i_mapping;

	unmap_mapping_range(mapping, start, end - start + 1, 1);
	truncate_inode_pages_range(mapping, start, end);
	unmap_mapping_range(mapping, start, end - start + 1, 1);
	return lfs_release_blocks(inode, start, end);
}
