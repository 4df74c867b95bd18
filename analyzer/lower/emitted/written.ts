import type { CNode } from '../../parse/source';

/** Characters of an operation's text that are told. */
const TOLD = 120;
const known = new WeakMap<CNode, string>();

/** Text on one line. */
export const shortened = (text: string): string => text.replace(/\s+/g, ' ').slice(0, TOLD);

/** Longer ones say less than what is read. */
const WHOLE = 60;

/** A condition by its statement: `if (foo->bar)`; null where that is too long to be told. */
export function conditionAs(word: string, node: CNode): string | null {
	const text = writtenAs(node);
	return text.length > WHOLE ? null : `${word} ${text.startsWith('(') ? text : `(${text})`}`;
}

/** An assignment to a local of something that is only read; null for any other one. */
export function assignmentAs(node: CNode): string | null {
	const text = writtenAs(node).replace(/;$/, '');
	return text.length <= WHOLE && /^(?:[\w *]*[\w*] )?\*?\w+ = [^(]+$/.test(text) && !text.startsWith('*') ? text.replace(/^[\w *]*?(?=\w+ = )/, '') : null;
}

/** The node's text on one line: read once, since nodes are lowered many times. */
export function writtenAs(node: CNode): string {
	const before = known.get(node);
	if (before !== undefined) return before;
	const text = shortened(node.text);
	known.set(node, text);
	return text;
}
