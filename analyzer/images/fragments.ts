import type { FilePatch } from '../mail/patch';
import type { FileImages, Image } from './image';
import { ImageLines } from './image-lines';

/** Both sides as far as the hunks show them. A file that the patch adds or deletes is shown whole. */
export function fragmentImages(file: FilePatch, found = 'hunks only'): FileImages {
	const path = file.newPath ?? file.oldPath ?? '';
	return {
		path,
		pre: file.oldPath === null ? null : side(file, file.oldPath, 'pre', found),
		post: file.newPath === null ? null : side(file, file.newPath, 'post', found),
	};
}

function side(file: FilePatch, path: string, which: 'pre' | 'post', found: string): Image {
	const dropped = which === 'pre' ? 'added' : 'removed';
	const lines = new ImageLines(path, which);
	let expected = -1;
	for (const hunk of file.hunks) {
		let number = which === 'pre' ? hunk.oldStart : hunk.newStart;
		if (lines.length > 0 && (number === 0 || number !== expected)) {
			lines.gap();
		}
		lines.hunk(hunk.section, hunk.input);
		for (const line of hunk.lines) {
			if (line.kind !== dropped) {
				lines.shown(line.text, line, number);
				number += number > 0 ? 1 : 0;
			}
		}
		expected = number;
	}
	// One hunk from line 1 whose other side is no file: nothing is elided.
	const whole = file.hunks.length === 1 && (which === 'post' ? file.oldPath === null : file.newPath === null);
	return lines.image(whole ? 'whole' : 'fragments', whole ? 'shown whole by the patch' : found);
}
