// A fault handler against the removal of the page: the page is locked from the look-up until it is mapped, or the mapping is stale.
// simulate: plain_fault plain_shrink
// simulate: locked_fault locked_shrink
// simulate: frame_fault frame_drop
#include <linux/mm.h>

struct store {
	struct mutex lock;
	struct xarray pages;
	struct xarray frames;
	struct inode *inode;
};

static vm_fault_t plain_fault(struct vm_fault *vmf)
{
	struct store *store = vmf->vma->vm_private_data;
	struct page *page;

	mutex_lock(&store->lock);
	page = xa_load(&store->pages, vmf->pgoff);
	if (!page) {
		mutex_unlock(&store->lock);
		return VM_FAULT_SIGBUS;
	}
	get_page(page);
	mutex_unlock(&store->lock);
	vmf->page = page;
	return 0;
}

void plain_shrink(struct store *store, unsigned long index)
{
	struct page *page;

	mutex_lock(&store->lock);
	page = xa_erase(&store->pages, index);
	if (page) {
		unmap_mapping_range(store->inode->i_mapping, 0, 0, 1);
		__free_page(page);
	}
	mutex_unlock(&store->lock);
}

static const struct vm_operations_struct plain_vm_ops = {
	.fault = plain_fault,
};

static vm_fault_t locked_fault(struct vm_fault *vmf)
{
	struct store *store = vmf->vma->vm_private_data;
	struct page *page;

	mutex_lock(&store->lock);
	page = xa_load(&store->pages, vmf->pgoff);
	if (!page) {
		mutex_unlock(&store->lock);
		return VM_FAULT_SIGBUS;
	}
	get_page(page);
	lock_page(page);
	mutex_unlock(&store->lock);
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

void locked_shrink(struct store *store, unsigned long index)
{
	struct page *page;

	mutex_lock(&store->lock);
	page = xa_erase(&store->pages, index);
	if (page) {
		lock_page(page);
		unlock_page(page);
		unmap_mapping_range(store->inode->i_mapping, 0, 0, 1);
		__free_page(page);
	}
	mutex_unlock(&store->lock);
}

static const struct vm_operations_struct locked_vm_ops = {
	.fault = locked_fault,
};

static vm_fault_t frame_fault(struct vm_fault *vmf)
{
	struct store *store = vmf->vma->vm_private_data;
	struct page *page = xa_load(&store->frames, vmf->pgoff);

	if (!page)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
}

void frame_drop(struct store *store, unsigned long index)
{
	struct page *page = xa_erase(&store->frames, index);

	if (!page)
		return;
	unmap_mapping_range(store->inode->i_mapping, 0, 0, 1);
	__free_page(page);
}

static const struct vm_operations_struct frame_vm_ops = {
	.fault = frame_fault,
};
