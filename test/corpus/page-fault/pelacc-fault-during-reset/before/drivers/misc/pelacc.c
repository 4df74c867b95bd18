// SPDX-License-Identifier: GPL-2.0
/*
 * Pelican accelerator: doorbell page mapping and function reset
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <uapi/linux/pelacc.h>

struct pelacc {
	struct pci_dev		*pdev;
	struct miscdevice	misc;
	struct address_space	*mapping;
	struct mutex		reset_lock;	/* serialises resets */
	resource_size_t		db_start;
	resource_size_t		db_len;
	bool			in_reset;
};

static struct pelacc *to_pelacc(struct file *file)
{
	return container_of(file->private_data, struct pelacc, misc);
}

static vm_fault_t pelacc_db_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct pelacc *pa = vma->vm_private_data;
	unsigned long off = vmf->pgoff << PAGE_SHIFT;

	if (off >= pa->db_len)
		return VM_FAULT_SIGBUS;

	return vmf_insert_pfn(vma, vmf->address,
			      (pa->db_start + off) >> PAGE_SHIFT);
}

static const struct vm_operations_struct pelacc_db_vm_ops = {
	.fault = pelacc_db_fault,
};

static int pelacc_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct pelacc *pa = to_pelacc(file);

	if (vma->vm_end - vma->vm_start > pa->db_len)
		return -EINVAL;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);
	vma->vm_private_data = pa;
	vma->vm_ops = &pelacc_db_vm_ops;
	return 0;
}

/*
 * The doorbell BAR must not be touched while the function is in reset, an
 * access raises a fatal completion timeout on this platform.
 */
static int pelacc_reset(struct pelacc *pa)
{
	int ret;

	mutex_lock(&pa->reset_lock);
	unmap_mapping_range(pa->mapping, 0, pa->db_len, 1);
	ret = pci_reset_function(pa->pdev);
	mutex_unlock(&pa->reset_lock);
	return ret;
}

static long pelacc_ioctl(struct file *file, unsigned int cmd,
			 unsigned long arg)
{
	struct pelacc *pa = to_pelacc(file);

	switch (cmd) {
	case PELACC_IOC_RESET:
		return pelacc_reset(pa);
	}
	return -ENOTTY;
}

static int pelacc_open(struct inode *inode, struct file *file)
{
	struct pelacc *pa = to_pelacc(file);

	mutex_lock(&pa->reset_lock);
	if (!pa->mapping)
		pa->mapping = inode->i_mapping;
	file->f_mapping = pa->mapping;
	mutex_unlock(&pa->reset_lock);
	return 0;
}

static const struct file_operations pelacc_fops = {
	.owner		= THIS_MODULE,
	.open		= pelacc_open,
	.mmap		= pelacc_mmap,
	.unlocked_ioctl	= pelacc_ioctl,
};

static int pelacc_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct pelacc *pa;
	int ret;

	pa = devm_kzalloc(&pdev->dev, sizeof(*pa), GFP_KERNEL);
	if (!pa)
		return -ENOMEM;
	ret = pcim_enable_device(pdev);
	if (ret)
		return ret;

	pa->pdev = pdev;
	mutex_init(&pa->reset_lock);
	pa->db_start = pci_resource_start(pdev, 2);
	pa->db_len = pci_resource_len(pdev, 2);
	pa->misc.minor = MISC_DYNAMIC_MINOR;
	pa->misc.name = "pelacc";
	pa->misc.fops = &pelacc_fops;
	return misc_register(&pa->misc);
}

static const struct pci_device_id pelacc_ids[] = {
	{ PCI_DEVICE(0x1fb4, 0x0a10) },
	{ }
};
MODULE_DEVICE_TABLE(pci, pelacc_ids);

static struct pci_driver pelacc_driver = {
	.name		= "pelacc",
	.id_table	= pelacc_ids,
	.probe		= pelacc_probe,
	.driver		= { .suppress_bind_attrs = true },
};
builtin_pci_driver(pelacc_driver);
