import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile } from './hunk-mail';

/** Changes that tidy up and change nothing of what may happen: a whole made-up file of a tree, the change, and what is said. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

async function check(subject: string, file: string, expected: string): Promise<void> {
	expect(await saidOfFile(analyzer, 'plum', subject, file, true)).toBe(expected);
}

const LIST = `
struct plum_item { struct list_head node; int weight; int id; };
struct plum { spinlock_t lock; struct list_head items; };

static struct plum_item *plum_find(struct plum *p, int id)
{
	struct plum_item *item;

	list_for_each_entry(item, &p->items, node)
		if (item->id == id)
			return item;
	return NULL;
}
void plum_weigh(struct plum *p, int id)
{
	struct plum_item *item;

	spin_lock(&p->lock);
	item = plum_find(p, id);
	if (item)
		item->weight++;
	spin_unlock(&p->lock);
}
void plum_drop(struct plum *p, int id)
{
	struct plum_item *item;

	spin_lock(&p->lock);
	item = plum_find(p, id);
	if (item)
		list_del(&item->node);
	spin_unlock(&p->lock);
	kfree(item);
}`;

describe('tidied up', () => {
	it('what a function has just made is set without the lock', () => check('allocate outside of the lock', `${LIST}
int plum_add(struct plum *p, int id)
{
	struct plum_item *item;

-	spin_lock(&p->lock);
-	item = kzalloc(sizeof(*item), GFP_ATOMIC);
-	if (!item) {
-		spin_unlock(&p->lock);
-		return -ENOMEM;
-	}
+	item = kzalloc(sizeof(*item), GFP_KERNEL);
+	if (!item)
+		return -ENOMEM;
	item->id = id;
	item->weight = 1;
+	spin_lock(&p->lock);
	list_add(&item->node, &p->items);
	spin_unlock(&p->lock);
	return 0;
}`, 'no-failure'));

	it('a function is the same by another name', () => check('name what it does', LIST.replace('void plum_drop(', '-void plum_drop(').replace('struct plum *p, int id)\n{\n\tstruct plum_item *item;\n\n\tspin_lock(&p->lock);\n\titem = plum_find(p, id);\n\tif (item)\n\t\tlist_del', '$&').replace('-void plum_drop(struct plum *p, int id)', '-void plum_drop(struct plum *p, int id)\n+void plum_remove(struct plum *p, int id)'), 'no-failure'));

	it('a number that one command takes for the address of bytes is a number for another one', () => check('say how large it is', `
struct plum { struct mutex lock; char *data; unsigned long size; };

static int plum_resize(struct plum *p, unsigned long size)
{
	char *data, *old;

	if (!size || size > 4096)
		return -EINVAL;
	data = kzalloc(size, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	mutex_lock(&p->lock);
	old = p->data;
	p->data = data;
	p->size = size;
	mutex_unlock(&p->lock);
	kfree(old);
	return 0;
}
+static int plum_size(struct plum *p, void __user *to)
+{
+	unsigned long size;
+
+	mutex_lock(&p->lock);
+	size = p->size;
+	mutex_unlock(&p->lock);
+	return copy_to_user(to, &size, sizeof(size)) ? -EFAULT : 0;
+}
long plum_ioctl(struct plum *p, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case PLUM_RESIZE:
		return plum_resize(p, arg);
+	case PLUM_SIZE:
+		return plum_size(p, (void __user *)arg);
	}
	return -ENOTTY;
}`, 'no-failure'));

	it('memory that has no type is the same on another line', () => check('add a remark', `
struct plum { char *data; };
+/* Some room. */
static void *plum_make(void)
{
	return kmalloc(8, GFP_KERNEL);
}
char plum_read(struct plum *p)
{
	p->data = plum_make();
	if (!p->data)
		return 0;
	kfree(p->data);
-	return READ_ONCE(*p->data);
+	return READ_ONCE(*p->data) ;
}`, 'pre-existing'));

	it('what is only asserted decides nothing', () => check('add a remark', `
struct plum { struct mutex lock; int cursor; int start; };
void plum_finish(struct plum *p)
{
	ASSERT(p->cursor == p->start);
	mutex_lock(&p->lock);
-	p->cursor = -1;
+	p->cursor = -2;
	mutex_unlock(&p->lock);
}`, 'no-failure'));
});
