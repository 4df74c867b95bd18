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
 	struct quux_walk *quux = walk->private;
 
+	if (pmd_trans_unstable(pmd))
+		return 0;
 	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
 	quux->seen += quux_count(pte);
 	pte_unmap_unlock(pte, ptl);
`, 'fixes: check-then-act', 'introduces: check-then-act'));
	it('may lead to nothing', () => check(`
 	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
+	if (!pte)
+		return 0;
 	quux->seen += quux_count(pte);
 	pte_unmap_unlock(pte, ptl);
`, 'fixes: check-then-act', 'introduces: check-then-act'));
	it('is asked for in other words', () => check(`
 	struct quux_walk *quux = walk->private;
 
-	if (pmd_none_or_trans_huge_or_clear_bad(pmd))
+	if (pmd_trans_unstable(pmd))
 		return 0;
 	pte = pte_offset_map_lock(walk->mm, pmd, addr, &ptl);
 	quux->seen += quux_count(pte);
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
