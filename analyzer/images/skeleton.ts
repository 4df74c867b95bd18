import type { Hunk } from '../mail/patch';
import type { FileLines } from './placement';

/**
 * A tree of another age does not have the hunk's lines, but may have the function: its body around the lines that both have, with
 * the hunk's lines in place of what lies between them.
 */
export interface Skeleton {
	/** The file as it would be for the hunks to fit. */
	readonly lines: readonly string[];
	/** The hunks, with the line at which each begins in `lines` as its old start. */
	readonly hunks: readonly Hunk[];
	/** Least share of a hunk's lines that the file has. */
	readonly share: number;
}

/** Of a hunk's lines that say something, so many must be in the function, in order: where the header names the function, and where it does not. */
const NAMED_SHARE = 0.5;
const UNNAMED_SHARE = 0.7;
const FEWEST_LINES = 3;
/** How much longer than the hunk the passage in the file may be. */
const STRETCH = 1.5;
const SPARE = 10;
const LONGEST_HUNK = 400;

interface Alignment {
	/** Lines of the file that the hunk's old lines take the place of. */
	readonly from: number;
	readonly to: number;
	readonly share: number;
}

const says = (key: string): boolean => /\w{2}/.test(key);
const FUNCTION = /([A-Za-z_]\w*)\s*\(/;

/** Null when any hunk has no place: a file that is half of one age and half of another is worse than none. */
export function skeletonOf(file: FileLines, hunks: readonly Hunk[]): Skeleton | null {
	const keys = file.keys(true);
	const lines: string[] = [];
	const placed: Hunk[] = [];
	let copied = 0;
	let share = 1;
	for (const hunk of hunks) {
		const old = hunk.lines.filter(({ kind }) => kind !== 'added').map(({ text }) => text);
		const found = align(keys, file.lines, old.map((text) => text.replace(/\s+/g, '')), FUNCTION.exec(hunk.section)?.[1] ?? null, copied);
		if (found === null) {
			return null;
		}
		lines.push(...file.lines.slice(copied, found.from));
		placed.push({ ...hunk, oldStart: lines.length + 1 });
		lines.push(...old);
		copied = found.to;
		share = Math.min(share, found.share);
	}
	return { lines: [...lines, ...file.lines.slice(copied)], hunks: placed, share };
}

function align(keys: readonly string[], lines: readonly string[], old: readonly string[], name: string | null, from: number): Alignment | null {
	const telling = old.filter(says).length;
	if (telling < FEWEST_LINES || old.length > LONGEST_HUNK) {
		return null;
	}
	const window = Math.ceil(old.length * STRETCH) + SPARE;
	const wanted = new Set(old.filter(says));
	// The passage with the most of the hunk's lines, by a count that slides over the file.
	let count = 0;
	let best = { count: 0, at: -1 };
	for (let at = from; at < keys.length; at++) {
		count += wanted.has(keys[at]!) ? 1 : 0;
		if (at - window >= from) {
			count -= wanted.has(keys[at - window]!) ? 1 : 0;
		}
		if (count > best.count) {
			best = { count, at };
		}
	}
	if (best.at < 0) {
		return null;
	}
	const start = Math.max(from, best.at - window);
	const end = Math.min(keys.length, best.at + 1);
	const pairs = common(old, keys.slice(start, end));
	const share = pairs.filter(([index]) => says(old[index]!)).length / telling;
	const same = name !== null && enclosing(lines, start + (pairs[0]?.[1] ?? 0)) === name;
	if (pairs.length === 0 || share < (same ? NAMED_SHARE : UNNAMED_SHARE) || (name !== null && !same && share < 1)) {
		return null;
	}
	// Old lines in front of the first common one, and behind the last, take the place of as many lines of the file.
	const [first, last] = [pairs[0]!, pairs.at(-1)!];
	const alignment = { from: Math.max(from, start + first[1] - first[0]), to: Math.min(keys.length, start + last[1] + old.length - last[0]), share };
	// Brackets must come out even, or the rest of the file would be another function's.
	return nesting(keys.slice(alignment.from, alignment.to)) === nesting(old) ? alignment : null;
}

const nesting = (lines: readonly string[]): number => {
	let depth = 0;
	for (const line of lines) {
		for (const c of line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '')) {
			depth += c === '{' ? 1 : c === '}' ? -1 : 0;
		}
	}
	return depth;
};

/** The function whose head stands last above the line. */
function enclosing(lines: readonly string[], at: number): string | null {
	for (let index = at; index >= 0; index--) {
		if (/^[A-Za-z_]/.test(lines[index]!) && !/[:;]\s*$/.test(lines[index]!)) {
			return FUNCTION.exec(lines[index]!)?.[1] ?? null;
		}
	}
	return null;
}

/** Longest common subsequence of telling lines, as pairs of indices. */
function common(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
	const width = b.length + 1;
	const lengths = new Uint16Array((a.length + 1) * width);
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			lengths[i * width + j] = a[i] === b[j] && says(a[i]!) ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
		}
	}
	const pairs: [number, number][] = [];
	for (let i = 0, j = 0; i < a.length && j < b.length; ) {
		if (a[i] === b[j] && says(a[i]!)) {
			pairs.push([i, j]);
			i++;
			j++;
		} else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) {
			i++;
		} else {
			j++;
		}
	}
	return pairs;
}
