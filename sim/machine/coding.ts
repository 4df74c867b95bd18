import { POINTER_BASE } from '../program';

/** Thrown when a state holds more distinct values than its slots can tell apart; the exploration starts again with wider slots. */
export class TooManyValues extends Error {}

const identities = new Map<number, Int32Array>();

/** The numbers below that, in order: made once, as each program has codes of its own. */
function identityOf(count: number): Int32Array {
	const known = identities.get(count) ?? Int32Array.from({ length: count }, (_, code) => code);
	identities.set(count, known);
	return known;
}

export type Slots = Uint8Array | Uint16Array;
export type Width = 1 | 2;

/**
 * Slots hold codes, not values: small non-negative integers are their own code, all others (pointers, negative numbers, large
 * numbers) get the next free code when first met. One or two bytes per slot then suffice for any 32-bit values.
 */
export class Coding {
	/** Codes below it are values. */
	readonly identity: number;
	/** From code to value. */
	readonly decode: Int32Array;
	private readonly limit: number;
	private next: number;
	private readonly pointers: Uint16Array;
	private readonly others = new Map<number, number>();

	constructor(readonly width: Width, cells: number) {
		this.limit = width === 1 ? 256 : 65536;
		this.identity = this.limit / 2;
		this.next = this.identity;
		this.decode = new Int32Array(this.limit);
		this.decode.set(identityOf(this.identity));
		this.pointers = new Uint16Array(cells);
	}

	encode(value: number): number {
		return value >>> 0 < this.identity ? value : this.lookUp(value);
	}

	private lookUp(value: number): number {
		const pointed = value - POINTER_BASE;
		if (pointed >>> 0 < this.pointers.length) {
			const code = this.pointers[pointed]!;
			if (code !== 0) return code;
			const assigned = this.assign(value);
			this.pointers[pointed] = assigned;
			return assigned;
		}
		const known = this.others.get(value);
		if (known !== undefined) return known;
		const code = this.assign(value);
		this.others.set(value, code);
		return code;
	}

	private assign(value: number): number {
		if (this.next === this.limit) throw new TooManyValues();
		this.decode[this.next] = value;
		return this.next++;
	}
}
