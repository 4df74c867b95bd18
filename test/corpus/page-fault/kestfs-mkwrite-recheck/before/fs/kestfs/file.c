// SPDX-License-Identifier: GPL-2.0
/*
 * kestfs regular file operations
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/mpage.h>
#include <linux/buffer_head.h>
#include "kestfs.h"

static int kestfs_read_folio(struct file *file, struct folio *folio)
{
	return mpage_read_folio(folio, kestfs_get_block);
}

static int kestfs_writepages(struct address_space *mapping,
			     struct writeback_control *wbc)
{
	return mpage_writepages(mapping, wbc, kestfs_get_block);
}

const struct address_space_operations kestfs_aops = {
	.dirty_folio		= block_dirty_folio,
	.invalidate_folio	= block_invalidate_folio,
	.read_folio		= kestfs_read_folio,
	.writepages		= kestfs_writepages,
	.migrate_folio		= buffer_migrate_folio,
};

static vm_fault_t kestfs_page_mkwrite(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct folio *folio = page_folio(vmf->page);
	struct inode *inode = file_inode(vma->vm_file);
	vm_fault_t ret = VM_FAULT_LOCKED;
	loff_t size;
	size_t len;
	int err;

	sb_start_pagefault(inode->i_sb);
	file_update_time(vma->vm_file);

	folio_lock(folio);
	size = i_size_read(inode);
	len = min_t(loff_t, folio_size(folio), size - folio_pos(folio));
	err = __block_write_begin(folio, 0, len, kestfs_get_block);
	if (err) {
		folio_unlock(folio);
		ret = vmf_fs_error(err);
		goto out;
	}
	block_commit_write(folio, 0, len);
	folio_mark_dirty(folio);
	folio_wait_stable(folio);
out:
	sb_end_pagefault(inode->i_sb);
	return ret;
}

static const struct vm_operations_struct kestfs_file_vm_ops = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
	.page_mkwrite	= kestfs_page_mkwrite,
};

static int kestfs_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &kestfs_file_vm_ops;
	return 0;
}

static int kestfs_setsize(struct inode *inode, loff_t newsize)
{
	struct kestfs_inode_info *ki = KESTFS_I(inode);
	int err;

	err = block_truncate_page(inode->i_mapping, newsize, kestfs_get_block);
	if (err)
		return err;

	filemap_invalidate_lock(inode->i_mapping);
	truncate_setsize(inode, newsize);
	down_write(&ki->map_sem);
	kestfs_free_tail_blocks(inode, newsize);
	up_write(&ki->map_sem);
	filemap_invalidate_unlock(inode->i_mapping);

	mark_inode_dirty(inode);
	return 0;
}

static int kestfs_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
			  struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err;

	err = setattr_prepare(idmap, dentry, attr);
	if (err)
		return err;

	if ((attr->ia_valid & ATTR_SIZE) &&
	    attr->ia_size != i_size_read(inode)) {
		inode_dio_wait(inode);
		err = kestfs_setsize(inode, attr->ia_size);
		if (err)
			return err;
	}

	setattr_copy(idmap, inode, attr);
	mark_inode_dirty(inode);
	return 0;
}

const struct file_operations kestfs_file_operations = {
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= kestfs_file_mmap,
	.fsync		= generic_file_fsync,
	.splice_read	= filemap_splice_read,
};

const struct inode_operations kestfs_file_inode_operations = {
	.setattr	= kestfs_setattr,
};
