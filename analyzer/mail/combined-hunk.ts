import { hunkEnd } from './hunk-end';
import type { Passage } from './passage';
import type { HunkLine, LineKind } from './patch';
import type { Unquoting } from './quotation';

/**
 * Lines of a combined diff's hunk (`@@@`), which has a column of markers for each parent, as a diff against the first parent:
 * column one tells; a line that only another parent had is in neither image. Takes the lines it reads.
 */
export function combinedLines(passage: Passage, at: number, how: Unquoting, parents: number): { readonly lines: readonly HunkLine[]; readonly next: number } {
	const lines: HunkLine[] = [];
	const marker = new RegExp(`^[ +-]{${parents}}`);
	let index = passage.next(at, how);
	while (index < passage.length) {
		const line = passage.at(index, how)!;
		if (!marker.test(line.text) || hunkEnd(passage, index, how) !== null) {
			break;
		}
		const columns = line.text.slice(0, parents);
		const kind: LineKind | null = columns.startsWith('+') ? 'added' : columns.startsWith('-') ? 'removed' : columns.includes('-') ? null : 'context';
		if (kind !== null) {
			lines.push({ kind, text: line.text.slice(parents), input: line.input, from: line.from + parents, to: line.from + line.text.length });
		}
		passage.take(index);
		index = passage.next(index + 1, how);
	}
	return { lines, next: index };
}
