// SPDX-License-Identifier: GPL-2.0-only
/*
 * ivbuf - simple shared frame buffer pages for the IV capture engine
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <uapi/linux/ivbuf.h>

#define IVBUF_MAX_PAGES	4096

struct ivbuf {
	struct mutex		lock;		/* protects pages, nr_pages */
	struct page		**pages;
	unsigned long		nr_pages;
	struct address_space	*mapping;
};

static void ivbuf_free_pages(struct page **pages, unsigned long nr)
{
	unsigned long i;

	if (!pages)
		return;
	for (i = 0; i < nr; i++)
		if (pages[i])
			__free_page(pages[i]);
	kvfree(pages);
}

static struct page **ivbuf_alloc_pages(unsigned long nr)
{
	struct page **pages;
	unsigned long i;

	pages = kvcalloc(nr, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (i = 0; i < nr; i++) {
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!pages[i]) {
			ivbuf_free_pages(pages, i);
			return NULL;
		}
	}
	return pages;
}

static vm_fault_t ivbuf_fault(struct vm_fault *vmf)
{
	struct ivbuf *ib = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	mutex_lock(&ib->lock);
	if (vmf->pgoff < ib->nr_pages)
		ret = vmf_insert_pfn(vmf->vma, vmf->address,
				     page_to_pfn(ib->pages[vmf->pgoff]));
	mutex_unlock(&ib->lock);

	return ret;
}

static const struct vm_operations_struct ivbuf_vm_ops = {
	.fault = ivbuf_fault,
};

static int ivbuf_resize(struct ivbuf *ib, unsigned long nr)
{
	struct page **pages, **old;
	unsigned long old_nr;

	if (!nr || nr > IVBUF_MAX_PAGES)
		return -EINVAL;

	pages = ivbuf_alloc_pages(nr);
	if (!pages)
		return -ENOMEM;

	unmap_mapping_range(ib->mapping, 0, 0, 1);

	mutex_lock(&ib->lock);
	old = ib->pages;
	old_nr = ib->nr_pages;
	ib->pages = pages;
	ib->nr_pages = nr;
	mutex_unlock(&ib->lock);

	ivbuf_free_pages(old, old_nr);
	return 0;
}

static long ivbuf_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ivbuf *ib = file->private_data;

	switch (cmd) {
	case IVBUF_IOC_RESIZE:
		return ivbuf_resize(ib, arg);
	default:
		return -ENOTTY;
	}
}

static int ivbuf_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct ivbuf *ib = file->private_data;

	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_private_data = ib;
	vma->vm_ops = &ivbuf_vm_ops;
	return 0;
}

static int ivbuf_open(struct inode *inode, struct file *file)
{
	struct ivbuf *ib;

	ib = kzalloc(sizeof(*ib), GFP_KERNEL);
	if (!ib)
		return -ENOMEM;
	mutex_init(&ib->lock);
	ib->mapping = file->f_mapping;
	file->private_data = ib;
	return 0;
}

static int ivbuf_release(struct inode *inode, struct file *file)
{
	struct ivbuf *ib = file->private_data;

	ivbuf_free_pages(ib->pages, ib->nr_pages);
	mutex_destroy(&ib->lock);
	kfree(ib);
	return 0;
}

static const struct file_operations ivbuf_fops = {
	.owner		= THIS_MODULE,
	.open		= ivbuf_open,
	.release	= ivbuf_release,
	.mmap		= ivbuf_mmap,
	.unlocked_ioctl	= ivbuf_ioctl,
};

static struct miscdevice ivbuf_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ivbuf",
	.fops	= &ivbuf_fops,
};
module_misc_device(ivbuf_misc);

MODULE_DESCRIPTION("IV capture shared buffers");
MODULE_LICENSE("GPL");
