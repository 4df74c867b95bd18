import { combinedLines } from './combined-hunk';
import type { HunkHeader } from './diff-syntax';
import type { HunkEnd } from './hunk-end';
import type { Passage } from './passage';
import type { Hunk, HunkLine, InputLine, Remark } from './patch';
import type { Unquoting } from './quotation';
import type { Damage } from './hunk-line';
import { exact } from './counted-hunk';
import { byMarkers } from './marked-hunk';

/** A hunk, the index of the line after it, and why it ended there. */
export interface HunkReading {
	readonly hunk: Hunk;
	readonly next: number;
	readonly end: HunkEnd | 'counted';
	readonly repairs: readonly Remark[];
	readonly problems: readonly Remark[];
}

const counted = (lines: readonly HunkLine[]): { readonly old: number; readonly new: number } => {
	let added = 0;
	let removed = 0;
	for (const { kind } of lines) {
		added += kind === 'added' ? 1 : 0;
		removed += kind === 'removed' ? 1 : 0;
	}
	return { old: lines.length - added, new: lines.length - removed };
};

const toHunk = (header: HunkHeader, lines: readonly HunkLine[], input: InputLine): Hunk => ({
	oldStart: header.oldStart, newStart: header.newStart, oldCount: header.oldCount, newCount: header.newCount, section: header.section, lines, input,
});

/**
 * Reads the lines below the header that stands at `at - 1`; `input` is the header's line. Takes the lines it uses.
 * Counts are believed when the markers agree with them; else markers decide and the difference is told.
 */
export function readHunk(passage: Passage, at: number, how: Unquoting, header: HunkHeader, input: InputLine, damage: Damage): HunkReading {
	if (header.parents > 1) {
		const { lines, next } = combinedLines(passage, at, how, header.parents);
		return { hunk: toHunk(header, lines, input), next, end: 'end', repairs: [], problems: [] };
	}
	const counts = header.oldCount > 0 || header.newCount > 0;
	const plain = counts ? exact(passage, at, how, header) : null;
	if (plain !== null) {
		for (const index of plain.taken) {
			passage.take(index);
		}
		return { hunk: toHunk(header, plain.lines, input), next: plain.next, end: 'counted', repairs: [], problems: [] };
	}
	const { lines, section, next, end, repairs } = byMarkers(passage, at, how, header, damage);
	const shown = counted(lines);
	const differs = counts && (shown.old !== header.oldCount || shown.new !== header.newCount);
	const message = `the hunk's header says ${header.oldCount} old and ${header.newCount} new lines, ${shown.old} and ${shown.new} are there`;
	const short = shown.old < header.oldCount || shown.new < header.newCount;
	return {
		hunk: toHunk({ ...header, section }, lines, input),
		next,
		end,
		repairs: differs && !short ? [...repairs, { message: `${message}; read by their markers`, input }] : repairs,
		problems: differs && short ? [{ message: `${message}; the rest is missing`, input }] : [],
	};
}
