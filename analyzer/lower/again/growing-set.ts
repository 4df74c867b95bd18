/** What is learnt from pass to pass: only ever more. Knows whether those who asked in this pass would be told the same in another one. */
export class GrowingSet extends Set<string> {
	private readonly missed = new Set<string>();

	override has(each: string): boolean {
		const known = super.has(each);
		if (!known) this.missed.add(each);
		return known;
	}

	/** Another pass begins. */
	begin(): void {
		this.missed.clear();
	}

	/** Nothing that somebody missed has come. */
	get settled(): boolean {
		for (const each of this.missed) if (super.has(each)) return false;
		return true;
	}
}
