// SPDX-License-Identifier: GPL-2.0
/*
 * vbuf - sparse shared buffers backed by single pages
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/xarray.h>

#define VBUF_MAX_PAGES	4096
#define VBUF_IOC_PUNCH	_IOW('v', 1, struct vbuf_range)

struct vbuf_range {
	__u64 start;
	__u64 count;
};

struct vbuf {
	struct xarray pages;
	struct rw_semaphore inval_sem;
	struct address_space *mapping;
};

static int vbuf_populate(struct vbuf *vb, pgoff_t idx)
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

static vm_fault_t vbuf_vm_fault(struct vm_fault *vmf)
{
	struct vbuf *vb = vmf->vma->vm_private_data;
	struct page *page;
	vm_fault_t ret;

	if (vmf->pgoff >= VBUF_MAX_PAGES)
		return VM_FAULT_SIGBUS;

	page = xa_load(&vb->pages, vmf->pgoff);
	if (!page)
		return VM_FAULT_SIGBUS;

	ret = vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
	return ret;
}

static const struct vm_operations_struct vbuf_vm_ops = {
	.fault = vbuf_vm_fault,
};

static int vbuf_punch(struct vbuf *vb, pgoff_t start, unsigned long count)
{
	struct page *page;
	unsigned long i;

	if (start >= VBUF_MAX_PAGES || count > VBUF_MAX_PAGES - start)
		return -EINVAL;

	for (i = start; i < start + count; i++) {
		page = xa_erase(&vb->pages, i);
		if (!page)
			continue;
		unmap_mapping_range(vb->mapping, (loff_t)i << PAGE_SHIFT,
				    PAGE_SIZE, 1);
		__free_page(page);
	}
	return 0;
}

static int vbuf_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vbuf *vb = file->private_data;
	unsigned long i, n = vma_pages(vma);
	int ret;

	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_pgoff >= VBUF_MAX_PAGES ||
	    n > VBUF_MAX_PAGES - vma->vm_pgoff)
		return -EINVAL;

	for (i = 0; i < n; i++) {
		ret = vbuf_populate(vb, vma->vm_pgoff + i);
		if (ret)
			return ret;
	}

	vma->vm_flags |= VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_private_data = vb;
	vma->vm_ops = &vbuf_vm_ops;
	return 0;
}

static long vbuf_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vbuf *vb = file->private_data;
	struct vbuf_range r;

	if (cmd != VBUF_IOC_PUNCH)
		return -ENOTTY;
	if (copy_from_user(&r, (void __user *)arg, sizeof(r)))
		return -EFAULT;
	return vbuf_punch(vb, r.start, r.count);
}

static int vbuf_open(struct inode *inode, struct file *file)
{
	struct vbuf *vb = kzalloc(sizeof(*vb), GFP_KERNEL);

	if (!vb)
		return -ENOMEM;
	xa_init(&vb->pages);
	init_rwsem(&vb->inval_sem);
	vb->mapping = file->f_mapping;
	file->private_data = vb;
	return 0;
}

static int vbuf_release(struct inode *inode, struct file *file)
{
	struct vbuf *vb = file->private_data;
	struct page *page;
	unsigned long idx;

	xa_for_each(&vb->pages, idx, page)
		__free_page(page);
	xa_destroy(&vb->pages);
	kfree(vb);
	return 0;
}

static const struct file_operations vbuf_fops = {
	.owner		= THIS_MODULE,
	.open		= vbuf_open,
	.release	= vbuf_release,
	.mmap		= vbuf_mmap,
	.unlocked_ioctl	= vbuf_ioctl,
};

static struct miscdevice vbuf_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "vbuf",
	.fops	= &vbuf_fops,
};
module_misc_device(vbuf_misc);
MODULE_LICENSE("GPL");
