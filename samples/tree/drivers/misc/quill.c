// SPDX-License-Identifier: GPL-2.0
/*
 * Quill plotter: draws what user space writes into a mapped buffer.
 */
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/xarray.h>

struct quill_buffer {
	struct mutex lock;
	struct xarray pages;
	struct address_space *mapping;
};

struct quill_session {
	struct kref refcount;
	u32 id;
	u32 ink;
};

struct quill {
	struct mutex lock;
	struct xarray sessions;
	struct quill_buffer buffer;
};

static vm_fault_t quill_fault(struct vm_fault *vmf)
{
	struct quill_buffer *buffer = vmf->vma->vm_private_data;
	struct page *page;

	mutex_lock(&buffer->lock);
	page = xa_load(&buffer->pages, vmf->pgoff);
	if (!page) {
		mutex_unlock(&buffer->lock);
		return VM_FAULT_SIGBUS;
	}
	get_page(page);
	mutex_unlock(&buffer->lock);

	vmf->page = page;
	return 0;
}

static const struct vm_operations_struct quill_vm_ops = {
	.fault	= quill_fault,
};

/* The plotter is done with a page: takes it out of the buffer and out of every address space. */
static void quill_discard(struct quill_buffer *buffer, pgoff_t index)
{
	struct page *page;

	mutex_lock(&buffer->lock);
	page = xa_erase(&buffer->pages, index);
	mutex_unlock(&buffer->lock);
	if (!page)
		return;

	unmap_mapping_range(buffer->mapping, (loff_t)index << PAGE_SHIFT,
			    PAGE_SIZE, 1);
	put_page(page);
}

static void quill_session_release(struct kref *kref)
{
	kfree(container_of(kref, struct quill_session, refcount));
}

/* Returns the session with a reference held, or NULL. */
static struct quill_session *quill_session_get(struct quill *quill, u32 id)
{
	struct quill_session *session;

	mutex_lock(&quill->lock);
	session = xa_load(&quill->sessions, id);
	if (session)
		kref_get(&session->refcount);
	mutex_unlock(&quill->lock);

	return session;
}

static int quill_session_refill(struct quill *quill, u32 id, u32 ink)
{
	struct quill_session *session;

	session = quill_session_get(quill, id);
	if (!session)
		return -ENOENT;

	WRITE_ONCE(session->ink, ink);
	kref_put(&session->refcount, quill_session_release);
	return 0;
}

static int quill_session_close(struct quill *quill, u32 id)
{
	struct quill_session *session;

	mutex_lock(&quill->lock);
	session = xa_erase(&quill->sessions, id);
	mutex_unlock(&quill->lock);
	if (!session)
		return -ENOENT;

	pr_debug("session %u closed\n", id);
	kref_put(&session->refcount, quill_session_release);
	return 0;
}
