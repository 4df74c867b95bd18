/**
 * Which concrete values an unknown may have, told from what the code compares it with: every test of a variable is a test of
 * what may have flowed into it.
 */
export interface Interest {
	/** `if (x)` */
	truth: boolean;
	/** IS_ERR(x) */
	error: boolean;
	/** compared with, equal or not */
	readonly equal: Set<number>;
	/** `x < c`: c and c - 1 tell it apart */
	readonly below: Set<number>;
	/** `x & m` */
	readonly masks: Set<number>;
	/** compared with another unknown */
	compared: boolean;
}

/** More values than this per unknown are not tried; the rest is a stated bound. */
export const DOMAIN_BOUND = 4;
export const ERROR_POINTER = -5;

const nothing = (): Interest => ({ truth: false, error: false, equal: new Set(), below: new Set(), masks: new Set(), compared: false });

export class Domains {
	private readonly own = new Map<string, Interest>();
	/** Unknown → the variables and fields it may come to be in. */
	private readonly flows = new Map<string, Set<string>>();
	/** The same the other way round. */
	private readonly origins = new Map<string, Set<string>>();

	/** Unknowns that the code compares with one another. */
	private readonly compared = new Map<string, Set<string>>();

	/** What is asked of this variable itself. */
	of(name: string): Interest {
		const found = this.own.get(name) ?? nothing();
		this.own.set(name, found);
		return found;
	}

	/** What was in `from` may come to be in `to`: tests of `to` then tell values of `from` apart. */
	flow(from: string, to: string): void {
		if (from === to) return;
		this.flows.set(from, (this.flows.get(from) ?? new Set()).add(to));
		this.origins.set(to, (this.origins.get(to) ?? new Set()).add(from));
	}

	alike(a: string, b: string): void {
		this.compared.set(a, (this.compared.get(a) ?? new Set()).add(b));
		this.compared.set(b, (this.compared.get(b) ?? new Set()).add(a));
	}

	/** Where what was in `from` may be by now. */
	reached(from: string): ReadonlySet<string> {
		const seen = new Set([from]);
		for (const each of seen) for (const next of this.flows.get(each) ?? []) seen.add(next);
		return seen;
	}

	/** What may have come to be in `to`. */
	sources(to: string): ReadonlySet<string> {
		const seen = new Set([to]);
		for (const each of seen) for (const from of this.origins.get(each) ?? []) seen.add(from);
		return seen;
	}

	/** What is asked of it and of all it flows to. */
	private asked(name: string): Interest {
		const all = nothing();
		const seen = new Set([name]);
		for (const each of seen) {
			const own = this.own.get(each);
			if (own) {
				all.truth ||= own.truth;
				all.error ||= own.error;
				all.compared ||= own.compared;
				for (const set of ['equal', 'below', 'masks'] as const) for (const value of own[set]) all[set].add(value);
			}
			for (const next of this.flows.get(each) ?? []) seen.add(next);
			for (const next of this.compared.get(each) ?? []) seen.add(next);
		}
		return all;
	}

	/** Integer values worth trying; at least one. */
	integers(name: string): readonly number[] {
		const { truth, equal, below, masks, compared, error } = this.asked(name);
		const values = new Set<number>();
		if (truth || compared || masks.size > 0) values.add(0);
		if (truth || compared) values.add(below.has(0) && !compared ? -5 : 1);
		for (const mask of masks) values.add(mask);
		for (const value of equal) values.add(value);
		for (const value of below) {
			values.add(value);
			values.add(value - 1);
		}
		if (error) values.add(ERROR_POINTER);
		// One that is no error as well.
		if (error && values.size === 1) values.add(1);
		if (equal.size > 0 && values.size === equal.size) values.add(equal.has(0) ? (equal.has(1) ? 2 : 1) : 0);
		if (values.size === 0) values.add(0);
		return [...values].slice(0, DOMAIN_BOUND);
	}

	/** Values of a pointer that would point at `object`: also NULL or an error where the code tests for them. */
	pointers(name: string, object: number, errors = true): readonly number[] {
		const { truth, equal, error } = this.asked(name);
		const values = [object];
		if (truth || equal.has(0)) values.push(0);
		if (error && errors) values.push(ERROR_POINTER);
		return values;
	}
}
