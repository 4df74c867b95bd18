// Device memory that is taken away from user space: what a fault looked at must not change before its entry is set, and the entries must go last.
// simulate: loose_fault loose_revoke
// simulate: tight_fault tight_revoke
// simulate: window_fault window_close_early
// simulate: window_fault window_close_late
// simulate: frames_fault frames_shrink
// simulate: frames_fault_locked frames_shrink_waiting
#include <linux/mm.h>

struct sample_bar {
	struct rw_semaphore sem;
	struct address_space *mapping;
	bool gone;
	unsigned long start;
};

static vm_fault_t loose_fault(struct vm_fault *vmf)
{
	struct sample_bar *bar = vmf->vma->vm_private_data;

	if (bar->gone)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address, bar->start >> PAGE_SHIFT);
}

void loose_revoke(struct sample_bar *bar)
{
	bar->gone = true;
	unmap_mapping_range(bar->mapping, 0, 0, 1);
}

static vm_fault_t tight_fault(struct vm_fault *vmf)
{
	struct sample_bar *bar = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	down_read(&bar->sem);
	if (!bar->gone)
		ret = vmf_insert_pfn(vmf->vma, vmf->address, bar->start >> PAGE_SHIFT);
	up_read(&bar->sem);
	return ret;
}

void tight_revoke(struct sample_bar *bar)
{
	down_write(&bar->sem);
	bar->gone = true;
	unmap_mapping_range(bar->mapping, 0, 0, 1);
	up_write(&bar->sem);
}

struct sample_window {
	struct mutex lock;
	struct address_space *mapping;
	unsigned long memory;
};

static vm_fault_t window_fault(struct vm_fault *vmf)
{
	struct sample_window *window = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	mutex_lock(&window->lock);
	if (window->memory)
		ret = vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(virt_to_page(window->memory)));
	mutex_unlock(&window->lock);
	return ret;
}

void window_close_early(struct sample_window *window)
{
	unsigned long memory;

	unmap_mapping_range(window->mapping, 0, 0, 1);
	mutex_lock(&window->lock);
	memory = window->memory;
	window->memory = 0;
	mutex_unlock(&window->lock);
	if (memory)
		free_pages(memory, 0);
}

void window_close_late(struct sample_window *window)
{
	unsigned long memory;

	mutex_lock(&window->lock);
	memory = window->memory;
	window->memory = 0;
	mutex_unlock(&window->lock);
	unmap_mapping_range(window->mapping, 0, 0, 1);
	if (memory)
		free_pages(memory, 0);
}

struct sample_frames {
	struct mutex lock;
	struct address_space *mapping;
	struct page *pages[16];
};

static vm_fault_t frames_fault(struct vm_fault *vmf)
{
	struct sample_frames *frames = vmf->vma->vm_private_data;
	struct page *page;

	mutex_lock(&frames->lock);
	page = frames->pages[vmf->pgoff];
	if (page)
		get_page(page);
	mutex_unlock(&frames->lock);
	if (!page)
		return VM_FAULT_SIGBUS;
	vmf->page = page;
	return 0;
}

void frames_shrink(struct sample_frames *frames, int n)
{
	struct page *page;

	mutex_lock(&frames->lock);
	page = frames->pages[n];
	frames->pages[n] = NULL;
	if (page)
		put_page(page);
	unmap_mapping_range(frames->mapping, 0, 0, 1);
	mutex_unlock(&frames->lock);
}

static vm_fault_t frames_fault_locked(struct vm_fault *vmf)
{
	struct sample_frames *frames = vmf->vma->vm_private_data;
	struct page *page;

	mutex_lock(&frames->lock);
	page = frames->pages[vmf->pgoff];
	if (page) {
		get_page(page);
		lock_page(page);
	}
	mutex_unlock(&frames->lock);
	if (!page)
		return VM_FAULT_SIGBUS;
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

void frames_shrink_waiting(struct sample_frames *frames, int n)
{
	struct page *page;

	mutex_lock(&frames->lock);
	page = frames->pages[n];
	frames->pages[n] = NULL;
	if (page) {
		lock_page(page);
		unlock_page(page);
		put_page(page);
	}
	unmap_mapping_range(frames->mapping, 0, 0, 1);
	mutex_unlock(&frames->lock);
}
