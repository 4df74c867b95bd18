import type { MessagePort } from 'node:worker_threads';

/** The heads of those of a folder's C files that a thread has read, in the order of the files: what it hands to another. */
export interface GatheredHeads {
	readonly folder: string;
	readonly files: readonly string[];
	/** Per file the time of its last change and its size. */
	readonly stats: Float64Array;
	/** Per file where what it defines begins among the hashes, where what it only declares does, and the end of that. */
	readonly spans: Uint32Array;
	readonly hashes: Uint32Array;
}

/**
 * What the gathering thread is told. `done` counts the folders that were sent; beyond their number it says that no more will come. `claimed` counts per folder the parts of its
 * files that somebody reads, or has read: this thread, or who would wait for it.
 */
export interface Gathering {
	readonly root: string;
	readonly folders: readonly string[];
	readonly port: MessagePort;
	readonly done: Int32Array;
	readonly claimed: Int32Array;
	/** The file that keeps what was gathered for the next run. */
	readonly kept: string | null;
}

/** Files of one part. */
const PART = 32;

/** Claims part after part of a folder's files until none is left; how many parts that were. */
export function claimParts(claimed: Int32Array, index: number, files: readonly string[], read: (files: readonly string[]) => void): number {
	for (let parts = 0; ; parts++) {
		const from = Atomics.add(claimed, index, 1) * PART;
		if (from >= files.length) return parts;
		read(files.slice(from, from + PART));
	}
}

export const partsOf = (files: readonly string[]): number => Math.ceil(files.length / PART);
