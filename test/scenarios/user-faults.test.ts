import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Copies to and from user space may find that a page is not there: then they take what whoever calls a fault handler holds. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const QUUX = (body: string, operations = HANDLER): string => `
#include <linux/mm.h>
#include <linux/uaccess.h>
struct quux_info { int filled; int lost; };
struct quux { struct mutex lock; struct mutex info_lock; void *ring; struct quux_info info; };
${operations}
static long quux_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct quux *q = file->private_data;
	struct quux_info __user *to = (void __user *)arg;
	struct quux_info info;
	int err = 0;
${body}
	return err;
}
static const struct file_operations quux_fops = { .unlocked_ioctl = quux_ioctl, .mmap = quux_mmap };
`;
const HANDLER = `
static vm_fault_t quux_fault(struct vm_fault *vmf)
{
	struct quux *q = vmf->vma->vm_private_data;
	mutex_lock(&q->lock);
	if (!q->ring) {
		mutex_unlock(&q->lock);
		return VM_FAULT_SIGBUS;
	}
	vmf->page = vmalloc_to_page(q->ring);
	get_page(vmf->page);
	mutex_unlock(&q->lock);
	return 0;
}
static const struct vm_operations_struct quux_vm_ops = { .fault = quux_fault };
static int quux_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_private_data = file->private_data;
	vma->vm_ops = &quux_vm_ops;
	return 0;
}
`;
const MAPS_UNDER_LOCK = `
static int quux_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct quux *q = file->private_data;
	int err;
	mutex_lock(&q->lock);
	err = remap_vmalloc_range(vma, q->ring, 0);
	mutex_unlock(&q->lock);
	return err;
}
`;
const MOVED_OUT = (lock = 'lock'): string => `
	mutex_lock(&q->${lock});
-	if (copy_to_user(to, &q->info, sizeof(info)))
-		err = -EFAULT;
+	info = q->info;
	mutex_unlock(&q->${lock});
+	if (copy_to_user(to, &info, sizeof(info)))
+		err = -EFAULT;`;
const MOVED_IN = (off = '', on = ''): string => `
-	if (get_user(info.lost, &to->lost))
-		return -EFAULT;
	mutex_lock(&q->lock);
+${off}	if (get_user(info.lost, &to->lost))
+		err = -EFAULT;
${on}	q->info.lost = info.lost;
	mutex_unlock(&q->lock);`;

const check = async (file: string, expected: string): Promise<void> => expect(await saidOfFile(analyzer, 'quux', 'copy elsewhere', file, true)).toBe(expected);

describe('a copy to or from user space', () => {
	it('under the lock of the fault handler', () => check(QUUX(MOVED_OUT()), 'fixes: deadlock'));
	it('under the lock of who maps it', () => check(QUUX(MOVED_OUT(), MAPS_UNDER_LOCK), 'fixes: deadlock'));
	it('under a lock that no fault takes', () => check(QUUX(MOVED_OUT('info_lock')), 'no-failure'));
	it('that the patch brings under that lock', () => check(QUUX(MOVED_IN()), 'introduces: deadlock'));
	it('where faults are off', () => check(QUUX(MOVED_IN('	pagefault_disable();\n+', '+	pagefault_enable();\n')), 'no-failure'));
});

const TWO = (other: string): string => QUUX(`
	if (cmd == 1)
		return quux_get_info(q, to);
	return quux_set_info(q, to);`, `${HANDLER}
static int quux_get_info(struct quux *q, struct quux_info __user *to)
{
	struct quux_info info;
	int err = 0;
${MOVED_OUT()}
	return err;
}
static int quux_set_info(struct quux *q, struct quux_info __user *to)
{
	struct quux_info info;
	int err = 0;
${other}
	return err;
}
`);

describe('one of two copies that is moved out of the lock', () => {
	const said = (other: string): Promise<string> => saidOfFile(analyzer, 'quux', 'fix deadlock between q->lock and mmap_lock', TWO(other), true);
	it('leaves the dead lock where the other one is not', async () => expect(await said(`
	mutex_lock(&q->lock);
	if (copy_from_user(&info, to, sizeof(info)))
		err = -EFAULT;
	else
		q->info = info;
	mutex_unlock(&q->lock);`)).toBe('still-fails: deadlock'));
	it('ends it where the other one is', async () => expect(await said(`
	if (copy_from_user(&info, to, sizeof(info)))
		return -EFAULT;
	mutex_lock(&q->lock);
	q->info = info;
	mutex_unlock(&q->lock);`)).toBe('fixes: deadlock'));
});

describe('a copy to user space, where nobody shows the fault handler', () => {
	const hunk = MOVED_OUT().replace(/^(?=\t)/gm, ' ');
	const said = (words: string): Promise<string> => saidOfHunk(analyzer, words, 'static int quux_get_info(struct quux *q, struct quux_info __user *to)', hunk, 'quux: copy the info behind the lock');
	it('is what a mail of a lock inversion speaks of', async () => expect(await said('lockdep reports q->lock and mmap_lock in both orders.')).toBe('fixes: deadlock'));
	it('may be slow, and no more', async () => expect(await said('Others need not wait for the page faults of this one.')).toBe('no-failure'));
});
