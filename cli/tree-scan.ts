import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Looks for words in a tree's C files, nearest folders first, reading no further than it must. */

const C_FILE = /\.[ch]$/;
const LARGEST_FILE_BYTES = 16 * 1024 * 1024;
/** Texts of near files and headers kept between searches. */
const CACHE_BYTES = 96 * 1024 * 1024;
/** A file looked at is not asked for its time again for so long: one search asks for names by the dozen. */
const TRUST_MILLISECONDS = 500;
const DEEPEST_FOLDER = 24;
/** Small folders that define most of what everybody calls; searched before the rest. */
const CORE = ['include', 'kernel', 'mm', 'lib', 'block', 'fs', 'net', 'security', 'ipc', 'init', 'io_uring', 'virt', 'crypto'] as const;

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

/** A folder to search. A `/` at its end: without the folders below it. */
interface Stage {
	readonly folder: string;
	/** Its texts are asked for again and again. */
	readonly keep: boolean;
	/** The rest of the tree: hundreds of megabytes. */
	readonly far: boolean;
}

/** Whether an occurrence counts: the file's bytes, where the word begins and ends. */
type Fits = (bytes: Buffer, at: number, end: number) => boolean;

export class TreeScan {
	private readonly cache = new Map<string, Cached>();
	private readonly listings = new Map<string, Listing>();
	private cached = 0;
	private scratch = Buffer.alloc(0);

	constructor(private readonly root: string) {}

	/** Files (paths in the tree) that have the word, nearest first. The whole tree is read only when nothing near has it. */
	grep(word: string, near: string, limit: number): readonly string[] {
		const found: string[] = [];
		for (const file of this.matches(word, near, () => true, ({ far }) => !far || found.length === 0 || near === '')) {
			found.push(file);
			if (found.length >= limit) {
				break;
			}
		}
		return found;
	}

	/**
	 * Files where the word stands as in the head of a definition. What no header under include/ mentions cannot be called from
	 * another part of the tree, so it is looked for near `near` alone; without `near`, everywhere.
	 */
	*heads(word: string, near: string): Generator<string> {
		let inHeaders = false;
		let mentioned = near === '';
		const fits: Fits = (bytes, at, end) => {
			mentioned ||= inHeaders;
			return isHead(bytes, at, end);
		};
		yield* this.matches(word, near, fits, ({ folder, far }) => {
			inHeaders = folder.startsWith('include');
			return inHeaders || mentioned || (!far && near.startsWith(folder));
		});
	}

	private *matches(word: string, near: string, fits: Fits, wanted: (stage: Stage) => boolean): Generator<string> {
		if (!/^\w+$/.test(word)) {
			return;
		}
		const needle = Buffer.from(word);
		const seen = new Set<string>();
		for (const stage of this.stages(near)) {
			if (!wanted(stage)) {
				continue;
			}
			for (const file of this.under(stage.folder, seen)) {
				if (this.has(file, needle, fits, stage.keep)) {
					yield file;
				}
			}
		}
	}

	/** Names of C files directly in a folder. */
	list(folder: string): readonly string[] {
		return this.listing(folder).files;
	}

	/** Folders to search in order. */
	private *stages(near: string): Generator<Stage> {
		const parts = near.split('/').slice(0, -1);
		const close = parts.length > 0 ? [`${parts.join('/')}/`, parts.join('/')] : [];
		for (const folder of [...close, 'include/linux/', 'include']) {
			yield { folder, keep: true, far: false };
		}
		for (let length = parts.length - 1; length >= 2; length--) {
			yield { folder: parts.slice(0, length).join('/'), keep: false, far: false };
		}
		for (const folder of CORE) {
			yield { folder, keep: false, far: false };
		}
		for (const folder of [...parts.slice(0, 1), 'arch/x86', '']) {
			yield { folder, keep: false, far: true };
		}
	}

	private *under(folder: string, seen: Set<string>, depth = 0): Generator<string> {
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

	private has(file: string, needle: Buffer, fits: Fits, keep: boolean): boolean {
		const bytes = this.bytes(file, keep);
		if (bytes === null) {
			return false;
		}
		for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + needle.length)) {
			const after = bytes[at + needle.length];
			if ((at > 0 && isWord(bytes[at - 1])) || (after !== undefined && isWord(after))) {
				continue;
			}
			if (fits(bytes, at, at + needle.length)) {
				return true;
			}
		}
		return false;
	}

	private bytes(file: string, keep: boolean): Buffer | null {
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

const isWord = (byte: number | undefined): boolean =>
	byte !== undefined && ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122));

const skipBlanks = (bytes: Buffer, from: number): number => {
	let at = from;
	while (bytes[at] === 32 || bytes[at] === 9) {
		at++;
	}
	return at;
};

const BEFORE_TYPE = /^(?:typedef\s+)?(?:struct|union|enum)\s+$/;

/**
 * The head of a function (in the first column, an opening bracket behind the name, no semicolon at the line's end), of a struct,
 * a macro, a typedef, or an enumerator on a line of its own.
 */
function isHead(bytes: Buffer, at: number, end: number): boolean {
	const start = bytes.lastIndexOf(10, at) + 1;
	const after = skipBlanks(bytes, end);
	const next = bytes[after];
	const newline = bytes.indexOf(10, end);
	const lineEnd = newline < 0 ? bytes.length : newline;
	let last = lineEnd - 1;
	while (last > end && (bytes[last] === 32 || bytes[last] === 9 || bytes[last] === 13)) {
		last--;
	}
	const first = bytes[start];
	if (first === 9 || first === 32) {
		return skipBlanks(bytes, start) === at && (next === 61 || next === 44 || next === 10 || next === 47 || after >= bytes.length);
	}
	if (first === 35) {
		return /^#\s*define\s+$/.test(bytes.toString('latin1', start, at));
	}
	if (next === 40) {
		return isWord(first) && bytes[last] !== 59;
	}
	if (first === 125 || first === 116) {
		// `} name;` and `typedef … name;`
		return next === 59 || (first === 116 && BEFORE_TYPE.test(bytes.toString('latin1', start, at)));
	}
	if (next === 44 && /_DEFINE\d?\($/.test(bytes.toString('latin1', start, at))) {
		return true;
	}
	return bytes[last] !== 59 && BEFORE_TYPE.test(bytes.toString('latin1', start, at));
}
