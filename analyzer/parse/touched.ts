import type { Image } from '../images/image';
import { lineOf } from './lines';

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
