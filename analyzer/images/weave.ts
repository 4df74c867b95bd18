import type { FilePatch } from '../mail/patch';
import type { FileImages } from './image';
import { ImageLines } from './image-lines';
import type { Placement } from './placement';

/**
 * Whole images from one side's lines and the places of the hunks in them. `given` says which side the lines are; the hunks' lines
 * were reversed by the caller when it is the post-image.
 */
export function weave(file: FilePatch, lines: readonly string[], placements: readonly Placement[], given: 'pre' | 'post', found: string): FileImages {
	const path = file.newPath ?? file.oldPath ?? '';
	const other = given === 'pre' ? 'post' : 'pre';
	const known = new ImageLines((given === 'pre' ? file.oldPath : file.newPath) ?? path, given);
	const made = new ImageLines((other === 'pre' ? file.oldPath : file.newPath) ?? path, other);
	let at = 0;
	const copy = (to: number): void => {
		for (; at < to; at++) {
			known.plain(lines[at]!, at + 1);
			made.plain(lines[at]!, made.length + 1);
		}
	};
	for (const placement of placements) {
		copy(placement.at);
		known.hunk(placement.hunk.section, placement.hunk.input);
		made.hunk(placement.hunk.section, placement.hunk.input);
		for (const line of placement.lines) {
			if (line.kind === 'added') {
				made.shown(line.text, line, made.length + 1);
				continue;
			}
			const text = lines[at]!;
			known.shown(text, line, at + 1);
			if (line.kind === 'context') {
				made.shown(text, line, made.length + 1);
			}
			at++;
		}
	}
	copy(lines.length);
	const knownImage = known.image('whole', found);
	const madeImage = made.image('whole', found);
	return given === 'pre' ? { path, pre: knownImage, post: madeImage } : { path, pre: madeImage, post: knownImage };
}
