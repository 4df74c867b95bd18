// SPDX-License-Identifier: GPL-2.0
/*
 * Holm display: buffer objects
 */
#include <linux/dma-mapping.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include "holm.h"

struct holm_bo {
	struct kref		ref;
	struct mutex		lock;		/* pages, vaddr, vmap_count */
	struct file		*shmem;
	struct page		**pages;
	unsigned int		nr_pages;
	void			*vaddr;
	unsigned int		vmap_count;
};

static struct page **holm_bo_pin_pages(struct holm_bo *bo)
{
	struct page **pages;
	unsigned int i;

	pages = kvcalloc(bo->nr_pages, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < bo->nr_pages; i++) {
		pages[i] = shmem_read_mapping_page(bo->shmem->f_mapping, i);
		if (IS_ERR(pages[i])) {
			int err = PTR_ERR(pages[i]);

			while (i--)
				put_page(pages[i]);
			kvfree(pages);
			return ERR_PTR(err);
		}
	}
	return pages;
}

static void holm_bo_unpin_pages(struct holm_bo *bo, struct page **pages)
{
	unsigned int i;

	for (i = 0; i < bo->nr_pages; i++)
		put_page(pages[i]);
	kvfree(pages);
}

int holm_bo_get_pages(struct holm_bo *bo)
{
	struct page **pages;
	int ret = 0;

	mutex_lock(&bo->lock);
	if (!bo->pages) {
		pages = holm_bo_pin_pages(bo);
		if (IS_ERR(pages))
			ret = PTR_ERR(pages);
		else
			bo->pages = pages;
	}
	mutex_unlock(&bo->lock);
	return ret;
}

void *holm_bo_vmap(struct holm_bo *bo)
{
	void *vaddr;
	int ret;

	ret = holm_bo_get_pages(bo);
	if (ret)
		return ERR_PTR(ret);

	mutex_lock(&bo->lock);
	if (!bo->vmap_count)
		bo->vaddr = vmap(bo->pages, bo->nr_pages, VM_MAP, PAGE_KERNEL);
	vaddr = bo->vaddr;
	if (vaddr)
		bo->vmap_count++;
	mutex_unlock(&bo->lock);
	return vaddr ?: ERR_PTR(-ENOMEM);
}

void holm_bo_vunmap(struct holm_bo *bo)
{
	mutex_lock(&bo->lock);
	if (!--bo->vmap_count) {
		vunmap(bo->vaddr);
		bo->vaddr = NULL;
	}
	mutex_unlock(&bo->lock);
}

static void holm_bo_release(struct kref *ref)
{
	struct holm_bo *bo = container_of(ref, struct holm_bo, ref);

	if (bo->pages)
		holm_bo_unpin_pages(bo, bo->pages);
	fput(bo->shmem);
	mutex_destroy(&bo->lock);
	kfree(bo);
}

void holm_bo_put(struct holm_bo *bo)
{
	kref_put(&bo->ref, holm_bo_release);
}

struct holm_bo *holm_bo_create(size_t size)
{
	struct holm_bo *bo = kzalloc(sizeof(*bo), GFP_KERNEL);

	if (!bo)
		return ERR_PTR(-ENOMEM);
	kref_init(&bo->ref);
	mutex_init(&bo->lock);
	bo->nr_pages = PAGE_ALIGN(size) >> PAGE_SHIFT;
	bo->shmem = shmem_file_setup("holm", PAGE_ALIGN(size), VM_NORESERVE);
	if (IS_ERR(bo->shmem)) {
		void *err = bo->shmem;

		kfree(bo);
		return err;
	}
	return bo;
}
