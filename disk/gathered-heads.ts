import type { MessagePort } from 'node:worker_threads';

/** The heads of a folder's C files, in the order of the files: what one thread hands to another. */
export interface GatheredHeads {
	readonly folder: string;
	readonly files: readonly string[];
	/** Per file the time of its last change and its size. */
	readonly stats: Float64Array;
	/** Per file where what it defines begins among the hashes, where what it only declares does, and the end of that. */
	readonly spans: Uint32Array;
	readonly hashes: Uint32Array;
}

/** What the gathering thread is told. `done` counts the folders that were sent; beyond their number it says that no more will come. */
export interface Gathering {
	readonly root: string;
	readonly folders: readonly string[];
	readonly port: MessagePort;
	readonly done: Int32Array;
}
