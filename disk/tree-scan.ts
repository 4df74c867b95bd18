import { isHead, isWord } from './definition-heads';
import { TreeHeads } from './file-heads';
import { HeadIndex } from './head-index';
import { type HeadsAhead, headsAhead } from './heads-ahead';
import { TreeFiles } from './tree-files';

/** Looks for words in a tree's C files, nearest folders first, reading no further than it must. */

/** Folders that define most of what everybody calls; searched before the rest. */
const CORE = ['kernel', 'mm', 'lib', 'block', 'fs', 'net', 'security', 'ipc', 'init', 'io_uring', 'virt', 'crypto'] as const;
const HEADERS = 'include';
/** Those of them that nearly every search comes to. */
const FREQUENT: readonly string[] = [HEADERS, 'kernel', 'mm', 'lib', 'block'];
/** In the order in which they are come to: what is declared in a header, and is none of these folders' own, is looked for in all of them. */
const AHEAD: readonly string[] = [HEADERS, ...CORE];
/** What was looked at so many milliseconds ago is looked at again. What is found is read afresh anyhow. */
const LONGEST_TRUST = 60_000;
/** And headers and core, when somebody begins to ask anew, after so many; what is around the file that asks is always. */
const CORE_TRUST = 30_000;
/** Far from the file that asks, larger headers are tables of registers. */
const LARGEST_FAR_HEADER = 128 * 1024;

/** Whether an occurrence counts: the file's bytes, where the word begins and ends. */
type Fits = (bytes: Buffer, at: number, end: number) => boolean;

/** A folder to search. */
interface Stage {
	readonly folder: string;
	readonly distance: 'near' | 'core' | 'far';
}

export class TreeScan {
	private readonly files: TreeFiles;
	private readonly known: TreeHeads;
	private readonly indexes = new Map<string, HeadIndex>();
	private begun = Number.NEGATIVE_INFINITY;

	private readonly ahead: HeadsAhead | null;
	/** Folders whose heads are there, or are gathered, when the first word is asked for. */
	private readonly gatheredAtOnce: readonly string[];

	/** `gatherer`: the script of a thread that may gather the heads of headers and core beside this one. */
	constructor(root: string, gatherer?: string) {
		this.files = new TreeFiles(root);
		this.known = new TreeHeads(root);
		this.ahead = headsAhead(gatherer, root, AHEAD);
		this.gatheredAtOnce = this.ahead ? AHEAD : FREQUENT;
	}

	/** Somebody begins to ask: edits from now on may go unseen until he is done. */
	begin(): void {
		this.begun = performance.now();
	}

	/** Names of C files directly in a folder. */
	list(folder: string): readonly string[] {
		return this.files.list(folder);
	}

	/** Files (paths in the tree) that have the word, nearest first. The whole tree is read only when nothing near has it. */
	grep(word: string, near: string, limit: number): readonly string[] {
		if (!/^\w+$/.test(word)) {
			return [];
		}
		const needle = Buffer.from(word);
		const found: string[] = [];
		const seen = new Set<string>();
		for (const { folder, distance } of this.stages(near)) {
			if (distance === 'far' && found.length > 0 && near !== '') {
				break;
			}
			for (const file of this.files.under(folder, seen)) {
				if (this.has(file, needle, () => true, distance === 'near')) {
					found.push(file);
					if (found.length >= limit) {
						return found;
					}
				}
			}
		}
		return found;
	}

	/**
	 * Files where the word stands as in the head of a definition. What no header under include/ declares cannot be called from
	 * another part of the tree, so it is looked for near `near` alone; what one declares, near, in the core and in the folder that is
	 * named like the header; without `near`, everywhere.
	 */
	*heads(word: string, near: string): Generator<readonly string[]> {
		if (!/^\w+$/.test(word)) {
			return;
		}
		const needle = Buffer.from(word);
		const seen = new Set<string>();
		let declared = near === '';
		const headers: string[] = [];
		for (const { folder, distance } of this.stages(near, headers)) {
			if (!declared && folder !== HEADERS && (distance === 'far' || !near.startsWith(`${folder.replace(/\/$/, '')}/`))) {
				continue;
			}
			const found = this.find(folder, distance, word);
			declared ||= folder === HEADERS && found.length > 0;
			const fresh = found.filter((file) => !seen.has(file) && this.has(file, needle, isHead, false));
			if (folder === HEADERS) {
				headers.push(...found);
			}
			if (fresh.length > 0) {
				for (const file of fresh) {
					seen.add(file);
				}
				yield fresh;
			}
		}
	}

	/** Folders in the order of search. A `/` at the end: without the folders below. `headers`: those that declare the word, once they are known. */
	private *stages(near: string, headers?: readonly string[]): Generator<Stage> {
		const parts = near.split('/').slice(0, -1);
		if (parts.length > 0) {
			yield { folder: `${parts.join('/')}/`, distance: 'near' };
			yield { folder: parts.join('/'), distance: 'near' };
		}
		yield { folder: HEADERS, distance: 'core' };
		for (let length = parts.length - 1; length >= 2; length--) {
			yield { folder: parts.slice(0, length).join('/'), distance: 'core' };
		}
		for (const folder of CORE) {
			yield { folder, distance: 'core' };
		}
		if (headers && near !== '') {
			for (const folder of this.namedLike(headers)) {
				yield { folder, distance: 'far' };
			}
			return;
		}
		const rest = this.files.folders('').filter((folder) => folder !== HEADERS && !CORE.some((core) => core === folder));
		for (const folder of [...parts.slice(0, 1).filter((top) => rest.includes(top)), 'arch/x86', ...rest.filter((folder) => folder !== parts[0])]) {
			yield { folder, distance: 'far' };
		}
		yield { folder: '/', distance: 'far' };
	}

	/** `drivers/usb` of `include/linux/usb/hcd.h`, `sound` of `include/sound/core.h`. */
	private namedLike(headers: readonly string[]): ReadonlySet<string> {
		const tops = new Set(this.files.folders(''));
		const drivers = new Set(this.files.folders('drivers'));
		const words = headers.flatMap((path) => path.replace(/\.h$/, '').split('/').slice(1));
		return new Set(words.flatMap((word) => [...(drivers.has(word) ? [`drivers/${word}`] : []), ...(tops.has(word) && word !== HEADERS && word !== 'drivers' && !CORE.some((core) => core === word) ? [word] : [])]));
	}

	/** Files of the folder that may define the word. Of a folder of headers, which nobody is about to edit, they are those of all headers that lie in it. */
	private find(folder: string, distance: Stage['distance'], word: string): readonly string[] {
		if (!folder.startsWith(`${HEADERS}/`)) {
			return this.indexOf(folder, distance).find(word, this.since(distance));
		}
		const flat = folder.endsWith('/');
		const prefix = flat ? folder : `${folder}/`;
		return this.indexOf(HEADERS, 'core').find(word, this.since('core')).filter((file) => file.startsWith(prefix) && !(flat && file.includes('/', prefix.length)));
	}

	/** The folder's index. */
	private indexOf(folder: string, distance: Stage['distance']): HeadIndex {
		const known = this.indexes.get(folder);
		if (known !== undefined) {
			return known;
		}
		const largest = distance === 'far' ? LARGEST_FAR_HEADER : Number.POSITIVE_INFINITY;
		const list = (): readonly string[] => [...this.files.under(folder, new Set())];
		const files = (): readonly string[] => this.gathered(folder, list) ?? list();
		const index = new HeadIndex(this.known, files, folder === HEADERS, largest, distance !== 'near' && !this.gatheredAtOnce.includes(folder));
		this.indexes.set(folder, index);
		return index;
	}

	/** The folder's files, where their heads are gathered beside us and nobody has asked for them yet. */
	private gathered(folder: string, list: () => readonly string[]): readonly string[] | null {
		const taken = this.ahead?.take(folder, list, (file) => { this.known.of(file, 0, Number.POSITIVE_INFINITY); }) ?? null;
		if (this.ahead === null || taken === null) {
			return null;
		}
		if (taken.heads) {
			this.known.add(taken.heads, this.ahead.begun);
		}
		return taken.files;
	}

	/** What was looked at after that time is believed. */
	private since(distance: Stage['distance']): number {
		const begun = distance === 'near' ? this.begun : distance === 'core' ? this.begun - CORE_TRUST : 0;
		return Math.max(performance.now() - LONGEST_TRUST, begun);
	}

	private has(file: string, needle: Buffer, fits: Fits, keep: boolean): boolean {
		const bytes = this.files.bytes(file, keep);
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
}
