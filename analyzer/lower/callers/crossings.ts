/** Which threads do something to a lock, and whether those who asked in this pass who else does would be told the same in another one. */
class Doers {
	private readonly threads = new Map<string, Set<number>>();
	private readonly none = new Map<string, readonly [string, number]>();

	add(key: string, thread: number): void {
		this.threads.set(key, (this.threads.get(key) ?? new Set()).add(thread));
	}

	/** Another thread than this one. */
	elsewhere(key: string, thread: number): boolean {
		const found = this.isElsewhere(key, thread);
		if (!found) this.none.set(`${thread}:${key}`, [key, thread]);
		return found;
	}

	begin(): void {
		this.none.clear();
	}

	get settled(): boolean {
		return ![...this.none.values()].some(([key, thread]) => this.isElsewhere(key, thread));
	}

	private isElsewhere(key: string, thread: number): boolean {
		return [...this.threads.get(key) ?? []].some((each) => each !== thread && each >= 0);
	}
}

/**
 * Locks that a call may have to take on its way (a row's `crosses`), by path: who makes such a call with another lock held, and who holds them, himself or by his
 * caller. Only where there is both are they part of the program: nobody else could tell.
 */
export class Crossings {
	readonly crossers = new Doers();
	readonly holders = new Doers();

	begin(): void {
		this.crossers.begin();
		this.holders.begin();
	}

	get settled(): boolean {
		return this.crossers.settled && this.holders.settled;
	}
}

/** The path of a lock of the one instance of its type, as a row has it: `mm_struct.mmap_lock` of `INSTANCE(mm_struct)->mmap_lock`; null of another one. */
export const instancePath = (place: string): string | null => /^INSTANCE\((\w+)\)->(\w+)$/.exec(place)?.slice(1).join('.') ?? null;
