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
	const renamed = which === 'post' ? renamedHeads(file) : new Map<string, string>();
	let expected = -1;
	for (const hunk of file.hunks) {
		let number = which === 'pre' ? hunk.oldStart : hunk.newStart;
		if (lines.length > 0 && (number === 0 || number !== expected)) {
			lines.gap();
		}
		lines.hunk(renamed.get(HEAD.exec(hunk.section)?.[1] ?? '') ?? hunk.section, hunk.input);
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

/** A line that begins a function, up to its bracket. */
const HEAD = /^[A-Za-z_][^=;{}()]*?\b([A-Za-z_]\w*)\s*\([^;]*$/;

/**
 * Functions to which the patch gives another name, by the old one: how they begin now. A hunk's header is of the file before the patch: behind a hunk that ends within
 * such a function, it names the one that is no more.
 */
function renamedHeads({ hunks }: FilePatch): ReadonlyMap<string, string> {
	const nameOf = (text: string): string => HEAD.exec(text)?.[1] ?? '';
	const left = new Set(hunks.flatMap(({ lines }) => lines.flatMap(({ kind, text }) => (kind === 'removed' ? [] : [nameOf(text)]))));
	return new Map(hunks.flatMap(({ lines }): readonly (readonly [string, string])[] => {
		const old = lines.findLast(({ kind, text }) => kind === 'removed' && nameOf(text) !== '');
		const last = lines.findLast(({ kind, text }) => kind !== 'removed' && nameOf(text) !== '');
		return old && last?.kind === 'added' && !left.has(nameOf(old.text)) ? [[nameOf(old.text), last.text]] : [];
	}));
}
