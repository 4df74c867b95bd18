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

/** The heads of one set of files. Files that changed since are read again when the index is used after its time of trust. */
export class HeadIndex {
	private hashes = new Hashes();
	private slices: Slice[] = [];
	/** When it was last known to be as the files are. */
	private looked = Number.NEGATIVE_INFINITY;
	private scratch = Buffer.alloc(0);

	/** `declared`: what is only declared counts too. `largestHeader`: in bytes; larger ones are left out. */
	constructor(private readonly root: string, private readonly files: () => readonly string[], private readonly declared: boolean, private readonly largestHeader: number) {}

	/** Files that may define the word, in order. `since`: edits after that time may go unseen. */
	find(word: string, since: number): readonly string[] {
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

	/** Reads what is new or edited, unless it was looked for since that time. */
	refresh(since: number): void {
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
		this.scratch = Buffer.alloc(0);
	}

	private modified(file: string): number {
		return statSync(join(this.root, file), { throwIfNoEntry: false })?.mtimeMs ?? -1;
	}

	private read(file: string, hashes: Hashes): number {
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
					addHeads(this.scratch, length, this.declared, hashes);
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
