import type { CNode } from '../../../../parse';
import { type Change, structOf } from '../../change';
import { entryWalksOf } from '../../entry-walks';
import type { Finding } from '../../partner';
import { twins } from '../../twins';

const LEAVES = /^(return|goto|break|continue)_statement$/;

/** A walk (`macro`, over entries of `struct`) looks the next entry up before this one is dealt with on one side only; behind the marked statement the entry may be freed. */
export function walks(change: Change): readonly Finding[] {
	const [old, now] = [entryWalksOf(change.before), entryWalksOf(change.after)];
	const found: Finding[] = [];
	for (const [index, walk] of now.entries()) {
		const twin = old[index];
		const struct = structOf(change, walk.entry);
		if (!twin || !struct || twin.entry !== walk.entry || twin.safe === walk.safe || old.length !== now.length) continue;
		const within = (outer: CNode, inner: CNode): boolean => inner.start > outer.start && inner.end <= outer.end;
		const marked = twins(change).filter(({ before, after }) => within(twin.node, before) && within(walk.node, after) && !LEAVES.test(after.type)).at(-1);
		if (marked) found.push({ words: { object: walk.entry, struct, macro: walk.safe ? walk.macro : twin.macro, plain: walk.safe ? twin.macro : walk.macro }, tells: walk.safe ? 'fixes' : 'introduces', marked });
	}
	return found;
}
