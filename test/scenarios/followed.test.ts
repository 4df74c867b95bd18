import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays, saidOfHunk } from './hunk-mail';

/** Entries that are followed to page tables, locks of two levels, and what was taken for granted: a hunk, and what is said of it. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const WALK = 'static int quux_pmd_entry(pmd_t *pmd, unsigned long addr, struct mm_walk *walk)';

describe('an entry that is followed', () => {
	const check = async (hunk: string, forward: string, backward: string): Promise<void> => expect(await saidBothWays(analyzer, WALK, hunk)).toEqual([forward, backward]);
	it('is asked for before', () => check(`
 	spinlock_t *ptl;
 
+	if (pmd_trans_unstable(pmd))
+		return 0;
 	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
 	quux_count(walk, pte);
 	pte_unmap_unlock(pte, ptl);
`, 'fixes: check-then-act, data-race', 'introduces: check-then-act, data-race'));
	it('may lead to nothing', () => check(`
 	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
+	if (!pte)
+		return 0;
 	quux_count(walk, pte);
 	pte_unmap_unlock(pte, ptl);
`, 'fixes: check-then-act, data-race', 'introduces: check-then-act, data-race'));
	it('is asked for in other words', () => check(`
 	spinlock_t *ptl;
 
-	if (pmd_none_or_trans_huge_or_clear_bad(pmd))
+	if (pmd_trans_unstable(pmd))
 		return 0;
 	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
 	quux_count(walk, pte);
`, 'no-failure', 'no-failure'));
});

describe('locks', () => {
	it('the one of a level may be held when a table\'s own is taken', async () => expect(await saidBothWays(analyzer, WALK, `
 	pmdl = pmd_lock(walk->mm, pmd);
+	quux_note(walk, addr);
 	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
 	spin_unlock(pmdl);
 	pte_unmap_unlock(pte, ptl);
`)).toEqual(['no-failure', 'no-failure']));
	const COUNT = 'static int quux_count(struct quux *quux, unsigned long at)';
	it('what a lock returns and nobody asks for is no error', async () => expect(await saidBothWays(analyzer, COUNT, `
 	int count;
 
+	token = quux_lock_part(quux, at);
 	count = quux->map[at];
+	quux_unlock_part(quux, token);
 	return count;
`)).toEqual(['no-failure', 'no-failure']));
	it('one that is asked for is one', async () => expect(await saidBothWays(analyzer, COUNT, `
 	int count;
 
+	error = quux_lock_part(quux, at);
 	count = quux->map[at];
+	quux_unlock_part(quux, count);
+	if (error)
+		return error;
 	return count;
`)).toEqual(['introduces: unlock-not-held', 'fixes: unlock-not-held']));
});

describe('what was asserted', () => {
	const HUNK = `
 	error = quux_insert(quux, at);
-	BUG_ON(error);
+	if (error) {
+		quux_undo(quux, at);
+		return error;
+	}
 	quux->filled++;
 	return 0;
`;
	const HEAD = 'static int quux_fill(struct quux *quux, unsigned long at)';
	it('may be otherwise, for somebody else', async () => expect(await saidOfHunk(analyzer, 'Truncation may race with this and take the place away, so that the BUG_ON() triggers.', HEAD, HUNK)).toBe('fixes: assertion'));
	it('may be otherwise in any case', async () => expect(await saidOfHunk(analyzer, 'A broken image makes the BUG_ON() trigger. Return an error instead.', HEAD, HUNK)).toBe('no-failure'));
	it('is asserted in other words', async () => expect(await saidOfHunk(analyzer, 'Truncation may race with this: say so once only.', HEAD, HUNK.replace(/\+[\s\S]*\+\t\}/, '+\tWARN_ON_ONCE(error);'))).toBe('no-failure'));
});

describe('a second look', () => {
	const PIN = 'static bool quux_pin(struct page *page)';
	const AGAIN = `
 	struct folio *folio = page_folio(page);
 
 	if (!folio_try_get(folio))
 		return false;
+	if (page_folio(page) != folio) {
+		folio_put(folio);
+		return false;
+	}
 	quux_count(folio);
 	return true;
 }
`;
	it('at the head of a page, behind the reference', async () => expect(await saidBothWays(analyzer, PIN, AGAIN)).toEqual(['fixes: use-after-free', 'introduces: use-after-free']));
	it('at the head of a page, in the place of what the reference is returned by', async () => expect(await saidOfHunk(analyzer, 'The page may be split meanwhile.', PIN, `
-	return get_page_unless_zero(head);
+	if (get_page_unless_zero(head)) {
+		if (head == compound_head(page))
+			return true;
+		put_page(head);
+	}
+	return false;
 }
`, 'quux: fix a race with a split')).toBe('fixes: use-after-free'));
	it('whether the reference was had is returned in other words', async () => expect(await saidBothWays(analyzer, PIN, `
-	return get_page_unless_zero(head);
+	if (get_page_unless_zero(head))
+		return true;
+	return false;
 }
`)).toEqual(['no-failure', 'no-failure']));
	it('at an entry, before an allocation that failed is told', async () => expect(await saidOfHunk(analyzer, 'Two tasks may fault on the last page at once, and the one that comes second gets SIGBUS though the page is mapped by then.', 'static vm_fault_t quux_no_page(struct vm_fault *vmf, struct quux *quux)', `
 	folio = quux_alloc(quux, vmf->address);
 	if (IS_ERR(folio)) {
+		ptl = huge_pte_lock(quux->h, vmf->vma->vm_mm, vmf->pte);
+		if (!huge_pte_none(huge_ptep_get(vmf->pte))) {
+			spin_unlock(ptl);
+			return 0;
+		}
+		spin_unlock(ptl);
 		return VM_FAULT_SIGBUS;
 	}
 	quux_map(quux, folio, vmf);
`, 'quux: fix a race for the last page')).toBe('fixes: check-then-act, data-race'));
});

describe('a reference that is only had above zero', () => {
	const CHARGE = 'static void quux_charge(struct quux *quux)';
	const HUNK = `
 	rcu_read_lock();
 	memcg = quux_memcg(quux->id);
-	if (memcg)
+	if (memcg && css_tryget(&memcg->css)) {
 		quux_account(memcg, quux);
+		css_put(&memcg->css);
+	}
 	rcu_read_unlock();
`;
	it('is held around what is done with it', async () => expect(await saidOfHunk(analyzer, 'The reference may be zero already.', CHARGE, HUNK)).toBe('fixes: use-after-free'));
	it('was taken in another form before', async () => expect(await saidBothWays(analyzer, CHARGE, HUNK.replace('-\tif (memcg)', '-\tif (memcg && css_tryget(&memcg->css)) {').replace('+\t\tcss_put', '-\t\tcss_put(&memcg->css);\n-\t}\n+\t\tcss_put').replace('+\tif (memcg && css_tryget(&memcg->css))', '+\tif (memcg != NULL && css_tryget(&memcg->css))'))).toEqual(['no-failure', 'no-failure']));
});
