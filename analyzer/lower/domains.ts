/**
 * Which concrete values an unknown may have, told from what the code compares it with: unknowns that flow into one another
 * share a class (Steensgaard, POPL 1996), every test adds to its class what tells its outcomes apart.
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

export class Domains {
	private readonly parent = new Map<string, string>();
	private readonly interests = new Map<string, Interest>();

	private root(name: string): string {
		let at = name;
		for (let up = this.parent.get(at); up !== undefined; up = this.parent.get(at)) at = up;
		if (at !== name) this.parent.set(name, at);
		return at;
	}

	of(name: string): Interest {
		const root = this.root(name);
		let found = this.interests.get(root);
		if (!found) {
			found = { truth: false, error: false, equal: new Set(), below: new Set(), masks: new Set(), compared: false };
			this.interests.set(root, found);
		}
		return found;
	}

	unify(a: string, b: string): void {
		const [left, right] = [this.root(a), this.root(b)];
		if (left === right) return;
		const [from, to] = [this.of(right), this.of(left)];
		to.truth ||= from.truth;
		to.error ||= from.error;
		to.compared ||= from.compared;
		for (const value of from.equal) to.equal.add(value);
		for (const value of from.below) to.below.add(value);
		for (const value of from.masks) to.masks.add(value);
		this.interests.delete(right);
		this.parent.set(right, left);
	}

	/** Integer values worth trying; at least one. */
	integers(name: string): readonly number[] {
		const { truth, equal, below, masks, compared, error } = this.of(name);
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
		if (equal.size > 0 && values.size === equal.size) values.add(equal.has(0) ? (equal.has(1) ? 2 : 1) : 0);
		if (values.size === 0) values.add(0);
		return [...values].slice(0, DOMAIN_BOUND);
	}

	/** Values of a pointer that would point at `object`: also NULL or an error where the code tests for them. */
	pointers(name: string, object: number): readonly number[] {
		const { truth, equal, error } = this.of(name);
		const values = [object];
		if (truth || equal.has(0)) values.push(0);
		if (error) values.push(ERROR_POINTER);
		return values;
	}
}
