/** Sets of registers as bits, in rows: one per operation, or one per register. */
export class RegisterSets {
	readonly words: number;
	private readonly data: Uint32Array;

	constructor(rows: number, size: number) {
		this.words = (size + 31) >>> 5;
		this.data = new Uint32Array(rows * this.words);
	}

	has(row: number, bit: number): boolean {
		return ((this.data[row * this.words + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) !== 0;
	}

	add(row: number, bit: number): void {
		const at = row * this.words + (bit >>> 5);
		this.data[at] = (this.data[at] ?? 0) | (1 << (bit & 31));
	}

	/** Row `to` takes in all of row `from`, but `except`; true when it grew. */
	take(to: number, from: number, source: RegisterSets, except = -1): boolean {
		let grew = false;
		for (let word = 0; word < this.words; word++) {
			let incoming = source.data[from * this.words + word] ?? 0;
			if (except >>> 5 === word && except >= 0) incoming &= ~(1 << (except & 31));
			const old = this.data[to * this.words + word] ?? 0;
			const next = (old | incoming) >>> 0;
			if (next !== old) {
				this.data[to * this.words + word] = next;
				grew = true;
			}
		}
		return grew;
	}

	/** The bits of a row. */
	of(row: number): readonly number[] {
		const found: number[] = [];
		for (let word = 0; word < this.words; word++) {
			for (let rest = this.data[row * this.words + word] ?? 0; rest !== 0; rest &= rest - 1) found.push(word * 32 + 31 - Math.clz32(rest & -rest));
		}
		return found;
	}
}
