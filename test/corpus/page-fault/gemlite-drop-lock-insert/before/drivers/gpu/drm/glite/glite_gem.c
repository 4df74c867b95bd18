// SPDX-License-Identifier: MIT
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>

#include <drm/drm_gem.h>
#include <drm/drm_vma_manager.h>

#include "glite_drv.h"

struct glite_gem {
	struct drm_gem_object base;
	struct mutex pages_lock;
	struct page **pages;
	bool purgeable;
};

#define to_glite(o) container_of(o, struct glite_gem, base)

static void glite_free_pages(struct page **pages, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		if (pages[i])
			__free_page(pages[i]);
	kvfree(pages);
}

static int glite_gem_get_pages(struct glite_gem *obj)
{
	unsigned long i, n = obj->base.size >> PAGE_SHIFT;
	struct page **pages;

	lockdep_assert_held(&obj->pages_lock);

	if (obj->pages)
		return 0;

	pages = kvcalloc(n, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return -ENOMEM;

	for (i = 0; i < n; i++) {
		pages[i] = alloc_page(GFP_KERNEL | __GFP_ZERO);
		if (!pages[i]) {
			glite_free_pages(pages, i);
			return -ENOMEM;
		}
	}
	obj->pages = pages;
	return 0;
}

static vm_fault_t glite_gem_fault(struct vm_fault *vmf)
{
	struct drm_gem_object *gobj = vmf->vma->vm_private_data;
	struct glite_gem *obj = to_glite(gobj);
	unsigned long off;
	struct page *page;
	vm_fault_t ret;

	off = (vmf->address - vmf->vma->vm_start) >> PAGE_SHIFT;
	if (off >= gobj->size >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;

	mutex_lock(&obj->pages_lock);
	if (glite_gem_get_pages(obj)) {
		mutex_unlock(&obj->pages_lock);
		return VM_FAULT_OOM;
	}

	page = obj->pages[off];
	ret = vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(page));
	mutex_unlock(&obj->pages_lock);

	return ret;
}

/* Called from the shrinker for buffers marked DONTNEED */
unsigned long glite_gem_purge(struct glite_gem *obj)
{
	unsigned long n = obj->base.size >> PAGE_SHIFT;
	struct page **pages;

	if (!mutex_trylock(&obj->pages_lock))
		return 0;
	if (!obj->pages || !obj->purgeable) {
		mutex_unlock(&obj->pages_lock);
		return 0;
	}
	pages = obj->pages;
	obj->pages = NULL;
	drm_vma_node_unmap(&obj->base.vma_node,
			   obj->base.dev->anon_inode->i_mapping);
	glite_free_pages(pages, n);
	mutex_unlock(&obj->pages_lock);
	return n;
}

int glite_gem_madvise(struct glite_gem *obj, bool dontneed)
{
	mutex_lock(&obj->pages_lock);
	obj->purgeable = dontneed;
	mutex_unlock(&obj->pages_lock);
	return 0;
}

void glite_gem_free(struct drm_gem_object *gobj)
{
	struct glite_gem *obj = to_glite(gobj);

	if (obj->pages)
		glite_free_pages(obj->pages, gobj->size >> PAGE_SHIFT);
	drm_gem_object_release(gobj);
	mutex_destroy(&obj->pages_lock);
	kfree(obj);
}

const struct vm_operations_struct glite_gem_vm_ops = {
	.fault	= glite_gem_fault,
	.open	= drm_gem_vm_open,
	.close	= drm_gem_vm_close,
};
