import { Edit, type Point, type Tree } from 'web-tree-sitter';

/**
 * The tree of `before` as it has to be for a parse of `after` to reuse it: one edit spans everything between the texts'
 * common beginning and end. The caller deletes it.
 */
export function editedTree(tree: Tree, before: string, after: string): Tree {
	const shorter = Math.min(before.length, after.length);
	let start = 0;
	while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
	let same = 0;
	while (same < shorter - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
	const edited = tree.copy();
	const oldEnd = before.length - same;
	const newEnd = after.length - same;
	edited.edit(new Edit({
		startIndex: start, oldEndIndex: oldEnd, newEndIndex: newEnd,
		startPosition: pointAt(before, start), oldEndPosition: pointAt(before, oldEnd), newEndPosition: pointAt(after, newEnd),
	}));
	return edited;
}

function pointAt(text: string, offset: number): Point {
	let row = 0;
	let lineStart = 0;
	for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
		row++;
		lineStart = at + 1;
	}
	return { row, column: offset - lineStart };
}
