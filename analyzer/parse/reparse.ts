import type { SyntaxPoint, SyntaxTree } from './syntax';

/**
 * The tree of `before` as it has to be for a parse of `after` to reuse it: one edit spans everything between the texts'
 * common beginning and end. The caller deletes it. Null where the engine has no such trees.
 */
export function editedTree(tree: SyntaxTree, before: string, after: string): SyntaxTree | null {
	const shorter = Math.min(before.length, after.length);
	let start = 0;
	while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
	let same = 0;
	while (same < shorter - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
	const oldEnd = before.length - same;
	const newEnd = after.length - same;
	return tree.edited({
		startIndex: start, oldEndIndex: oldEnd, newEndIndex: newEnd,
		startPosition: pointAt(before, start), oldEndPosition: pointAt(before, oldEnd), newEndPosition: pointAt(after, newEnd),
	});
}

function pointAt(text: string, offset: number): SyntaxPoint {
	let row = 0;
	let lineStart = 0;
	for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
		row++;
		lineStart = at + 1;
	}
	return { row, column: offset - lineStart };
}
