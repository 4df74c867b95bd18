// SPDX-License-Identifier: GPL-2.0
#include <linux/fpga/fpga-mgr.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#define FPGA_WIN_SLOTS	256

struct fpga_win {
	struct mutex lock;
	struct address_space *mapping;
	struct page *slot[FPGA_WIN_SLOTS];
	unsigned int used;
};

static vm_fault_t fpga_win_fault(struct vm_fault *vmf)
{
	struct fpga_win *w = vmf->vma->vm_private_data;
	struct page *page;

	if (vmf->pgoff >= FPGA_WIN_SLOTS)
		return VM_FAULT_SIGBUS;

	page = READ_ONCE(w->slot[vmf->pgoff]);
	if (!page)
		return VM_FAULT_SIGBUS;

	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
}

static const struct vm_operations_struct fpga_win_vm_ops = {
	.fault	= fpga_win_fault,
};

int fpga_win_mmap(struct fpga_win *w, struct vm_area_struct *vma)
{
	if (vma->vm_pgoff + vma_pages(vma) > FPGA_WIN_SLOTS)
		return -EINVAL;
	vma->vm_flags |= VM_PFNMAP | VM_IO | VM_DONTEXPAND;
	vma->vm_private_data = w;
	vma->vm_ops = &fpga_win_vm_ops;
	return 0;
}

int fpga_win_fill(struct fpga_win *w, unsigned int i)
{
	struct page *page;
	int ret = 0;

	if (i >= FPGA_WIN_SLOTS)
		return -EINVAL;

	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!page)
		return -ENOMEM;

	mutex_lock(&w->lock);
	if (w->slot[i]) {
		__free_page(page);
		ret = -EEXIST;
	} else {
		WRITE_ONCE(w->slot[i], page);
		w->used++;
	}
	mutex_unlock(&w->lock);
	return ret;
}

int fpga_win_evict(struct fpga_win *w, unsigned int i)
{
	struct page *page;

	if (i >= FPGA_WIN_SLOTS)
		return -EINVAL;

	mutex_lock(&w->lock);
	page = w->slot[i];
	if (!page) {
		mutex_unlock(&w->lock);
		return -ENOENT;
	}
	WRITE_ONCE(w->slot[i], NULL);
	w->used--;
	mutex_unlock(&w->lock);

	__free_page(page);
	return 0;
}

void fpga_win_init(struct fpga_win *w, struct address_space *mapping)
{
	memset(w, 0, sizeof(*w));
	mutex_init(&w->lock);
	w->mapping = mapping;
}
