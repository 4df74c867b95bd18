// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "sgx2.h"

struct sgx2_object {
	struct xarray folios;
	struct address_space *mapping;
	struct mutex remove_lock;
	unsigned long nr;
};

int sgx2_add(struct sgx2_object *so, pgoff_t index)
{
	struct folio *folio;
	int ret;

	folio = folio_alloc(GFP_KERNEL | __GFP_ZERO, 0);
	if (!folio)
		return -ENOMEM;
	ret = xa_insert(&so->folios, index, folio, GFP_KERNEL);
	if (ret)
		folio_put(folio);
	return ret;
}

static vm_fault_t sgx2_fault(struct vm_fault *vmf)
{
	struct sgx2_object *so = vmf->vma->vm_private_data;
	struct folio *folio;

	xa_lock(&so->folios);
	folio = xa_load(&so->folios, vmf->pgoff);
	if (folio)
		folio_get(folio);
	xa_unlock(&so->folios);
	if (!folio)
		return VM_FAULT_SIGBUS;

	vmf->page = folio_page(folio, 0);
	return 0;
}

static const struct vm_operations_struct sgx2_vm_ops = {
	.fault = sgx2_fault,
};

void sgx2_remove_range(struct sgx2_object *so, pgoff_t first, pgoff_t last)
{
	struct folio *folio;
	unsigned long index;

	mutex_lock(&so->remove_lock);
	unmap_mapping_range(so->mapping, (loff_t)first << PAGE_SHIFT,
			    (loff_t)(last - first + 1) << PAGE_SHIFT, 1);
	xa_for_each_range(&so->folios, index, folio, first, last) {
		xa_erase(&so->folios, index);
		folio_put(folio);
	}
	mutex_unlock(&so->remove_lock);
}

int sgx2_mmap(struct sgx2_object *so, struct vm_area_struct *vma)
{
	vma->vm_private_data = so;
	vma->vm_ops = &sgx2_vm_ops;
	return 0;
}

void sgx2_object_init(struct sgx2_object *so, struct address_space *mapping)
{
	xa_init(&so->folios);
	mutex_init(&so->remove_lock);
	so->mapping = mapping;
}
