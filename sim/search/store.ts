/** Ints in one full chunk of the store; the first chunk grows up to it. */
const CHUNK = 1 << 20;
const FIRST_STATES = 64;
const FIRST_TABLE = 256;
/** A table entry: the state's number plus one, and above it some bits of its hash, which mostly tell that it is another state. */
const NUMBER_BITS = 26;
const NUMBER_MASK = (1 << NUMBER_BITS) - 1;
/** Tables below this grow fourfold, since all their states are hashed again each time. */
const LARGE_TABLE = 1 << 22;
/** So many states can be numbered. */
export const MOST_STATES = NUMBER_MASK - 1;

/**
 * A set of states, each a fixed number of 32-bit words, numbered as they come. States stand back to back in large chunks; a table with
 * open addressing and linear probing finds them. Nothing is allocated per state.
 */
export class StateStore {
	private readonly shift: number;
	private readonly mask: number;
	private readonly chunks: Int32Array[] = [];
	private table = new Int32Array(FIRST_TABLE);
	count = 0;
	/** Whether the last `add` met a state for the first time. */
	isNew = false;

	constructor(private readonly size: number) {
		this.shift = Math.max(0, Math.floor(Math.log2(CHUNK / Math.max(1, size))));
		this.mask = (1 << this.shift) - 1;
		this.chunks.push(new Int32Array(Math.min(FIRST_STATES, 1 << this.shift) * size));
	}

	/** The number of the state, which is added unless it is there. */
	add(words: Int32Array): number {
		const { size, mask, shift, chunks } = this;
		let hash = 0;
		for (let i = 0; i < size; i++) hash = Math.imul(((hash << 7) | (hash >>> 25)) ^ words[i]!, 0x9e3779b1);
		hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
		hash ^= hash >>> 13;
		const top = this.table.length - 1;
		const table = this.table;
		const tag = hash & ~NUMBER_MASK;
		let at = hash & top;
		for (let entry = table[at]!; entry !== 0; entry = table[at]!) {
			if ((entry & ~NUMBER_MASK) !== tag) {
				at = (at + 1) & top;
				continue;
			}
			const id = (entry & NUMBER_MASK) - 1;
			const chunk = chunks[id >> shift]!;
			const first = (id & mask) * size;
			let i = 0;
			while (i < size && chunk[first + i] === words[i]) i++;
			if (i === size) {
				this.isNew = false;
				return id;
			}
			at = (at + 1) & top;
		}
		const id = this.count++;
		table[at] = (id + 1) | tag;
		this.append(id, words);
		if (this.count * 3 > table.length * 2) this.widen();
		this.isNew = true;
		return id;
	}

	/** Copies a state out. */
	copy(id: number, words: Int32Array): void {
		const { size } = this;
		const chunk = this.chunks[id >> this.shift]!;
		const first = (id & this.mask) * size;
		for (let i = 0; i < size; i++) words[i] = chunk[first + i]!;
	}

	get bytes(): number {
		return this.table.byteLength + this.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
	}

	private append(id: number, words: Int32Array): void {
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
		for (let i = 0; i < this.size; i++) chunk[first + i] = words[i]!;
	}

	private widen(): void {
		const { size } = this;
		const table = new Int32Array(this.table.length * (this.table.length < LARGE_TABLE ? 4 : 2));
		const top = table.length - 1;
		for (let id = 0; id < this.count; id++) {
			const chunk = this.chunks[id >> this.shift]!;
			const first = (id & this.mask) * size;
			let hash = 0;
			for (let i = 0; i < size; i++) hash = Math.imul(((hash << 7) | (hash >>> 25)) ^ chunk[first + i]!, 0x9e3779b1);
			hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
			hash ^= hash >>> 13;
			let at = hash & top;
			while (table[at] !== 0) at = (at + 1) & top;
			table[at] = (id + 1) | (hash & ~NUMBER_MASK);
		}
		this.table = table;
	}
}
