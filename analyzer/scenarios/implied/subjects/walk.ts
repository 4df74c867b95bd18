import type { CNode } from '../../../parse';
import type { Definition } from '../../../lower/sources';
import { ITERATORS } from '../../../lower/grammar/iterators';
import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { twins } from '../twins';

/** A loop over the entries of a container. */
interface Walk {
	readonly node: CNode;
	readonly macro: string;
	readonly entry: string;
	/** It knows the next entry before it comes to what is done with this one. */
	readonly safe: boolean;
}

function walksOf({ fn, file }: Definition): readonly Walk[] {
	const found: Walk[] = [];
	const visit = (node: CNode): void => {
		const rewritten = node.type === 'while_statement' || node.type === 'for_statement' ? file.parsed.rewritten.get(node.start) : undefined;
		const shape = rewritten && ITERATORS.find(({ name, args, member }) => member !== undefined && name.test(rewritten.name) && (args === undefined || args === rewritten.args.length));
		const entry = shape ? rewritten?.args[shape.position]?.text.trim() : undefined;
		if (shape && rewritten && entry && /^\w+$/.test(entry)) found.push({ node, macro: rewritten.name, entry, safe: shape.safe });
		for (const child of node.named) visit(child);
	};
	visit(fn.body);
	return found;
}

const LEAVES = /^(return|goto|break|continue)_statement$/;

/** A walk (`macro`, over entries of `struct`) looks the next entry up before this one is dealt with on one side only; behind the marked statement the entry may be freed. */
export function walks(change: Change): readonly Finding[] {
	const [old, now] = [walksOf(change.before), walksOf(change.after)];
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
