import type { Hunk, HunkLine } from '../mail/patch';

/** Where a hunk lies in a file. */
export interface Placement {
	readonly hunk: Hunk;
	/** 0-based index of the file line that `lines[0]` matches. */
	readonly at: number;
	/** The hunk's lines without the context that fuzz left out. */
	readonly lines: readonly HunkLine[];
}

/** How exactly a file must look like the hunk. */
export interface Strictness {
	/** Context lines that may be left out at either end. */
	readonly fuzz: number;
	readonly ignoreSpace: boolean;
}

/** In the order tried. */
export const STRICTNESSES: readonly Strictness[] = [
	{ fuzz: 0, ignoreSpace: false }, { fuzz: 0, ignoreSpace: true }, { fuzz: 1, ignoreSpace: false }, { fuzz: 2, ignoreSpace: false }, { fuzz: 2, ignoreSpace: true },
];

export interface Placed {
	readonly placements: readonly Placement[];
	/** Hunks that are nowhere in the file. */
	readonly missing: readonly Hunk[];
	/** Largest distance from where a header says. */
	readonly offset: number;
}

const squeezed = (text: string): string => text.replace(/\s+/g, '');

/** A file's lines, and the same without white space, made once. */
export class FileLines {
	private without: readonly string[] | null = null;

	constructor(readonly lines: readonly string[]) {}

	keys(ignoreSpace: boolean): readonly string[] {
		if (!ignoreSpace) {
			return this.lines;
		}
		this.without ??= this.lines.map(squeezed);
		return this.without;
	}
}

/** Lines of a text; a last line without a line feed is a line too. */
export function linesOf(text: string): readonly string[] {
	const lines = text.split('\n');
	if (lines.at(-1) === '') {
		lines.pop();
	}
	return lines;
}

/** Finds each hunk's old side in the file, in order, nearest to where its header says. */
export function placeHunks(file: FileLines, hunks: readonly Hunk[], strictness: Strictness): Placed {
	const placements: Placement[] = [];
	const missing: Hunk[] = [];
	const keys = file.keys(strictness.ignoreSpace);
	let drift = 0;
	let from = 0;
	let offset = 0;
	for (const hunk of hunks) {
		const lines = trimmed(hunk.lines, strictness.fuzz);
		const dropped = hunk.lines.indexOf(lines[0]!);
		const old = lines.filter(({ kind }) => kind !== 'added').map(({ text }) => (strictness.ignoreSpace ? squeezed(text) : text));
		// A hunk without old lines goes behind the line that its header names.
		const start = hunk.oldStart > 0 ? hunk.oldStart - (old.length === 0 ? 0 : 1) + Math.max(0, dropped) : from;
		const wanted = start + drift;
		const at = old.length === 0 ? (hunk.oldStart > 0 || file.lines.length === 0 ? Math.min(wanted, file.lines.length) : -1) : search(keys, old, wanted, from);
		if (at < 0) {
			missing.push(hunk);
			continue;
		}
		drift = hunk.oldStart > 0 ? at - start : drift;
		offset = Math.max(offset, hunk.oldStart > 0 ? Math.abs(at - start) : 0);
		from = at + old.length;
		placements.push({ hunk, at, lines });
	}
	return { placements, missing, offset };
}

/** Nearest match to `wanted`, not before `from`. Blank lines alone match only where they are wanted. */
function search(keys: readonly string[], old: readonly string[], wanted: number, from: number): number {
	const last = keys.length - old.length;
	const pivot = old.findIndex((text) => /\w/.test(text));
	const matches = (at: number): boolean => {
		if (pivot >= 0 && keys[at + pivot] !== old[pivot]) {
			return false;
		}
		for (let index = 0; index < old.length; index++) {
			if (keys[at + index] !== old[index]) {
				return false;
			}
		}
		return true;
	};
	const first = Math.max(from, Math.min(wanted, last));
	if (first <= last && matches(first)) {
		return first;
	}
	if (pivot < 0) {
		return -1;
	}
	for (let distance = 1; first - distance >= from || first + distance <= last; distance++) {
		if (first + distance <= last && matches(first + distance)) {
			return first + distance;
		}
		if (first - distance >= from && first - distance <= last && matches(first - distance)) {
			return first - distance;
		}
	}
	return -1;
}

function trimmed(lines: readonly HunkLine[], fuzz: number): readonly HunkLine[] {
	if (fuzz === 0) {
		return lines;
	}
	const changes = lines.findIndex(({ kind }) => kind !== 'context');
	const end = lines.findLastIndex(({ kind }) => kind !== 'context');
	return changes < 0 ? lines : lines.slice(Math.min(fuzz, changes), Math.max(end + 1, lines.length - fuzz));
}

/** The hunk that undoes this one. */
export const reversed = (hunk: Hunk): Hunk => ({
	...hunk,
	oldStart: hunk.newStart, newStart: hunk.oldStart, oldCount: hunk.newCount, newCount: hunk.oldCount,
	lines: reordered(hunk.lines).map((line) => ({ ...line, kind: line.kind === 'added' ? 'removed' : line.kind === 'removed' ? 'added' : 'context' })),
});

/** Within each run of changes: additions first, so that after reversal removals come first again. */
function reordered(lines: readonly HunkLine[]): readonly HunkLine[] {
	const out: HunkLine[] = [];
	for (let at = 0; at < lines.length; ) {
		let end = at;
		while (end < lines.length && lines[end]!.kind !== 'context') {
			end++;
		}
		const run = lines.slice(at, end);
		out.push(...run.filter(({ kind }) => kind === 'added'), ...run.filter(({ kind }) => kind === 'removed'));
		if (end < lines.length) {
			out.push(lines[end]!);
		}
		at = end + 1;
	}
	return out;
}
