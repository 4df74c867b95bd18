/** Hashes that share a list, on average. */
const SHARING = 4;
const NONE = -1;

/** Where each hash stands among many: one review asks for names by the hundred, of some hundred thousand. */
export class Places {
	/** By the hash's last bits the first of the places of its list, and by each place the next one: in ascending order. */
	private readonly first: Int32Array;
	private readonly next: Int32Array;
	private readonly mask: number;

	constructor(private readonly hashes: Uint32Array) {
		const lists = 1 << (32 - Math.clz32(Math.max(1, Math.floor(hashes.length / SHARING))));
		this.mask = lists - 1;
		this.first = new Int32Array(lists).fill(NONE);
		this.next = new Int32Array(hashes.length);
		for (let at = hashes.length - 1; at >= 0; at--) {
			const list = hashes[at]! & this.mask;
			this.next[at] = this.first[list]!;
			this.first[list] = at;
		}
	}

	/** All places of the hash, in ascending order. */
	of(hash: number): readonly number[] {
		const found: number[] = [];
		for (let at = this.first[hash & this.mask]!; at !== NONE; at = this.next[at]!) {
			if (this.hashes[at] === hash) {
				found.push(at);
			}
		}
		return found;
	}
}
