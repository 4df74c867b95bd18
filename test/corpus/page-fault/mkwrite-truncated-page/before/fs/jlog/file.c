/*
 * JLOG filesystem - regular files
 */
#include <linux/buffer_head.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>

#include "jlog.h"

static int jlog_page_mkwrite(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	struct page *page = vmf->page;
	struct inode *inode = vma->vm_file->f_path.dentry->d_inode;
	int err;

	lock_page(page);

	wait_on_page_writeback(page);
	err = jlog_reserve_block(inode, page->index);
	if (err) {
		unlock_page(page);
		return VM_FAULT_SIGBUS;
	}
	set_page_dirty(page);
	SetPageChecked(page);

	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct jlog_file_vm_ops = {
	.fault		= filemap_fault,
	.page_mkwrite	= jlog_page_mkwrite,
};

static int jlog_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &jlog_file_vm_ops;
	vma->vm_flags |= VM_CAN_NONLINEAR;
	return 0;
}

static int jlog_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = dentry->d_inode;
	int err;

	err = inode_change_ok(inode, attr);
	if (err)
		return err;

	if ((attr->ia_valid & ATTR_SIZE) &&
	    attr->ia_size != i_size_read(inode)) {
		truncate_setsize(inode, attr->ia_size);
		err = jlog_shrink(inode, attr->ia_size);
		if (err)
			return err;
	}

	setattr_copy(inode, attr);
	mark_inode_dirty(inode);
	return 0;
}

const struct file_operations jlog_file_operations = {
	.llseek		= generic_file_llseek,
	.read		= do_sync_read,
	.write		= do_sync_write,
	.aio_read	= generic_file_aio_read,
	.aio_write	= generic_file_aio_write,
	.mmap		= jlog_file_mmap,
	.fsync		= jlog_fsync,
	.splice_read	= generic_file_splice_read,
};

const struct inode_operations jlog_file_inode_operations = {
	.setattr	= jlog_setattr,
	.getattr	= jlog_getattr,
};
