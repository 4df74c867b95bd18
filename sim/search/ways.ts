const FIRST_STATES = 256;

/** A number of ways per state, however many: exact numbers as long as they hold them, bigints from then on. */
export class Ways {
	private numbers = new Float64Array(FIRST_STATES);
	private large: bigint[] | undefined = undefined;

	/** Says the number of a state that has none yet. */
	begin(state: number, ways: number): void {
		while (state >= this.numbers.length) {
			const longer = new Float64Array(this.numbers.length * 2);
			longer.set(this.numbers);
			this.numbers = longer;
		}
		if (this.large === undefined) this.numbers[state] = ways;
		else this.large[state] = BigInt(ways);
	}

	add(state: number, ways: number): void {
		if (this.large === undefined && this.numbers[state]! + ways <= Number.MAX_SAFE_INTEGER) this.numbers[state] = this.numbers[state]! + ways;
		else this.grown()[state]! += BigInt(ways);
	}

	/** Adds the number of another state. */
	addOf(state: number, other: number): void {
		if (this.large === undefined) this.add(state, this.numbers[other]!);
		else this.large[state]! += this.large[other]!;
	}

	of(state: number): bigint {
		return this.large === undefined ? BigInt(this.numbers[state]!) : this.large[state]!;
	}

	get bytes(): number {
		return this.numbers.byteLength + (this.large?.length ?? 0) * 8;
	}

	private grown(): bigint[] {
		this.large ??= Array.from(this.numbers, BigInt);
		return this.large;
	}
}
