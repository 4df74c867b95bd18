import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Code that a patch leaves as it was is presumed to be right, as far as it does not show itself that two of its functions contend: a whole made-up file, and what is said. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'pear', 'name the step', file, true)).toBe(expected);
}

const TYPES = `
struct pear_item { struct list_head node; int weight; };
struct pear { spinlock_t lock; struct list_head items; struct pear_item *best; int step; };
#define pear_for_each(item, next, p) \\
	list_for_each_entry_safe(item, next, &(p)->items, node)
`;

/** Uses what it fetched under the lock behind it. */
const WEIGH = `int pear_weigh(struct pear *p)
{
	struct pear_item *item;

	spin_lock(&p->lock);
	item = p->best;
	spin_unlock(&p->lock);
-	p->step = 1;
+	p->step = 2;
	return item ? item->weight : 0;
}
`;

/** Frees it under the lock. */
const takesAway = (name: string): string => `void ${name}(struct pear *p)
{
	spin_lock(&p->lock);
	kfree(p->best);
	p->best = NULL;
	spin_unlock(&p->lock);
}`;

describe('what is there before and after', () => {
	it('is used by who put it where the other one finds it', () => check(`${TYPES}
int pear_add(struct pear *p)
{
	struct pear_item *item = kzalloc(sizeof(*item), GFP_KERNEL);

	if (!item)
		return -ENOMEM;
	spin_lock(&p->lock);
	p->best = item;
	spin_unlock(&p->lock);
-	p->step = 1;
+	p->step = 2;
	return item->weight;
}
${takesAway('pear_rotate')}`, 'no-failure'));

	it('is fetched and taken away under one lock, and used behind it', () => check(`${TYPES}
${WEIGH}${takesAway('pear_rotate')}`, 'pre-existing'));

	it('is used while the object that holds it is torn down', () => check(`${TYPES}
${WEIGH}${takesAway('pear_destroy_items')}`, 'no-failure'));
});

describe('what both are handed', () => {
	const ABORT = (frees: string): string => `${TYPES}
${WEIGH}static ${takesAway(frees)}
void pear_abort(struct pear *p)
{
	${frees}(p);
}`;
	it('is freed by its name, with what hangs on it', () => check(ABORT('pear_free_pear'), 'no-failure'));
	it('lives on without what is freed', () => check(ABORT('pear_free_best'), 'pre-existing'));
});

describe('who truncates', () => {
	const FAULT = (refuses: string): string => `
static vm_fault_t pear_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	struct folio *folio;
	struct page *page;

	if (((loff_t)vmf->pgoff << PAGE_SHIFT) >= i_size_read(file_inode(vmf->vma->vm_file)))
		return VM_FAULT_SIGBUS;
	filemap_invalidate_lock_shared(mapping);
	page = find_lock_page(mapping, vmf->pgoff);
	if (!page) {
		folio = folio_alloc(GFP_KERNEL, 0);
		page = &folio->page;
		if (!folio || filemap_add_folio(mapping, folio, vmf->pgoff, GFP_KERNEL)) {
			filemap_invalidate_unlock_shared(mapping);
			return VM_FAULT_SIGBUS;
		}
	}
-	pr_debug("1");
+	pr_debug("2");
	vmf->page = page;
	filemap_invalidate_unlock_shared(mapping);
	return VM_FAULT_LOCKED;
}
static const struct vm_operations_struct pear_vm_ops = { .fault = pear_fault };
static int pear_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *iattr)
{
	struct inode *inode = d_inode(dentry);
	int ret;

	filemap_invalidate_lock(inode->i_mapping);
	if (${refuses})
		ret = -EINVAL;
	else
		ret = simple_setattr(idmap, dentry, iattr);
	filemap_invalidate_unlock(inode->i_mapping);
	return ret;
}
static const struct inode_operations pear_iops = { .setattr = pear_setattr };`;
	it('is who fills the slot, and refuses', () => check(FAULT('(iattr->ia_valid & ATTR_SIZE) && inode->i_size'), 'no-failure'));
	it('is who fills the slot, and does', () => check(FAULT('iattr->ia_valid & ATTR_MODE'), 'pre-existing'));
});

/** Tests without the lock what it sets under it. */
const OPEN = `int pear_start(struct pear *p)
{
	if (p->step == 2)
		return -EBUSY;
	spin_lock(&p->lock);
	p->step = 2;
	spin_unlock(&p->lock);
-	pr_debug("1");
+	pr_debug("2");
	return 0;
}`;

describe('what is tested under no lock', () => {
	it('is held by callers in other files, as far as anybody knows', () => check(`${TYPES}${OPEN}`, 'no-failure'));

	it('is not by the caller in sight whom anybody may call at any time', () => check(`${TYPES}${OPEN}
static long pear_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return pear_start(file->private_data);
}
static const struct file_operations pear_fops = { .unlocked_ioctl = pear_ioctl };`, 'pre-existing'));
});

describe('an assertion that both sides may break', () => {
	const KINDS = (api: string): string => `
struct pear_kind { struct list_head node; atomic_t users; int weight; };
static LIST_HEAD(pear_kinds);
static DEFINE_MUTEX(pear_lock);
static struct pear_kind *pear_get(int weight)
{
	struct pear_kind *kind;

	mutex_lock(&pear_lock);
	list_for_each_entry(kind, &pear_kinds, node) {
		if (kind->weight == weight) {
			atomic_inc(&kind->users);
			mutex_unlock(&pear_lock);
			return kind;
		}
	}
	mutex_unlock(&pear_lock);
-	pr_debug("1");
+	pr_debug("2");
	return NULL;
}
int pear_weigh(int weight)
{
	struct pear_kind *kind = pear_get(weight);

	return kind ? kind->weight : 0;
}
void pear_forget(int weight)
{
	struct pear_kind *kind;

	mutex_lock(&pear_lock);
	list_for_each_entry(kind, &pear_kinds, node) {
		if (kind->weight == weight) {
			${api}(atomic_read(&kind->users));
			list_del(&kind->node);
			mutex_unlock(&pear_lock);
			kfree(kind);
			return;
		}
	}
	mutex_unlock(&pear_lock);
}`;
	it('ends the thread there', () => check(KINDS('BUG_ON'), 'no-failure'));
	it('lets it go on', () => check(KINDS('WARN_ON'), 'pre-existing'));
});

describe("a file's position", () => {
	const SEEK = (slot: string, head: string): string => `
static ${head}
{
	struct inode *inode = file_inode(file);

	inode_lock_shared(inode);
	file->f_pos += 1;
	inode_unlock_shared(inode);
-	pr_debug("1");
+	pr_debug("2");
	return file->f_pos;
}
static const struct file_operations pear_fops = { .${slot} = pear_seek };`;
	it('is moved by one at a time who seek', () => check(SEEK('llseek', 'loff_t pear_seek(struct file *file, loff_t offset, int whence)'), 'no-failure'));
	it('is moved by any number who do it by themselves', () => check(SEEK('unlocked_ioctl', 'long pear_seek(struct file *file, unsigned int cmd, unsigned long arg)'), 'pre-existing'));
});

describe("a walk by the driver's own macro", () => {
	it('ends a lock that was held round it', () => check(`${TYPES}
void pear_drain(struct pear *p)
{
	struct pear_item *item, *next;

-	spin_lock(&p->lock);
	pear_for_each(item, next, p) {
		list_del(&item->node);
		kfree(item);
	}
-	spin_unlock(&p->lock);
}
void pear_push(struct pear *p, struct pear_item *item)
{
	spin_lock(&p->lock);
	list_add(&item->node, &p->items);
	spin_unlock(&p->lock);
}`, 'introduces: lost-data, use-after-free'));
});

describe('what a teardown no longer waits for', () => {
	const PLUM = (subject: string, more = ''): string => `
struct pear_dev { struct work_struct work; struct device *dev; int level; };
static void pear_work(struct work_struct *work)
{
	struct pear_dev *pear = container_of(work, struct pear_dev, work);

	pear->level++;
}
static int pear_probe(struct platform_device *pdev)
{
	struct pear_dev *pear = devm_kzalloc(&pdev->dev, sizeof(*pear), GFP_KERNEL);

	if (!pear)
		return -ENOMEM;
	INIT_WORK(&pear->work, pear_work);
	platform_set_drvdata(pdev, pear);
	schedule_work(&pear->work);
	return 0;
}
static void pear_stop(struct pear_dev *pear)
{
	pear_${subject}(pear);${more}
}
static void pear_remove(struct platform_device *pdev)
{
	struct pear_dev *pear = platform_get_drvdata(pdev);

	pear_stop(pear);
-	cancel_work_sync(&pear->work);
}
static struct platform_driver pear_driver = { .probe = pear_probe, .remove = pear_remove };
`;
	it('may still run, though its callback is in sight', () => check(PLUM('mute'), 'introduces: use-after-free'));
	it('is stopped by what it calls', () => check(PLUM('mute', '\n\tcancel_work_sync(&pear->work);'), 'no-failure'));
});
