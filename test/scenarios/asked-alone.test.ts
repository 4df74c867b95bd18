import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidOfHunk } from './hunk-mail';

/** A question is all that is put against somebody else. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

describe('a test under a lock that is given back right behind it', () => {
	const HEAD = 'struct quux_client *quux_attach(struct quux_bus *bus, unsigned int slot)';
	const WORDS = 'quux_attach() looks at bus->clients[] without its lock, and two drivers that ask for one slot at the same time can both be given it.';
	const said = (behind: string): Promise<string> => saidOfHunk(analyzer, WORDS, HEAD, `
 	if (slot >= QUUX_SLOTS)
 		return ERR_PTR(-EINVAL);
 
-	if (bus->clients[slot])
+	mutex_lock(&bus->lock);
+	if (bus->clients[slot]) {
+		mutex_unlock(&bus->lock);
 		return ERR_PTR(-EBUSY);
+	}
${behind}
`, 'quux: test for a busy slot under the lock');
	it('lets the next one pass as well', async () => expect(await said('+	mutex_unlock(&bus->lock);\n \n 	client = quux_alloc(bus, slot);\n 	if (!client)')).toBe('still-fails: check-then-act'));
	it('and so where the answer is kept meanwhile', async () => expect(await saidOfHunk(analyzer, WORDS, HEAD, `
 	if (slot >= QUUX_SLOTS)
 		return ERR_PTR(-EINVAL);
 
-	if (bus->clients[slot])
-		return ERR_PTR(-EBUSY);
+	mutex_lock(&bus->lock);
+	if (bus->clients[slot])
+		err = -EBUSY;
+	mutex_unlock(&bus->lock);
+	if (err)
+		return ERR_PTR(err);
 
 	client = quux_alloc(bus, slot);
 	if (!client)
`, 'quux: test for a busy slot under the lock')).toBe('still-fails: check-then-act'));
	it('does not where the slot is taken first', async () => expect(await said('+	bus->clients[slot] = QUUX_TAKEN;\n+	mutex_unlock(&bus->lock);\n \n 	client = quux_alloc(bus, slot);\n 	if (!client)')).not.toMatch(/^still-fails/));
});

describe('a test under no lock of what another thread frees', () => {
	const HEAD = 'static vm_fault_t quux_fault(struct vm_fault *vmf)';
	const WORDS = 'One thread faults on the mapping while another thread shrinks the buffer: a use-after-free in quux_fault().';
	const said = (lock: string, unlock: string): Promise<string> => saidOfHunk(analyzer, WORDS, HEAD, `
 {
 	struct quux_buf *buf = vmf->vma->vm_private_data;
 	struct page *page;
 
${lock}+	if (vmf->pgoff >= buf->nr_pages)${unlock === '' ? '\n+		return VM_FAULT_SIGBUS;\n' : ' {\n+		mutex_unlock(&buf->lock);\n+		return VM_FAULT_SIGBUS;\n+	}\n'} 	page = buf->pages[vmf->pgoff];
 	get_page(page);
 	vmf->page = page;
${unlock} 	return 0;
 }
`, 'quux: fix use-after-free of shrunk buffers');
	it('leaves the window open', async () => expect(await said('', '')).toMatch(/^still-fails/));
	it('closes it under the lock', async () => expect(await said('+	mutex_lock(&buf->lock);\n', '+	mutex_unlock(&buf->lock);\n')).toMatch(/^fixes/));
	it('is another thing where nobody frees', async () => expect(await saidOfHunk(analyzer, 'User space may ask for more than there is.', HEAD, `
 {
 	struct quux_buf *buf = vmf->vma->vm_private_data;
 	struct page *page;
 
+	if (vmf->pgoff >= buf->nr_pages)
+		return VM_FAULT_SIGBUS;
 	page = buf->pages[vmf->pgoff];
`, 'quux: check the offset')).toBe('no-failure'));
});
