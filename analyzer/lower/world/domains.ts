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
const DOMAIN_BOUND = 4;
/** In an outline, where one function's own paths are all that is asked for. */
const OUTLINE_DOMAIN_BOUND = 10;
const ERROR_POINTER = -5;

const nothing = (): Interest => ({ truth: false, error: false, equal: new Set(), below: new Set(), masks: new Set(), compared: false });

export class Domains {
	private readonly bound: number;

	constructor(outline: boolean) {
		this.bound = outline ? OUTLINE_DOMAIN_BOUND : DOMAIN_BOUND;
	}

	private readonly own = new Map<string, Interest>();
	/** Unknown → the variables and fields it may come to be in. */
	private readonly flows = new Map<string, Set<string>>();
	/** The same the other way round. */
	private readonly origins = new Map<string, Set<string>>();

	/** Unknowns that the code compares with one another. */
	private readonly compared = new Map<string, Set<string>>();

	/** What has been answered since `begin`, by what was asked. */
	private readonly answered = new Map<string, { readonly answer: string; readonly again: () => string }>();

	/** A pass begins: what it is told is noted. */
	begin(): void {
		this.answered.clear();
	}

	/** Whether the next pass would be told the same as the last one was. */
	get settled(): boolean {
		return [...this.answered.values()].every(({ answer, again }) => again() === answer);
	}

	private note<T>(question: string, find: () => T, tell: (found: T) => string): T {
		const found = find();
		if (!this.answered.has(question)) this.answered.set(question, { answer: tell(found), again: () => tell(find()) });
		return found;
	}

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
		return this.note(`> ${from}`, () => closure(from, this.flows), ({ size }) => String(size));
	}

	/** What may have come to be in `to`. */
	sources(to: string): ReadonlySet<string> {
		return this.note(`< ${to}`, () => closure(to, this.origins), ({ size }) => String(size));
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

	/** It is compared with another unknown, wherever it goes. */
	isCompared(name: string): boolean {
		return this.note(`? ${name}`, () => this.asked(name).compared, String);
	}

	/** Integer values worth trying; at least one. */
	integers(name: string): readonly number[] {
		return this.note(`= ${name}`, () => this.integersOf(name), String);
	}

	private integersOf(name: string): readonly number[] {
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
		return [...values].slice(0, this.bound);
	}

	/** Values of a pointer that would point at `object`: also NULL or an error where the code tests for them. */
	pointers(name: string, object: number, errors = true): readonly number[] {
		const others = this.note(`* ${name} ${errors}`, () => {
			const { truth, equal, error } = this.asked(name);
			return [...(truth || equal.has(0) ? [0] : []), ...(error && errors ? [ERROR_POINTER] : [])];
		}, String);
		return [object, ...others];
	}
}

function closure(of: string, steps: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
	const seen = new Set([of]);
	for (const each of seen) for (const next of steps.get(each) ?? []) seen.add(next);
	return seen;
}
