// SPDX-License-Identifier: GPL-2.0-only
/*
 * omnibuf - simple shared frame buffer pages for the OMNI capture engine
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <uapi/linux/omnibuf.h>

#define OMNIBUF_MAX_PAGES	4096

struct omnibuf {
	struct mutex		lock;		/* protects pages, nr_pages */
	struct page		**pages;
	unsigned long		nr_pages;
	struct address_space	*mapping;
};

static void omnibuf_free_pages(struct page **pages, unsigned long nr)
{
	unsigned long i;

	if (!pages)
		return;
	for (i = 0; i < nr; i++)
		if (pages[i])
			__free_page(pages[i]);
	kvfree(pages);
}

static struct page **omnibuf_alloc_pages(unsigned long nr)
{
	struct page **pages;
	unsigned long i;

	pages = kvcalloc(nr, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (i = 0; i < nr; i++) {
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!pages[i]) {
			omnibuf_free_pages(pages, i);
			return NULL;
		}
	}
	return pages;
}

static vm_fault_t omnibuf_fault(struct vm_fault *vmf)
{
	struct omnibuf *ob = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	mutex_lock(&ob->lock);
	if (vmf->pgoff < ob->nr_pages)
		ret = vmf_insert_pfn(vmf->vma, vmf->address,
				     page_to_pfn(ob->pages[vmf->pgoff]));
	mutex_unlock(&ob->lock);

	return ret;
}

static const struct vm_operations_struct omnibuf_vm_ops = {
	.fault = omnibuf_fault,
};

static int omnibuf_resize(struct omnibuf *ob, unsigned long nr)
{
	struct page **pages, **old;
	unsigned long old_nr;

	if (!nr || nr > OMNIBUF_MAX_PAGES)
		return -EINVAL;

	pages = omnibuf_alloc_pages(nr);
	if (!pages)
		return -ENOMEM;

	mutex_lock(&ob->lock);
	old = ob->pages;
	old_nr = ob->nr_pages;
	ob->pages = pages;
	ob->nr_pages = nr;
	mutex_unlock(&ob->lock);

	/* faults find the new array now, so the zap is final */
	unmap_mapping_range(ob->mapping, 0, 0, 1);

	omnibuf_free_pages(old, old_nr);
	return 0;
}

static long omnibuf_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct omnibuf *ob = file->private_data;

	switch (cmd) {
	case OMNIBUF_IOC_RESIZE:
		return omnibuf_resize(ob, arg);
	default:
		return -ENOTTY;
	}
}

static int omnibuf_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct omnibuf *ob = file->private_data;

	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_private_data = ob;
	vma->vm_ops = &omnibuf_vm_ops;
	return 0;
}

static int omnibuf_open(struct inode *inode, struct file *file)
{
	struct omnibuf *ob;

	ob = kzalloc(sizeof(*ob), GFP_KERNEL);
	if (!ob)
		return -ENOMEM;
	mutex_init(&ob->lock);
	ob->mapping = file->f_mapping;
	file->private_data = ob;
	return 0;
}

static int omnibuf_release(struct inode *inode, struct file *file)
{
	struct omnibuf *ob = file->private_data;

	omnibuf_free_pages(ob->pages, ob->nr_pages);
	mutex_destroy(&ob->lock);
	kfree(ob);
	return 0;
}

static const struct file_operations omnibuf_fops = {
	.owner		= THIS_MODULE,
	.open		= omnibuf_open,
	.release	= omnibuf_release,
	.mmap		= omnibuf_mmap,
	.unlocked_ioctl	= omnibuf_ioctl,
};

static struct miscdevice omnibuf_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "omnibuf",
	.fops	= &omnibuf_fops,
};
module_misc_device(omnibuf_misc);

MODULE_DESCRIPTION("OMNI capture shared buffers");
MODULE_LICENSE("GPL");
