/** The only way to files: implemented at the rim (Node, an editor's file system, a worker's message port). */
export interface TreePort {
	/** Text of a file of the tree, or null. `path` comes from a patch: the implementation refuses what leaves the tree. */
	read(path: string): string | null;
	/** Something that is another one as soon as the file is, cheaper to ask for than its text; null for no file. */
	stamp?(path: string): string | null;
	/** A git object's text by (abbreviated) blob id, or null. */
	blob?(id: string): string | null;
	/** A file at a commit, or null. */
	show?(commit: string, path: string): string | null;
	/** Names in a folder (files only), or []. */
	list?(folder: string): readonly string[];
	/** Files that contain the word as an identifier, nearest to `near` first, at most `limit`. Need not look at the whole tree when near files have it. */
	grep?(word: string, near: string, limit: number): readonly string[];
	/** A review begins: what was edited before it should be seen; what is edited during it may go unseen until it is done. */
	begin?(): void;
	/**
	 * Files in which the word stands as it does in the head of a definition: a batch for each circle around `near`, the nearest
	 * first, lazily where that saves reading. Files of one batch are equally near.
	 */
	heads?(word: string, near: string): Iterable<readonly string[]>;
}
