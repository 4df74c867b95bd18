import { iteratorOf } from '../../lower/grammar/iterators';
import type { Definition } from '../../lower/sources';
import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';

/** A loop over the entries of a container. */
export interface EntryWalk {
	readonly node: CNode;
	readonly macro: string;
	readonly entry: string;
	/** The entry's member by which it hangs in the container. */
	readonly member: string;
	/** The macro with its arguments, white space folded. */
	readonly head: string;
	/** It knows the next entry before it comes to what is done with this one. */
	readonly safe: boolean;
}

/** Walks of a function's body over containers whose entries are in them by a member, in order. */
export function entryWalksOf({ fn, file }: Definition): readonly EntryWalk[] {
	const found: EntryWalk[] = [];
	const visit = (node: CNode): void => {
		const rewritten = node.type === 'while_statement' || node.type === 'for_statement' ? file.parsed.rewritten.get(node.start) : undefined;
		const args = rewritten?.args.map(({ text }) => folded(text)) ?? [];
		const walk = rewritten && iteratorOf(rewritten.name, args);
		const shape = walk?.member === undefined ? undefined : walk;
		const [entry = '', member = ''] = shape ? [args[shape.position], args[shape.member ?? -1]] : [];
		if (shape && rewritten && /^\w+$/.test(entry)) found.push({ node, macro: rewritten.name, entry, member, head: `${rewritten.name}(${args.join(', ')})`, safe: shape.safe });
		for (const child of node.named) visit(child);
	};
	visit(fn.body);
	return found;
}
