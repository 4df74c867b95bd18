import { type Lowered, operationsOf } from './lower';

/** Operations of programs: of all scenarios of a patch so far, and of each thread after the patch where it was least. */
export class Sizes {
	private sum = 0;
	private readonly least = new Map<string, number>();

	/** Of all scenarios that were lowered to be judged, both sides together. */
	get operations(): number {
		return this.sum;
	}

	/** Hears of both sides of a scenario that is judged. */
	add([before, after]: readonly [Lowered | null, Lowered | null]): void {
		this.sum += operationsOf(before) + operationsOf(after);
		this.note(after);
	}

	/** Hears of a side after that was lowered for its size alone. */
	note(after: Lowered | null): void {
		for (const [thread, { entry }] of after?.parties.entries() ?? []) {
			this.least.set(entry, Math.min(after?.program.threads[thread]?.code.length ?? 0, this.least.get(entry) ?? Number.POSITIVE_INFINITY));
		}
	}

	/** An entry that was of more operations than that wherever it was met: with others it is no less. */
	exceeds(entries: readonly string[], bound: number): boolean {
		return entries.some((entry) => (this.least.get(entry) ?? 0) > bound);
	}
}
