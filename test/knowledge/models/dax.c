// A write to a hole against a read fault: the fault that asks the file system before it locks the entry may map the zero page for good.
// simulate: fault_then_lock write_hole
// simulate: fault_locked write_hole
#include <linux/dax.h>

static vm_fault_t fault_then_lock(struct vm_fault *vmf)
{
	return dax_iomap_pte_fault(vmf, &sample_iomap_ops);
}

static vm_fault_t fault_locked(struct vm_fault *vmf)
{
	return dax_iomap_fault(vmf, 0, NULL, NULL, &sample_iomap_ops);
}

ssize_t write_hole(struct kiocb *iocb, struct iov_iter *from)
{
	return dax_iomap_rw(iocb, from, &sample_iomap_ops);
}
