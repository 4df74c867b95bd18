import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sentences } from '../../analyzer/mail/sentences';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfFile, saidOfHunk } from './hunk-mail';

/** Remedies of the right kind that reach too short, each beside one that reaches far enough. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

describe('what is taken away in a form made for readers', () => {
	const WORDS = 'quux_notify() walks the list under rcu_read_lock() and crashes with a use-after-free on an entry that is removed meanwhile.';
	const unlink = (rest: string): string => `
 {
 	mutex_lock(&q->lock);
-	list_del(&e->link);
+	list_del_rcu(&e->link);
 	mutex_unlock(&q->lock);
${rest}
 }
`;
	const check = async (rest: string, expected: RegExp): Promise<void> => expect(await saidOfHunk(analyzer, WORDS, 'void quux_remove(struct quux *q, struct entry *e)', unlink(rest), 'quux: fix crash in quux_notify()')).toMatch(expected);
	it('is freed too early right behind that', () => check(' 	kfree(e);', /^still-fails: use-after-free$/));
	it('may be freed behind a grace period', () => check(' 	synchronize_rcu();\n 	kfree(e);', /^fixes: /));
	it('may be freed by one', () => check(' 	kfree_rcu(e, rcu);', /^fixes: /));
	it('may be given to whom nobody knows', () => check(' 	quux_retire(e);\n 	kfree(e->name);', /^fixes: /));
	it('may be another one than is freed', () => check(' 	kfree(e->name);', /^fixes: /));

	const replaced = (rest: string): string => `
 {
 	struct table *old;
 
 	mutex_lock(&q->lock);
 	old = rcu_dereference_protected(q->table, 1);
-	q->table = NULL;
+	rcu_assign_pointer(q->table, NULL);
 	mutex_unlock(&q->lock);
${rest}
 }
`;
	const pointer = async (rest: string): Promise<string> => saidOfHunk(analyzer, 'quux_find() reads the table under rcu_read_lock() and hits a use-after-free when it is replaced meanwhile.', 'void quux_drop(struct quux *q)', replaced(rest), 'quux: fix use-after-free in quux_find()');
	it('is what a pointer led to as well', async () => expect(await pointer(' 	kfree(old);')).toBe('still-fails: use-after-free'));
	it('and is waited for there', async () => expect(await pointer(' 	synchronize_rcu();\n 	kfree(old);')).not.toMatch(/still-fails/));
});

describe('a lock around what is set', () => {
	const file = (between: string): string => `
static DEFINE_MUTEX(quux_lock);
static unsigned int quux_users;

static int quux_open(struct inode *inode, struct file *file)
{
${between}
	quux_users++;
+	mutex_unlock(&quux_lock);
	return 0;
}

static const struct file_operations quux_fops = {
	.open = quux_open,
};
`;
	const check = async (between: string, expected: RegExp): Promise<void> => expect(await saidOfFile(analyzer, 'quux', 'fix two processes both passing the check of quux_users at the same time', file(between), true)).toMatch(expected);
	it('leaves out the test that it is set by', () => check('\tif (quux_users)\n\t\treturn -EBUSY;\n+\tmutex_lock(&quux_lock);', /^still-fails: check-then-act/));
	it('may be around the test as well', () => check('+\tmutex_lock(&quux_lock);\n-\tif (quux_users)\n+\tif (quux_users) {\n+\t\tmutex_unlock(&quux_lock);\n \t\treturn -EBUSY;\n+\t}'.replace('\n \t\t', '\n\t\t'), /^fixes: /));
	it('may have it once more', () => check('\tif (quux_users)\n\t\treturn -EBUSY;\n+\tmutex_lock(&quux_lock);\n+\tif (quux_users) {\n+\t\tmutex_unlock(&quux_lock);\n+\t\treturn -EBUSY;\n+\t}', /^fixes: /));

	const HUNK = (test: string): string => `
 		return -ENOMEM;
 	q->limit = 30;
 
+	mutex_lock(&quux_lock);
${test}
 	quux_users++;
 	file->private_data = q;
+	mutex_unlock(&quux_lock);
 
 	quux_ping(q);
`;
	const hunk = async (test: string): Promise<string> => saidOfHunk(analyzer, 'Two processes that open the node at once can both get through the test of\nquux_users. The first one frees what the second one uses.', 'static int quux_open(struct inode *inode, struct file *file)', HUNK(test), 'quux: make the exclusive open safe');
	it('leaves out a test of which the mail speaks', async () => expect(await hunk(' ')).toBe('still-fails: check-then-act'));
	it('may have that one in sight', async () => expect(await hunk('+	if (quux_users) {\n+		mutex_unlock(&quux_lock);\n+		return -EBUSY;\n+	}')).not.toMatch(/still-fails/));
});

describe('a lock around what is loaded once', () => {
	const file = (again: string): string => `
struct quux_dict { u32 len; };
struct quux { struct mutex lock; struct quux_dict *dict; };
static struct quux_dict *quux_get_dict(struct quux *q)
{
	struct quux_dict *dict = smp_load_acquire(&q->dict);

	if (dict)
		return dict;

+	mutex_lock(&q->lock);
${again}	dict = quux_load(q);
	if (dict)
		smp_store_release(&q->dict, dict);
+	mutex_unlock(&q->lock);
	return dict;
}
`;
	const said = async (again: string): Promise<string> => saidOfFile(analyzer, 'quux', 'fix two readers loading the dictionary at the same time, of which both see none', file(again), true);
	it('leaves out the look at the copy of it', async () => expect(await said('')).toMatch(/^still-fails: /));
	it('may look once more', async () => expect(await said('+	dict = q->dict;\n+	if (dict)\n+		goto out;\n'.replace('\n+		goto out', ' {\n+		mutex_unlock(&q->lock);\n+		return dict').replace(/;\n$/, ';\n+	}\n'))).not.toMatch(/still-fails/));
});

describe('the first line of a report', () => {
	const said = (text: string): readonly string[] => sentences([{ text, author: 'changelog', input: 1 as never }]).map((each) => each.text);
	it('is no trailer', () => expect(said('  BUG: sleeping function called from invalid context').join(' ')).toContain('sleeping function'));
	it('is none where it has a number', () => expect(said('BUG: spinlock lockup on CPU 1').join(' ')).toContain('lockup on CPU 1'));
	it('is not what names one', () => expect([said('Bug: 12345678'), said('Bug: https://bugs.example/1'), said('BugLink: https://bugs.example/1')]).toEqual([[], [], []]));
});
