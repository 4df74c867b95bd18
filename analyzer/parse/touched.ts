import type { Image } from '../images/image';

/** Offsets at which the lines of a text begin; a newline at its end begins none. */
export function startsOfLines(text: string): number[] {
	const starts = [0];
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	if (starts.length > 1 && starts[starts.length - 1] === text.length) starts.pop();
	return starts;
}

/** 1-based line of an offset. */
export function lineOf(starts: readonly number[], offset: number): number {
	let low = 0;
	let high = starts.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (starts[middle]! <= offset) low = middle + 1;
		else high = middle;
	}
	return low;
}

/**
 * Whether the patch did something between two offsets of an image: changed a line on this side, or put one there or took
 * one away on the other. Both sides of a file give the same answer for the same place, so that the same branch of a
 * conditional is looked at before and after.
 */
export function touchedIn(image: Image, starts: readonly number[]): (start: number, end: number) => boolean {
	const cuts = new Set([...image.gaps, ...image.hunks.map(({ line }) => line)]);
	const sums = [0];
	for (let line = 1; line <= starts.length; line++) {
		const here = image.inputLines[line - 1] ?? 0;
		const before = line > 1 ? (image.inputLines[line - 2] ?? 0) : 0;
		// The document shows lines between these two that this side does not have.
		const skipped = here > 0 && before > 0 && here > before + 1 && !cuts.has(line);
		sums.push(sums[line - 1]! + (image.changed[line - 1] === true || skipped ? 1 : 0));
	}
	return (start, end) => sums[lineOf(starts, end)]! > sums[lineOf(starts, start)]!;
}
