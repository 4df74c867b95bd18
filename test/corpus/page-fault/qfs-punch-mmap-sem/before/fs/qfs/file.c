// SPDX-License-Identifier: GPL-2.0
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rwsem.h>

#include "qfs.h"

struct qfs_inode_info {
	struct rw_semaphore	i_mmap_sem;
	struct mutex		i_map_lock;
	struct inode		vfs_inode;
};

static inline struct qfs_inode_info *QFS_I(struct inode *inode)
{
	return container_of(inode, struct qfs_inode_info, vfs_inode);
}

static vm_fault_t qfs_filemap_fault(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	vm_fault_t ret;

	down_read(&QFS_I(inode)->i_mmap_sem);
	ret = filemap_fault(vmf);
	up_read(&QFS_I(inode)->i_mmap_sem);
	return ret;
}

static vm_fault_t qfs_page_mkwrite(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	int err;

	sb_start_pagefault(inode->i_sb);
	file_update_time(vmf->vma->vm_file);
	down_read(&QFS_I(inode)->i_mmap_sem);
	err = block_page_mkwrite(vmf->vma, vmf, qfs_get_block);
	up_read(&QFS_I(inode)->i_mmap_sem);
	sb_end_pagefault(inode->i_sb);
	return block_page_mkwrite_return(err);
}

static const struct vm_operations_struct qfs_file_vm_ops = {
	.fault		= qfs_filemap_fault,
	.map_pages	= NULL,
	.page_mkwrite	= qfs_page_mkwrite,
};

static int qfs_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &qfs_file_vm_ops;
	return 0;
}

static int qfs_setsize(struct inode *inode, loff_t size)
{
	int err;

	down_write(&QFS_I(inode)->i_mmap_sem);
	truncate_setsize(inode, size);
	err = qfs_free_extent(inode, size, LLONG_MAX);
	up_write(&QFS_I(inode)->i_mmap_sem);
	return err;
}

static int qfs_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err;

	err = setattr_prepare(dentry, attr);
	if (err)
		return err;
	if ((attr->ia_valid & ATTR_SIZE) && attr->ia_size != i_size_read(inode)) {
		inode_dio_wait(inode);
		err = qfs_setsize(inode, attr->ia_size);
		if (err)
			return err;
	}
	setattr_copy(inode, attr);
	mark_inode_dirty(inode);
	return 0;
}

static int qfs_punch_hole(struct inode *inode, loff_t offset, loff_t len)
{
	loff_t first = round_up(offset, PAGE_SIZE);
	loff_t last = round_down(offset + len, PAGE_SIZE) - 1;
	int err;

	err = filemap_write_and_wait_range(inode->i_mapping, offset,
					   offset + len - 1);
	if (err)
		return err;
	if (last <= first)
		return 0;

	inode_dio_wait(inode);
	truncate_pagecache_range(inode, first, last);
	err = qfs_free_extent(inode, first, last);
	if (!err)
		mark_inode_dirty(inode);
	return err;
}

static long qfs_fallocate(struct file *file, int mode, loff_t offset, loff_t len)
{
	struct inode *inode = file_inode(file);
	long err = -EOPNOTSUPP;

	inode_lock(inode);
	if (mode == (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE))
		err = qfs_punch_hole(inode, offset, len);
	inode_unlock(inode);
	return err;
}

const struct file_operations qfs_file_operations = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= qfs_file_mmap,
	.fallocate	= qfs_fallocate,
	.fsync		= generic_file_fsync,
};

const struct inode_operations qfs_file_inode_operations = {
	.setattr	= qfs_setattr,
};
