import type { Machine } from '../machine/machine';

/** What a step has read, written and shared: bit sets over the layout's resources. */
export interface Footprint {
	readonly reads: Int32Array;
	readonly writes: Int32Array;
	/** Writes that commute with each other: taking a lock shared, entering a read side. */
	readonly shares: Int32Array;
}

/** A copy of what the machine's last step touched; the machine must have been tracking. */
export function footprintOf(m: Machine): Footprint {
	return { reads: m.readSet.slice(), writes: m.writeSet.slice(), shares: m.shareSet.slice() };
}

/** Whether two steps of different threads may not be exchanged. */
export function conflict(a: Footprint, b: Footprint): boolean {
	for (let i = 0; i < a.writes.length; i++) {
		const readsA = a.reads[i]!, writesA = a.writes[i]!, sharesA = a.shares[i]!;
		const readsB = b.reads[i]!, writesB = b.writes[i]!, sharesB = b.shares[i]!;
		if ((writesA & (readsB | writesB | sharesB)) !== 0 || (writesB & (readsA | sharesA)) !== 0) return true;
		if ((sharesA & readsB) !== 0 || (sharesB & readsA) !== 0) return true;
	}
	return false;
}

/** Footprints one after the other in one array, so that none is allocated while a search goes on. */
export class Footprints {
	private sets: Int32Array;

	constructor(private readonly words: number) {
		this.sets = new Int32Array(8 * 3 * words);
	}

	/** Keeps a copy as number `i`. */
	keep(i: number, { reads, writes, shares }: Footprint): void {
		const first = i * 3 * this.words;
		if (first + 3 * this.words > this.sets.length) {
			const grown = new Int32Array(this.sets.length * 2);
			grown.set(this.sets);
			this.sets = grown;
		}
		for (let w = 0; w < this.words; w++) {
			this.sets[first + 3 * w] = reads[w]!;
			this.sets[first + 3 * w + 1] = writes[w]!;
			this.sets[first + 3 * w + 2] = shares[w]!;
		}
	}

	/** Whether steps `i` and `j` may not be exchanged. */
	conflict(i: number, j: number): boolean {
		const { sets } = this;
		const end = (i + 1) * 3 * this.words;
		for (let a = i * 3 * this.words, b = j * 3 * this.words; a < end; a += 3, b += 3) {
			const readsA = sets[a]!, writesA = sets[a + 1]!, sharesA = sets[a + 2]!;
			const readsB = sets[b]!, writesB = sets[b + 1]!, sharesB = sets[b + 2]!;
			if (((writesA & (readsB | writesB | sharesB)) | (writesB & (readsA | sharesA)) | (sharesA & readsB) | (sharesB & readsA)) !== 0) return true;
		}
		return false;
	}
}

/** An empty footprint over so many words. */
export function emptyFootprint(words: number): Footprint {
	return { reads: new Int32Array(words), writes: new Int32Array(words), shares: new Int32Array(words) };
}

export function unite(into: Footprint, from: Footprint): void {
	for (let i = 0; i < into.reads.length; i++) {
		into.reads[i] = into.reads[i]! | from.reads[i]!;
		into.writes[i] = into.writes[i]! | from.writes[i]!;
		into.shares[i] = into.shares[i]! | from.shares[i]!;
	}
}
