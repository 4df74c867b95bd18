/** What came of inlining functions on trial in one lowering, by `file:function`. */
export interface Tried {
	/** Somewhere too much of the thread. */
	readonly refused: readonly string[];
	/** Somewhere not. */
	readonly fitting: readonly string[];
}

/**
 * What the lowerings of one review have found of functions that are inlined only where they are not too much of the thread. To find that out costs as much as to
 * lower them: what was too much wherever it was tried so far is taken to be so in the scenarios that follow.
 */
export class Trials {
	private readonly refused = new Set<string>();
	private readonly fitting = new Set<string>();

	/** The function was too much wherever it was tried. */
	tooMuch(file: string, name: string): boolean {
		const key = trialKey(file, name);
		return this.refused.has(key) && !this.fitting.has(key);
	}

	learn({ refused, fitting }: Tried): void {
		for (const each of refused) this.refused.add(each);
		for (const each of fitting) this.fitting.add(each);
	}
}

export const trialKey = (file: string, name: string): string => `${file}:${name}`;
