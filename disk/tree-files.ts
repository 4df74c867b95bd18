import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The C files of a tree: which there are, and their bytes. */

const C_FILE = /\.[ch]$/;
const LARGEST_FILE_BYTES = 16 * 1024 * 1024;
/** Texts kept between searches. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** A file looked at is not asked for its time again for so long: one search asks for names by the dozen. */
const TRUST_MILLISECONDS = 500;
const DEEPEST_FOLDER = 24;

interface Cached {
	readonly bytes: Buffer;
	readonly modified: number;
	trustedUntil: number;
}

interface Listing {
	readonly files: readonly string[];
	readonly folders: readonly string[];
	readonly trustedUntil: number;
}

export class TreeFiles {
	private readonly cache = new Map<string, Cached>();
	private readonly listings = new Map<string, Listing>();
	private cached = 0;
	private scratch = Buffer.alloc(0);

	constructor(readonly root: string) {}

	/** Names of C files directly in a folder. */
	list(folder: string): readonly string[] {
		return this.listing(folder).files;
	}

	/** Names of the folders in a folder. */
	folders(folder: string): readonly string[] {
		return this.listing(folder).folders;
	}

	/** Paths of all C files below a folder (with `/` at its end: in it), each folder once for each `seen`. */
	*under(folder: string, seen: Set<string>, depth = 0): Generator<string> {
		const flat = folder.endsWith('/');
		const path = flat ? folder.slice(0, -1) : folder;
		// A folder below is walked once; the flat visit of a folder leaves the deep one to do.
		if (seen.has(folder) || depth > DEEPEST_FOLDER) {
			return;
		}
		seen.add(folder);
		const { files, folders } = this.listing(path);
		const prefix = path === '' ? '' : `${path}/`;
		if (flat || !seen.has(`${path}/`)) {
			seen.add(`${path}/`);
			for (const file of files) {
				yield prefix + file;
			}
		}
		if (!flat) {
			for (const name of folders) {
				yield* this.under(prefix + name, seen, depth + 1);
			}
		}
	}

	private listing(folder: string): Listing {
		const now = performance.now();
		const known = this.listings.get(folder);
		if (known !== undefined && known.trustedUntil > now) {
			return known;
		}
		const files: string[] = [];
		const folders: string[] = [];
		try {
			// Links are neither files nor folders here: they are not followed.
			for (const entry of readdirSync(join(this.root, folder), { withFileTypes: true })) {
				if (entry.isDirectory() && !entry.name.startsWith('.')) {
					folders.push(entry.name);
				} else if (entry.isFile() && C_FILE.test(entry.name)) {
					files.push(entry.name);
				}
			}
		} catch {
			// A folder that is not there has no files.
		}
		const listing = { files: files.sort(), folders: folders.sort(), trustedUntil: now + TRUST_MILLISECONDS };
		this.listings.set(folder, listing);
		return listing;
	}

	/** A file's bytes, good until the next call, or null. `keep`: they will be asked for again. */
	bytes(file: string, keep: boolean): Buffer | null {
		const now = performance.now();
		const known = this.cache.get(file);
		const path = join(this.root, file);
		try {
			if (known !== undefined) {
				if (known.trustedUntil > now) {
					return known.bytes;
				}
				if (statSync(path).mtimeMs === known.modified) {
					known.trustedUntil = now + TRUST_MILLISECONDS;
					return known.bytes;
				}
				this.cache.delete(file);
				this.cached -= known.bytes.length;
			}
			return this.fresh(file, path, keep, now);
		} catch {
			return null;
		}
	}

	/** Kept in a buffer of its own, or read into the shared one, which lasts until the next read. */
	private fresh(file: string, path: string, keep: boolean, now: number): Buffer | null {
		const handle = openSync(path, 'r');
		try {
			const { size, mtimeMs } = fstatSync(handle);
			if (size > LARGEST_FILE_BYTES) {
				return null;
			}
			const kept = keep && this.cached + size <= CACHE_BYTES;
			if (!kept && this.scratch.length < size) {
				this.scratch = Buffer.allocUnsafeSlow(Math.max(size, 1 << 20));
			}
			const target = kept ? Buffer.allocUnsafeSlow(size) : this.scratch.subarray(0, size);
			const length = readSync(handle, target, 0, size, 0);
			const bytes = target.subarray(0, length);
			if (kept) {
				this.cache.set(file, { bytes, modified: mtimeMs, trustedUntil: now + TRUST_MILLISECONDS });
				this.cached += bytes.length;
			}
			return bytes;
		} finally {
			closeSync(handle);
		}
	}
}
