import type { TreeHeads } from './file-heads';
import { Hashes, wordHash } from './heads';
import { Places } from './places';

/**
 * Which files of a folder may define a word: four bytes for each head of a definition, gathered when the folder is first searched.
 * A hash may be shared by two words, so what is found is looked at again.
 */

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
	private places: Places | null = null;
	private slices: Slice[] = [];
	/** When it was last known to be as the files are. */
	private looked = Number.NEGATIVE_INFINITY;
	/** `declared`: what is only declared counts too. `largestHeader`: in bytes; larger ones are left out. `patient`: the heads are not gathered for the first words. */
	constructor(private readonly heads: TreeHeads, private readonly files: () => readonly string[], private readonly declared: boolean, private readonly largestHeader: number, private readonly patient: boolean) {}

	/** Files that may define the word, in order. `since`: edits after that time may go unseen. */
	find(word: string, since: number): readonly string[] {
		if (this.patient && !this.built && (this.direct.has(word) || this.direct.size < PATIENCE)) {
			return this.inFiles(word, since);
		}
		this.refresh(since);
		const found: string[] = [];
		let slice = 0;
		for (const at of this.places?.of(wordHash(word)) ?? []) {
			while (this.slices[slice]!.to <= at) {
				slice++;
			}
			const { file } = this.slices[slice]!;
			if (found.at(-1) !== file) {
				found.push(file);
			}
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
		if (known !== undefined && files.length === known.files.length && known.files.every((file, index) => file === files[index] && known.modified[index] === this.heads.modified(file))) {
			known.looked = looked;
			return known.found;
		}
		const needle = Buffer.from(word);
		const wanted = wordHash(word);
		const modified: number[] = [];
		const found = files.filter((file) => {
			const told = this.heads.defines(file, needle, wanted, this.declared, this.largestHeader);
			modified.push(told.modified);
			return told.found;
		});
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
		const same = files.length === this.slices.length && this.slices.every((slice, index) => slice.file === files[index] && slice.modified === this.heads.modified(slice.file));
		if (!same) {
			this.build(files, since);
		}
		this.looked = now;
	}

	private build(files: readonly string[], since: number): void {
		const hashes = new Hashes();
		const slices: Slice[] = [];
		for (const file of files) {
			const from = hashes.length;
			const heads = this.heads.of(file, since, this.largestHeader);
			const { values } = this.heads.all;
			const end = this.declared ? heads.to : heads.declared;
			for (let at = heads.from; at < end; at++) {
				hashes.push(values[at]!);
			}
			slices.push({ file, modified: heads.modified, from, to: hashes.length });
		}
		this.places = new Places(hashes.values.subarray(0, hashes.length));
		this.slices = slices;
		this.built = true;
		this.direct.clear();
	}
}
