import type { Operand } from '../../../sim';

/** Which registers hold what a field held, and which hold what was computed on that: a store of the latter to the same field is an update. In the order of the code. */
export class Derived {
	private readonly readFrom = new Map<number, ReadonlySet<string>>();
	private readonly computedOn = new Map<number, ReadonlySet<string>>();

	/** The register holds what the field held. */
	reads(register: number, key: string): void {
		this.readFrom.set(register, new Set([key]));
		this.computedOn.delete(register);
	}

	/** The register gets the operand's value. */
	copies(register: number, from: Operand): void {
		this.readFrom.set(register, of(this.readFrom, from));
		this.computedOn.set(register, of(this.computedOn, from));
	}

	/** The register gets what is computed on these. */
	computes(register: number, from: readonly Operand[]): void {
		this.readFrom.delete(register);
		this.computedOn.set(register, new Set(from.flatMap((each) => [...of(this.readFrom, each), ...of(this.computedOn, each)])));
	}

	/** The fields that decided the value: it is what one held, or computed on it. */
	decidedBy(operand: Operand): readonly string[] {
		return [...of(this.readFrom, operand), ...of(this.computedOn, operand)];
	}

	/** Computed on what some field held. */
	isOfField(operand: Operand): boolean {
		return of(this.computedOn, operand).size > 0;
	}

	isComputedOn(operand: Operand, key: string): boolean {
		return of(this.computedOn, operand).has(key);
	}
}

const NOTHING: ReadonlySet<string> = new Set();
const of = (all: ReadonlyMap<number, ReadonlySet<string>>, operand: Operand): ReadonlySet<string> => ('reg' in operand ? all.get(operand.reg) : undefined) ?? NOTHING;
