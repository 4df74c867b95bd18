import type { ImageLine, InputLine } from '../mail/patch';

/**
 * One side of a file as far as it is known: the whole file, or fragments of it with gaps between.
 * `text` is always parseable text; what is elided is marked by `gaps`, not by text.
 */
export interface Image {
	readonly path: string;
	readonly side: 'pre' | 'post';
	/** `whole`: from a tree or a new file. `fragments`: hunks only. */
	readonly completeness: 'whole' | 'fragments';
	readonly text: string;
	/** For each line of `text` (index 0 is line 1): its line in the real file (0 unknown). */
	readonly fileLines: readonly ImageLine[];
	/** For each line of `text`: the document line that shows it, or 0. */
	readonly inputLines: readonly InputLine[];
	/** For each line of `text`: column shift of the document's columns (document column = text column + shift), or 0. */
	readonly columns: readonly number[];
	/** For each line: true where the patch added it (post) or removed it (pre). */
	readonly changed: readonly boolean[];
	/** Lines of `text` (1-based) before which source is elided: between hunks. */
	readonly gaps: readonly number[];
	/** How it was found: `blob 1a2b3c`, `tree patched forward, fuzz 2`, `hunks only`. */
	readonly found: string;
	/** For each hunk: the first line of `text` it begins at, and its section text (the function the header names). */
	readonly hunks: readonly { readonly line: number; readonly section: string; readonly input: InputLine }[];
}

export interface FileImages {
	readonly path: string;
	readonly pre: Image | null;
	readonly post: Image | null;
}
