import { ALUS, compute } from '../machine/opcodes';
import { POINTER_BASE } from '../program';

/** Sets larger than this are not told apart. */
const MOST_VALUES = 32;

/** Any value at all; any value that is no pointer. All other numbers name a finite set. */
export const ANY = 0, NUMBERS = 1;

const isPointer = (value: number): boolean => value >= POINTER_BASE;

/** The inner one of that number, made where there is none. */
function within(outer: Map<number, Map<number, number>>, number: number): Map<number, number> {
	const known = outer.get(number);
	if (known !== undefined) return known;
	const made = new Map<number, number>();
	outer.set(number, made);
	return made;
}

/** Each larger than the one before it. */
function ascending(values: readonly number[]): boolean {
	for (let i = 1; i < values.length; i++) if (values[i]! <= values[i - 1]!) return false;
	return true;
}

/** Finite sets of values by number, so that unions and comparisons of sets are look-ups. */
export class ValueSets {
	private readonly sets: (readonly number[])[] = [[], []];
	private readonly known = new Map<string, number>();
	/** By the one set, then by the other: numbers that fit into a machine's word are looked up fastest. */
	private readonly unions = new Map<number, Map<number, number>>();
	private readonly singles = new Map<number, number>();
	/** By the first set and the operation, then by the second set. */
	private readonly combinations = new Map<number, Map<number, number>>();
	/** By set, operation and outcome, then by constant. */
	private readonly narrowings = new Map<number, Map<number, number>>();
	readonly zero = this.of([0]);
	readonly empty = this.of([]);
	readonly zeroOrOne = this.of([0, 1]);

	of(values: readonly number[]): number {
		const sorted = ascending(values) ? values : [...new Set(values)].sort((a, b) => a - b);
		if (sorted.length > MOST_VALUES) return sorted.some(isPointer) ? ANY : NUMBERS;
		const key = sorted.join(',');
		const known = this.known.get(key);
		if (known !== undefined) return known;
		this.known.set(key, this.sets.length);
		return this.sets.push(sorted) - 1;
	}

	single(value: number): number {
		const known = this.singles.get(value) ?? this.of([value]);
		this.singles.set(value, known);
		return known;
	}

	/** The members; none for ANY and NUMBERS. */
	members(set: number): readonly number[] {
		return this.sets[set]!;
	}

	union(a: number, b: number): number {
		if (a === b || a === ANY) return a;
		if (b === ANY) return b;
		const [one, other] = a < b ? [a, b] : [b, a];
		const unions = within(this.unions, one);
		const known = unions.get(other);
		if (known !== undefined) return known;
		let both: number;
		if (a === NUMBERS || b === NUMBERS) both = this.members(a).some(isPointer) || this.members(b).some(isPointer) ? ANY : NUMBERS;
		else both = this.of([...this.members(a), ...this.members(b)]);
		unions.set(other, both);
		return both;
	}

	/** What an operation (its number, see `compute`) makes of two sets. Arithmetic on integers of unknown value is taken not to hit upon a pointer. */
	combine(alu: number, a: number, b: number): number {
		const combinations = within(this.combinations, a * ALUS.length + alu);
		const known = combinations.get(b);
		if (known !== undefined) return known;
		const made = this.combined(alu, a, b);
		combinations.set(b, made);
		return made;
	}

	/** The members of a finite set for which the operation with the constant gives 0, or does not. */
	narrowed(set: number, alu: number, constant: number, zero: boolean): number {
		const key = (set * 32 + alu) * 2 + (zero ? 1 : 0);
		const byConstant = within(this.narrowings, key);
		const known = byConstant.get(constant);
		if (known !== undefined) return known;
		const all = this.members(set);
		const left = all.filter((value) => (compute(alu, value, constant) === 0) === zero);
		const made = left.length < all.length ? this.of(left) : set;
		byConstant.set(constant, made);
		return made;
	}

	private combined(alu: number, a: number, b: number): number {
		if (a > NUMBERS && b > NUMBERS) {
			const [xs, ys] = [this.members(a), this.members(b)];
			if (xs.length * ys.length <= 4 * MOST_VALUES) return this.of(xs.flatMap((x) => ys.map((y) => compute(alu, x, y))));
		}
		const pointers = a === ANY || b === ANY || this.members(a).some(isPointer) || this.members(b).some(isPointer);
		return pointers ? ANY : NUMBERS;
	}
}
