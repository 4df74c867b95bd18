import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { GatheredHeads } from './gathered-heads';
import { addHeads, Byte, Hashes } from './heads';

const LARGEST_FILE_BYTES = 16 * 1024 * 1024;

/** A file's heads among all: what it defines, then what it only declares. */
export interface FileHeads {
	/** Time of the file's last change; -1 for one that cannot be read. */
	readonly modified: number;
	readonly size: number;
	readonly from: number;
	readonly declared: number;
	readonly to: number;
	/** When it was last known to be so. */
	looked: number;
}

/** Heads of definitions in the files of a tree. Folders overlap; each file is read once, and again when it has changed. */
export class TreeHeads {
	readonly all = new Hashes();
	private readonly known = new Map<string, FileHeads>();
	private readonly declared = new Hashes();
	private scratch = Buffer.alloc(0);

	constructor(private readonly root: string) {}

	/** Files that were read. */
	reads = 0;

	modified(file: string): number {
		return this.stat(file)?.mtimeMs ?? -1;
	}

	private stat(file: string): Stats | undefined {
		return statSync(join(this.root, file), { throwIfNoEntry: false });
	}

	private isAsItWas(file: string, { modified, size }: FileHeads): boolean {
		const stat = this.stat(file);
		return stat !== undefined && stat.mtimeMs === modified && stat.size === size;
	}

	/** The file's heads as they were at that time or later. A header of more bytes than `largestHeader` has none. */
	of(file: string, since: number, largestHeader: number): FileHeads {
		let known = this.known.get(file);
		if (known === undefined || (known.looked < since && !this.isAsItWas(file, known))) {
			known = this.read(file, largestHeader);
			if (largestHeader === Number.POSITIVE_INFINITY) {
				this.known.set(file, known);
			}
		}
		known.looked = Math.max(known.looked, since);
		return known.size <= largestHeader || !file.endsWith('.h') ? known : { ...known, declared: known.from, to: known.from };
	}

	/** Takes over what another thread, or an earlier run, has read at `looked` or later; what is known here already stays. */
	add(heads: GatheredHeads, looked: number): void {
		const { files, stats, spans, hashes } = heads;
		const before = this.all.length;
		this.all.append(hashes);
		for (const [index, file] of files.entries()) {
			if (this.known.has(file)) {
				continue;
			}
			const [from, declared, to] = [spans[3 * index]!, spans[3 * index + 1]!, spans[3 * index + 2]!];
			this.known.set(file, { modified: stats[2 * index]!, size: stats[2 * index + 1]!, from: before + from, declared: before + declared, to: before + to, looked });
		}
	}

	/** Whether the file may define the word, or `declares` it; and the time of its last change. Read anew, and not remembered. */
	defines(file: string, word: Buffer, hash: number, declares: boolean, largestHeader: number): { readonly modified: number; readonly found: boolean } {
		const { modified, from, declared, to } = this.read(file, largestHeader, word);
		const found = this.all.values.subarray(from, declares ? to : declared).includes(hash);
		this.all.length = from;
		return { modified, found };
	}

	/** With a word: only where that stands somewhere in the file. */
	private read(file: string, largestHeader: number, word?: Buffer): FileHeads {
		const looked = performance.now();
		this.reads++;
		const { all, declared } = this;
		const from = all.length;
		let [modified, size] = [-1, 0];
		declared.length = 0;
		try {
			const handle = openSync(join(this.root, file), 'r');
			try {
				const stat = fstatSync(handle);
				size = stat.size;
				if (size <= LARGEST_FILE_BYTES && (size <= largestHeader || !file.endsWith('.h'))) {
					this.addFrom(handle, size, word);
				}
				modified = stat.mtimeMs;
			} finally {
				closeSync(handle);
			}
		} catch {
			// What cannot be read defines nothing.
		}
		const end = all.length;
		for (let at = 0; at < declared.length; at++) {
			all.push(declared.values[at]!);
		}
		return { modified, size, from, declared: end, to: all.length, looked };
	}

	private addFrom(handle: number, size: number, word: Buffer | undefined): void {
		if (this.scratch.length <= size) {
			this.scratch = Buffer.allocUnsafeSlow(Math.max(size + 1, 1 << 20));
		}
		const length = readSync(handle, this.scratch, 0, size, 0);
		this.scratch[length] = Byte.Newline;
		const text = this.scratch.subarray(0, length + 1);
		if (word === undefined || text.includes(word)) {
			addHeads(text, length, this.all, this.declared);
		}
	}
}
