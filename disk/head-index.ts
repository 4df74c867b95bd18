import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addHeads, Byte, Hashes, wordHash } from './heads';

/**
 * Which files of a folder may define a word: four bytes for each head of a definition, gathered when the folder is first searched.
 * A hash may be shared by two words, so what is found is looked at again.
 */

const LARGEST_FILE_BYTES = 16 * 1024 * 1024;

interface Slice {
	readonly file: string;
	readonly modified: number;
	readonly from: number;
	readonly to: number;
}

/** Words that are looked for in the files themselves before the heads of all are gathered: folders that are large and far are asked for a word or two, or for many. */
const PATIENCE = 2;

/** What was found of a word while the heads were not gathered. */
interface Direct {
	readonly found: readonly string[];
	/** The files that were looked into, with the times of their last change. */
	readonly files: readonly string[];
	readonly modified: readonly number[];
	looked: number;
}

/** The heads of one set of files. Files that changed since are read again when the index is used after its time of trust. */
export class HeadIndex {
	private readonly direct = new Map<string, Direct>();
	private built = false;
	private hashes = new Hashes();
	private slices: Slice[] = [];
	/** When it was last known to be as the files are. */
	private looked = Number.NEGATIVE_INFINITY;
	private scratch = Buffer.alloc(0);

	/** `declared`: what is only declared counts too. `largestHeader`: in bytes; larger ones are left out. `patient`: the heads are not gathered for the first words. */
	constructor(private readonly root: string, private readonly files: () => readonly string[], private readonly declared: boolean, private readonly largestHeader: number, private readonly patient: boolean) {}

	/** Files that may define the word, in order. `since`: edits after that time may go unseen. */
	find(word: string, since: number): readonly string[] {
		if (this.patient && !this.built && (this.direct.has(word) || this.direct.size < PATIENCE)) {
			return this.inFiles(word, since);
		}
		this.refresh(since);
		const wanted = wordHash(word);
		const values = this.hashes.values.subarray(0, this.hashes.length);
		const found: string[] = [];
		let slice = 0;
		for (let at = values.indexOf(wanted); at >= 0; at = values.indexOf(wanted, this.slices[slice]!.to)) {
			while (this.slices[slice]!.to <= at) {
				slice++;
			}
			found.push(this.slices[slice]!.file);
		}
		return found;
	}

	/** The same as the index would say, of one word: in most files it does not stand at all. */
	private inFiles(word: string, since: number): readonly string[] {
		const known = this.direct.get(word);
		if (known !== undefined && known.looked >= since) {
			return known.found;
		}
		const looked = performance.now();
		const files = this.files();
		if (known !== undefined && files.length === known.files.length && known.files.every((file, index) => file === files[index] && known.modified[index] === this.modified(file))) {
			known.looked = looked;
			return known.found;
		}
		const needle = Buffer.from(word);
		const wanted = wordHash(word);
		const heads = new Hashes();
		const modified: number[] = [];
		const found = files.filter((file) => {
			heads.length = 0;
			modified.push(this.read(file, heads, needle));
			return heads.values.subarray(0, heads.length).includes(wanted);
		});
		this.scratch = Buffer.alloc(0);
		this.direct.set(word, { found, files, modified, looked });
		return found;
	}

	/** Reads what is new or edited, unless it was looked for since that time. */
	private refresh(since: number): void {
		if (this.looked >= since) {
			return;
		}
		const now = performance.now();
		const files = this.files();
		const same = files.length === this.slices.length && this.slices.every((slice, index) => slice.file === files[index] && slice.modified === this.modified(slice.file));
		if (!same) {
			this.build(files);
		}
		this.looked = now;
	}

	/** Files that did not change are copied from what is known of them. */
	private build(files: readonly string[]): void {
		const old = new Map(this.slices.map((slice) => [slice.file, slice]));
		const before = this.hashes;
		const hashes = new Hashes();
		const slices: Slice[] = [];
		for (const file of files) {
			const from = hashes.length;
			const known = old.get(file);
			let modified = known === undefined ? -1 : this.modified(file);
			if (known !== undefined && known.modified === modified) {
				for (let at = known.from; at < known.to; at++) {
					hashes.push(before.values[at]!);
				}
			} else {
				modified = this.read(file, hashes);
			}
			slices.push({ file, modified, from, to: hashes.length });
		}
		this.hashes = hashes;
		this.slices = slices;
		this.built = true;
		this.direct.clear();
		this.scratch = Buffer.alloc(0);
	}

	private modified(file: string): number {
		return statSync(join(this.root, file), { throwIfNoEntry: false })?.mtimeMs ?? -1;
	}

	/** Adds the file's heads; with a word, only if that stands somewhere in it. Gives the time of its last change. */
	private read(file: string, hashes: Hashes, word?: Buffer): number {
		try {
			const handle = openSync(join(this.root, file), 'r');
			try {
				const { size, mtimeMs } = fstatSync(handle);
				if (size <= LARGEST_FILE_BYTES && (size <= this.largestHeader || !file.endsWith('.h'))) {
					if (this.scratch.length <= size) {
						this.scratch = Buffer.allocUnsafeSlow(Math.max(size + 1, 1 << 20));
					}
					const length = readSync(handle, this.scratch, 0, size, 0);
					this.scratch[length] = Byte.Newline;
					const text = this.scratch.subarray(0, length + 1);
					if (word === undefined || text.includes(word)) {
						addHeads(text, length, this.declared, hashes);
					}
				}
				return mtimeMs;
			} finally {
				closeSync(handle);
			}
		} catch {
			return -1;
		}
	}
}
