import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** What user space asks for, faults and the locks that they take or go without: a whole made-up file with a change, and what is said. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(subject: string, file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'plum', subject, file, true)).toBe(expected);
}

const PLUM = `
#define PLUM_IOC_STATE	_IOR('P', 1, __u32)
#define PLUM_IOC_RESIZE	_IOW('P', 2, __u32)
struct plum_buf { unsigned int nr; struct page *pages[]; };
struct plum { struct mutex lock; struct plum_buf *buf; int resizes; };

static void plum_buf_free(struct plum_buf *buf)
{
	unsigned int i;

	if (!buf)
		return;
	for (i = 0; i < buf->nr; i++)
		__free_page(buf->pages[i]);
	kvfree(buf);
}

static vm_fault_t plum_fault(struct vm_fault *vmf)
{
	struct plum *p = vmf->vma->vm_private_data;
	vm_fault_t ret = VM_FAULT_SIGBUS;

	mutex_lock(&p->lock);
	if (p->buf && vmf->pgoff < p->buf->nr)
		ret = vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(p->buf->pages[vmf->pgoff]));
	mutex_unlock(&p->lock);
	return ret;
}

static const struct vm_operations_struct plum_vm_ops = {
	.fault = plum_fault,
};
`;
const RELEASE = `
static int plum_release(struct inode *inode, struct file *filp)
{
	struct plum *p = filp->private_data;

	plum_buf_free(p->buf);
	p->buf = NULL;
	return 0;
}

static const struct file_operations plum_fops = {
	.unlocked_ioctl = plum_ioctl,
	.release = plum_release,
};
`;
const resizing = (body: string): string => `${PLUM}
static int plum_resize(struct plum *p, struct file *filp, u32 nr)
{
	struct plum_buf *old, *new;

	if (!nr || nr > 64)
		return -EINVAL;
	new = plum_buf_alloc(nr);
	if (!new)
		return -ENOMEM;
${body}
	old = p->buf;
	p->buf = new;
	mutex_unlock(&p->lock);
	plum_buf_free(old);
	return 0;
}

static long plum_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct plum *p = filp->private_data;
	u32 nr;

	switch (cmd) {
	case PLUM_IOC_STATE:
		return p->resizes;
	case PLUM_IOC_RESIZE:
		if (get_user(nr, (u32 __user *)arg))
			return -EFAULT;
		return plum_resize(p, filp, nr);
	}
	return -ENOTTY;
}
${RELEASE}`;

describe('an ioctl that is not the first, with a number from user space', () => {
	it('takes mappings down before it has the lock', () => check('zap outside of the lock', resizing(`-	mutex_lock(&p->lock);
 	unmap_mapping_range(filp->f_mapping, 0, 0, 1);
+	mutex_lock(&p->lock);`), 'introduces: stale-mapping'));
	it('counts before it takes them down', () => check('count first', resizing(` 	mutex_lock(&p->lock);
+	p->resizes++;
 	unmap_mapping_range(filp->f_mapping, 0, 0, 1);
-	p->resizes++;`), 'no-failure'));
});

const hole = (fault: readonly [string, string], body: string): string => `
static vm_fault_t plum_fault(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	vm_fault_t ret;

	${fault[0]};
	ret = vmf_insert_pfn(vmf->vma, vmf->address, plum_lookup(inode, vmf->pgoff));
	${fault[1]};
	return ret;
}

static const struct vm_operations_struct plum_vm_ops = {
	.fault = plum_fault,
};

static long plum_punch(struct inode *inode, loff_t offset, loff_t len)
{
	struct address_space *mapping = inode->i_mapping;

	inode_lock(inode);
${body}
	inode_unlock(inode);
	return 0;
}
`;
const LOCKED = ['filemap_invalidate_lock_shared(inode->i_mapping)', 'filemap_invalidate_unlock_shared(inode->i_mapping)'] as const;
const BARE = ['plum_count(inode)', 'plum_count(inode)'] as const;
const TAKEN = `+	filemap_invalidate_lock(mapping);
 	unmap_mapping_range(mapping, offset, len, 1);
 	plum_free_blocks(inode, offset, len);
+	filemap_invalidate_unlock(mapping);`;
const SHORTENED = ` 	filemap_invalidate_lock(mapping);
 	unmap_mapping_range(mapping, offset, len, 1);
-	plum_free_blocks(inode, offset, len);
 	filemap_invalidate_unlock(mapping);
+	plum_free_blocks(inode, offset, len);`;

describe('a fault handler in sight', () => {
	it('takes the lock that is now held', () => check('fix a race of page faults with hole punching', hole(LOCKED, TAKEN), 'fixes: check-then-act, data-race, lost-data, stale-mapping, use-after-free'));
	it('goes without it', () => check('fix a race of page faults with hole punching', hole(BARE, TAKEN), 'still-fails: stale-mapping'));
	it('takes the lock that is given up too early now', () => check('free blocks outside of the invalidate lock', hole(LOCKED, SHORTENED), 'introduces: stale-mapping'));
	it('never took it', () => check('free blocks outside of the invalidate lock', hole(BARE, SHORTENED), 'no-failure'));
});
