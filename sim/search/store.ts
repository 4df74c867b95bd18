import { longer } from './edges';
import { finish, multiplier } from './hashing';

/** Ints in one full chunk of the store; the first chunk grows up to it. */
const CHUNK = 1 << 20;
const FIRST_STATES = 256;
const FIRST_TABLE = 2048;
const FIRST_STAGED = 32;
/** States whose table entries are asked for together when the table grows. */
const AHEAD = 32;
/** States hashed again between two chances to stop (some milliseconds), and states that a search may add between two such chances. */
const REHASHED = 16_384, SOME = 8192;
/** A table entry: the state's number plus one, and above it some bits of its hash, which mostly tell that it is another state. */
const NUMBER_BITS = 26;
const NUMBER_MASK = (1 << NUMBER_BITS) - 1;
/** Tables below this grow fourfold, since all their states are hashed again each time. */
const LARGE_TABLE = 1 << 22;

/**
 * A set of states, each a fixed number of 32-bit words, numbered as they come. States stand back to back in large chunks; a table with
 * open addressing and linear probing finds them. Nothing is allocated per state.
 *
 * Where the store is large, waiting for memory is most of what it does. So states can be staged and added several at a time: their table entries are
 * all asked for first, then the states that these name, so that the waits overlap.
 */
export class StateStore {
	private readonly shift: number;
	private readonly mask: number;
	private readonly multipliers: Int32Array;
	private readonly chunks: Int32Array[] = [];
	private table = new Int32Array(FIRST_TABLE);
	/** The table to come, and how many states stand in it. */
	private wider: Int32Array<ArrayBuffer> | undefined = undefined;
	private moved = 0;
	private staging: Int32Array<ArrayBuffer>;
	private hashes = new Int32Array(FIRST_STAGED);
	/** Keeps what was asked for ahead from being optimized away. */
	touched = 0;
	/** The sum of `stageFrom`'s state. */
	private base = 0;
	/** How many states are staged. */
	staged = 0;
	/** After `addStaged`: the number of each in the order of staging, or ~number when it was known. */
	added = new Int32Array(FIRST_STAGED);
	count = 0;
	/** Whether the last `add` met a state for the first time. */
	isNew = false;

	constructor(private readonly size: number) {
		this.shift = Math.max(0, Math.floor(Math.log2(CHUNK / Math.max(1, size))));
		this.mask = (1 << this.shift) - 1;
		this.chunks.push(new Int32Array(Math.min(FIRST_STATES, 1 << this.shift) * size));
		this.staging = new Int32Array(FIRST_STAGED * size);
		this.multipliers = Int32Array.from({ length: size }, (_, i) => multiplier(i));
	}

	/** The number of the state, which is added unless it is there. */
	add(words: Int32Array): number {
		const id = this.put(words, 0, finish(this.sum(words, 0)));
		this.isNew = id >= 0;
		return id >= 0 ? id : ~id;
	}

	/** Keeps a state for `addStaged`. */
	stage(words: Int32Array): void {
		const { size } = this;
		const at = this.staged++;
		if (at === this.hashes.length) this.growStaging();
		const { staging } = this;
		const first = at * size;
		for (let i = 0; i < size; i++) staging[first + i] = words[i]!;
		this.hashes[at] = finish(this.sum(words, 0));
	}

	/** The state from which the next ones differ. */
	stageFrom(words: Int32Array): void {
		this.base = this.sum(words, 0);
	}

	/** Stages the state given to `stageFrom`, changed by these writes (triples of a word, what is kept of it, what is put there). */
	stageChanged(words: Int32Array, writes: Int32Array, first: number, end: number): void {
		const { size, multipliers } = this;
		const at = this.staged++;
		if (at === this.hashes.length) this.growStaging();
		const { staging } = this;
		const to = at * size;
		for (let i = 0; i < size; i++) staging[to + i] = words[i]!;
		let sum = this.base;
		for (let i = first; i < end; i += 3) {
			const word = writes[i]!;
			const before = words[word]!;
			const after = (before & writes[i + 1]!) | writes[i + 2]!;
			staging[to + word] = after;
			sum = (sum + Math.imul(after ^ (after >>> 15), multipliers[word]!) - Math.imul(before ^ (before >>> 15), multipliers[word]!)) | 0;
		}
		this.hashes[at] = finish(sum);
	}

	/** Adds what is staged, in its order; see `added`. */
	addStaged(): void {
		const { staged, hashes, table, chunks, size, shift, mask } = this;
		if (staged > 1) {
			const top = table.length - 1;
			let touched = 0;
			for (let i = 0; i < staged; i++) touched ^= table[hashes[i]! & top]!;
			for (let i = 0; i < staged; i++) {
				const hash = hashes[i]!;
				const entry = table[hash & top]!;
				if (entry === 0 || ((entry ^ hash) & ~NUMBER_MASK) !== 0) continue;
				const id = (entry & NUMBER_MASK) - 1;
				touched ^= chunks[id >> shift]![(id & mask) * size]!;
			}
			this.touched = touched;
		}
		for (let i = 0; i < staged; i++) this.added[i] = this.put(this.staging, i * size, hashes[i]!);
		this.staged = 0;
	}

	/** Copies a state out. */
	copy(id: number, words: Int32Array): void {
		const { size } = this;
		const chunk = this.chunks[id >> this.shift]!;
		const first = (id & this.mask) * size;
		for (let i = 0; i < size; i++) words[i] = chunk[first + i]!;
	}

	/** Whether these are the words of the state. */
	is(id: number, words: Int32Array): boolean {
		const { size } = this;
		const chunk = this.chunks[id >> this.shift]!;
		const first = (id & this.mask) * size;
		for (let i = 0; i < size; i++) if (words[i] !== chunk[first + i]) return false;
		return true;
	}

	get bytes(): number {
		return this.table.byteLength + (this.wider?.byteLength ?? 0) + this.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
	}

	/** A sum over the words, so that it follows their changes. */
	private sum(words: Int32Array, first: number): number {
		const { size, multipliers } = this;
		let sum = 0;
		for (let i = 0; i < size; i++) {
			const word = words[first + i]!;
			sum = (sum + Math.imul(word ^ (word >>> 15), multipliers[i]!)) | 0;
		}
		return sum;
	}

	/** The number of a state that is new, ~number of one that is known. */
	private put(words: Int32Array, from: number, hash: number): number {
		const { size, mask, shift, chunks, table } = this;
		const top = table.length - 1;
		let at = hash & top;
		for (let entry = table[at]!; entry !== 0; entry = table[at]!) {
			if (((entry ^ hash) & ~NUMBER_MASK) === 0) {
				const id = (entry & NUMBER_MASK) - 1;
				const chunk = chunks[id >> shift]!;
				const first = (id & mask) * size;
				let i = 0;
				while (i < size && chunk[first + i] === words[from + i]) i++;
				if (i === size) return ~id;
			}
			at = (at + 1) & top;
		}
		const id = this.count++;
		table[at] = (id + 1) | (hash & ~NUMBER_MASK);
		this.append(id, words, from);
		if (this.count * 3 > table.length * 2) this.widen();
		return id;
	}

	private append(id: number, words: Int32Array, from: number): void {
		const number = id >> this.shift;
		const first = (id & this.mask) * this.size;
		let chunk = this.chunks[number];
		if (chunk === undefined) {
			chunk = new Int32Array(this.size << this.shift);
			this.chunks.push(chunk);
		} else if (first + this.size > chunk.length) {
			const grown = new Int32Array(Math.min(chunk.length * 2, this.size << this.shift));
			grown.set(chunk);
			this.chunks[number] = grown;
			chunk = grown;
		}
		// For so few words faster than `set`.
		for (let i = 0; i < this.size; i++) chunk[first + i] = words[from + i]!;
	}

	/**
	 * Whether some hundred states can be added without a pause. Else a part of what has to be done for that is done: a large table is not made anew at
	 * once, so that a search can stop in between. `add` does all the rest of it when it is not asked.
	 */
	ready(): boolean {
		if (this.wider === undefined) {
			if (this.count < REHASHED || (this.count + SOME) * 3 <= this.table.length * 2) return true;
			this.wider = this.widerTable();
			this.moved = 0;
		}
		const end = Math.min(this.count, this.moved + REHASHED);
		this.rehash(this.wider, this.moved, end);
		this.moved = end;
		if (end < this.count) return false;
		this.table = this.wider;
		this.wider = undefined;
		return true;
	}

	private readonly widerTable = (): Int32Array<ArrayBuffer> => new Int32Array(this.table.length * (this.table.length < LARGE_TABLE ? 4 : 2));

	private widen(): void {
		this.wider = undefined;
		const table = this.widerTable();
		this.rehash(table, 0, this.count);
		this.table = table;
	}

	/** Puts the states from one number up to another into a table. */
	private rehash(table: Int32Array, from: number, end: number): void {
		const top = table.length - 1;
		const hashes = new Int32Array(AHEAD);
		for (let first = from; first < end; first += AHEAD) {
			const many = Math.min(AHEAD, end - first);
			let touched = 0;
			for (let i = 0; i < many; i++) {
				const id = first + i;
				const hash = finish(this.sum(this.chunks[id >> this.shift]!, (id & this.mask) * this.size));
				hashes[i] = hash;
				touched ^= table[hash & top]!;
			}
			this.touched = touched;
			for (let i = 0; i < many; i++) {
				const hash = hashes[i]!;
				let at = hash & top;
				while (table[at] !== 0) at = (at + 1) & top;
				table[at] = (first + i + 1) | (hash & ~NUMBER_MASK);
			}
		}
	}

	private growStaging(): void {
		this.staging = longer(this.staging);
		this.hashes = longer(this.hashes);
		this.added = longer(this.added);
	}
}
