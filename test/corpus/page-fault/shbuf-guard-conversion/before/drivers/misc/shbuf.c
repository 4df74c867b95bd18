// SPDX-License-Identifier: GPL-2.0
/*
 * shbuf - sparse shared buffers backed by single pages
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>

#define SHBUF_MAX_PAGES	4096
#define SHBUF_IOC_PUNCH	_IOW('v', 1, struct shbuf_range)

struct shbuf_range {
	__u64 start;
	__u64 count;
};

struct shbuf {
	struct xarray pages;
	struct rw_semaphore inval_sem;
	struct address_space *mapping;
};

static int shbuf_populate(struct shbuf *vb, pgoff_t idx)
{
	struct page *page;
	int ret;

	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return -ENOMEM;

	ret = xa_insert(&vb->pages, idx, page, GFP_KERNEL);
	if (ret)
		__free_page(page);
	return ret == -EBUSY ? 0 : ret;
}

static vm_fault_t shbuf_vm_fault(struct vm_fault *vmf)
{
	struct shbuf *vb = vmf->vma->vm_private_data;
	struct page *page;
	vm_fault_t ret;

	if (vmf->pgoff >= SHBUF_MAX_PAGES)
		return VM_FAULT_SIGBUS;

	down_read(&vb->inval_sem);
	page = xa_load(&vb->pages, vmf->pgoff);
	if (!page) {
		up_read(&vb->inval_sem);
		return VM_FAULT_SIGBUS;
	}

	ret = vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
	up_read(&vb->inval_sem);
	return ret;
}

static const struct vm_operations_struct shbuf_vm_ops = {
	.fault = shbuf_vm_fault,
};

static int shbuf_punch(struct shbuf *vb, pgoff_t start, unsigned long count)
{
	struct page *page;
	unsigned long i;

	if (start >= SHBUF_MAX_PAGES || count > SHBUF_MAX_PAGES - start)
		return -EINVAL;

	down_write(&vb->inval_sem);
	for (i = start; i < start + count; i++) {
		page = xa_erase(&vb->pages, i);
		if (!page)
			continue;
		unmap_mapping_range(vb->mapping, (loff_t)i << PAGE_SHIFT,
				    PAGE_SIZE, 1);
		__free_page(page);
	}
	up_write(&vb->inval_sem);
	return 0;
}

static int shbuf_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct shbuf *vb = file->private_data;
	unsigned long i, n = vma_pages(vma);
	int ret;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_pgoff >= SHBUF_MAX_PAGES ||
	    n > SHBUF_MAX_PAGES - vma->vm_pgoff)
		return -EINVAL;

	for (i = 0; i < n; i++) {
		ret = shbuf_populate(vb, vma->vm_pgoff + i);
		if (ret)
			return ret;
	}

	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_private_data = vb;
	vma->vm_ops = &shbuf_vm_ops;
	return 0;
}

static long shbuf_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct shbuf *vb = file->private_data;
	struct shbuf_range r;

	if (cmd != SHBUF_IOC_PUNCH)
		return -ENOTTY;
	if (copy_from_user(&r, (void __user *)arg, sizeof(r)))
		return -EFAULT;
	return shbuf_punch(vb, r.start, r.count);
}

static int shbuf_open(struct inode *inode, struct file *file)
{
	struct shbuf *vb = kzalloc(sizeof(*vb), GFP_KERNEL);

	if (!vb)
		return -ENOMEM;
	xa_init(&vb->pages);
	init_rwsem(&vb->inval_sem);
	vb->mapping = file->f_mapping;
	file->private_data = vb;
	return 0;
}

static int shbuf_release(struct inode *inode, struct file *file)
{
	struct shbuf *vb = file->private_data;
	struct page *page;
	unsigned long idx;

	xa_for_each(&vb->pages, idx, page)
		__free_page(page);
	xa_destroy(&vb->pages);
	kfree(vb);
	return 0;
}

static const struct file_operations shbuf_fops = {
	.owner		= THIS_MODULE,
	.open		= shbuf_open,
	.release	= shbuf_release,
	.mmap		= shbuf_mmap,
	.unlocked_ioctl	= shbuf_ioctl,
};

static struct miscdevice shbuf_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "shbuf",
	.fops	= &shbuf_fops,
};
module_misc_device(shbuf_misc);
MODULE_LICENSE("GPL");
