import type { FilePatch, Patch, Remark } from '../mail/patch';
import type { TreePort } from '../ports';
import { fragmentImages } from './fragments';
import type { FileImages } from './image';
import { type Overlay, wholeFile } from './whole';

export type * from './image';
export { isOtherVersion, type Overlay } from './whole';

/** What a patch does to each C file, and the files as it leaves them. */
export interface PatchImages {
	readonly files: readonly FileImages[];
	/** Which source was chosen for each file, and what did not fit. Lines are the document's. */
	readonly remarks: readonly Remark[];
	/** For the next patch of the series. */
	readonly after: Overlay;
}

const C_FILE = /\.[ch]$/;
const NO_OVERLAY: Overlay = new Map();

/** Images of the C files of a patch: whole where the series, the tree or the patch itself has the file, else fragments. */
export function imagesOf(patch: Patch, tree?: TreePort, base: Overlay = NO_OVERLAY): PatchImages {
	const files: FileImages[] = [];
	const remarks: Remark[] = [];
	const after = new Map(base);
	for (const file of patch.files) {
		const path = file.newPath ?? file.oldPath;
		if (path === null || !C_FILE.test(path)) {
			continue;
		}
		if (file.hunks.length === 0) {
			carry(file, after);
			continue;
		}
		const images = oneFile(patch, file, tree, base, remarks);
		files.push(images);
		if (images.post?.completeness === 'whole') {
			after.set(images.post.path, images.post.text);
		}
		if (file.oldPath !== null && file.oldPath !== file.newPath && file.change !== 'copied') {
			after.set(file.oldPath, null);
		}
	}
	return { files, remarks, after };
}

/** A rename without changes moves what earlier patches made of the file. */
function carry(file: FilePatch, after: Map<string, string | null>): void {
	const text = file.oldPath === null ? undefined : after.get(file.oldPath);
	if (file.change === 'renamed' && typeof text === 'string' && file.oldPath !== null && file.newPath !== null) {
		after.set(file.newPath, text);
		after.set(file.oldPath, null);
	}
}

function oneFile(patch: Patch, file: FilePatch, tree: TreePort | undefined, base: Overlay, remarks: Remark[]): FileImages {
	const path = file.newPath ?? file.oldPath!;
	const shown = fragmentImages(file);
	if ((file.oldPath === null && shown.post?.completeness === 'whole') || (file.newPath === null && shown.pre?.completeness === 'whole')) {
		return shown;
	}
	const whole = wholeFile(patch, file, tree, base);
	if (whole.images !== null) {
		remarks.push({ message: `${path}: ${(whole.images.pre ?? whole.images.post)!.found}`, input: file.input });
		return whole.images;
	}
	if (tree !== undefined || whole.seen) {
		const why = whole.seen ? `${whole.placed} of ${file.hunks.length} hunks fit the file that the tree has` : 'the tree does not have the file';
		remarks.push({ message: `${path}: ${why}; hunks only`, input: file.input });
	}
	return shown;
}
