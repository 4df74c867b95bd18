import type { CNode } from '../parse/source';

/** Characters of an operation's text that are told. */
const TOLD = 120;
const known = new WeakMap<CNode, string>();

/** Text on one line. */
export const shortened = (text: string): string => text.replace(/\s+/g, ' ').slice(0, TOLD);

/** The node's text on one line: read once, since nodes are lowered many times. */
export function writtenAs(node: CNode): string {
	const before = known.get(node);
	if (before !== undefined) return before;
	const text = shortened(node.text);
	known.set(node, text);
	return text;
}
