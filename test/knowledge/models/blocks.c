// A file system frees blocks while faults may bring pages of them back.
// simulate: open_fault open_punch_hole
// simulate: shut_fault shut_punch_hole
// simulate: late_collapse_range page_filler
// simulate: early_collapse_range page_filler
#include <linux/fs.h>

struct sample_inode {
	struct rw_semaphore mmap_sem;
	struct inode vfs_inode;
};

static inline struct sample_inode *SAMPLE_I(struct inode *inode)
{
	return container_of(inode, struct sample_inode, vfs_inode);
}

static vm_fault_t open_fault(struct vm_fault *vmf)
{
	return filemap_fault(vmf);
}

static const struct vm_operations_struct open_vm_ops = {
	.fault = open_fault,
};

int open_punch_hole(struct inode *inode, loff_t offset, loff_t len)
{
	truncate_pagecache_range(inode, offset, offset + len);
	return sample_free_blocks(inode, offset, len);
}

static vm_fault_t shut_fault(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	vm_fault_t ret;

	down_read(&SAMPLE_I(inode)->mmap_sem);
	ret = filemap_fault(vmf);
	up_read(&SAMPLE_I(inode)->mmap_sem);
	return ret;
}

static const struct vm_operations_struct shut_vm_ops = {
	.fault = shut_fault,
};

int shut_punch_hole(struct inode *inode, loff_t offset, loff_t len)
{
	int err;

	down_write(&SAMPLE_I(inode)->mmap_sem);
	truncate_pagecache_range(inode, offset, offset + len);
	err = sample_free_blocks(inode, offset, len);
	up_write(&SAMPLE_I(inode)->mmap_sem);
	return err;
}

int late_collapse_range(struct inode *inode, loff_t offset, loff_t len)
{
	struct address_space *mapping = inode->i_mapping;
	int err;

	truncate_pagecache(inode, offset);
	filemap_invalidate_lock(mapping);
	err = sample_free_blocks(inode, offset, len);
	filemap_invalidate_unlock(mapping);
	return err;
}

int early_collapse_range(struct inode *inode, loff_t offset, loff_t len)
{
	struct address_space *mapping = inode->i_mapping;
	int err;

	filemap_invalidate_lock(mapping);
	truncate_pagecache(inode, offset);
	err = sample_free_blocks(inode, offset, len);
	filemap_invalidate_unlock(mapping);
	return err;
}
