import type { LockKind } from '../../sim';
import type { CType } from './values/ctype';
import { Crossings } from './callers/crossings';
import { GrowingSet } from './again/growing-set';

/** Taken where nobody sees it: a lock, or (without kind) a reference. */
export interface Elided {
	readonly key: string;
	readonly kind?: LockKind;
	readonly mode: 'exclusive' | 'shared';
	/** What is off while the lock is held. */
	readonly off?: 'hardirq' | 'softirq' | undefined;
	/** Nobody shows what it is: only that it is given back. */
	readonly unnamed?: true;
	/** Of an elided label: whether the code behind it releases this. */
	readonly released?: boolean;
}

export interface ElidedLock extends Elided {
	/** The lock's path: `foo.lock`. */
	readonly key: string;
	readonly kind: LockKind;
	readonly mode: 'exclusive' | 'shared';
}

/** What keeps the references that models drop. */
export const MODEL = 'model';
/** Who keeps a reference as the caller of the thread's function, which is handed the object. */
export const CALLER = 'caller';

/** What has been learnt in earlier passes of one scenario side and steers the next. */
export class Facts {
	/** Calls of what was found to be too much of the thread to be inlined. */
	readonly tooLarge = new Set<string>();
	/** Those that were found not to be: they stay inlined. */
	readonly affordable = new Set<string>();
	/** At how many places a function was too much, and which ones were not somewhere: by `file:function`. */
	readonly refused = new Map<string, number>();
	readonly fitting = new Set<string>();
	/** Locals that fragments use and elided code declares: frame id → name → type. */
	readonly elided = new Map<string, Map<string, CType>>();
	/** Locks and references that elided code took: gap → path → what. */
	readonly acquired = new Map<string, Map<string, Elided>>();
	/** Locks that are held where untouched gotos lead to a label that nobody shows: label → where the goto stands → locks. */
	readonly leading = new Map<string, Map<number, readonly ElidedLock[]>>();
	/** Locks that an entry's caller holds, told by what it asserts or releases: thread → path → lock. */
	readonly inherited = new Map<number, Map<string, ElidedLock>>();
	/** Those of them that are told by what is asserted. */
	readonly asserted = new Map<number, Map<string, ElidedLock>>();
	/** `thread:path` of what is asserted there and taken behind it by the thread itself: no caller holds that. */
	readonly contradicted = new Set<string>();
	/** Fields that some thread stores to (`i_size`), and `thread:inode.i_size`. */
	readonly stored = new GrowingSet();
	/** `thread:inode.i_size` of fields that the thread tests. */
	readonly conditions = new GrowingSet();
	/** Results of calls that nobody shows → the function; and which functions hand out references, of which count. */
	readonly results = new Map<string, string>();
	readonly givers = new Map<string, string>();
	/** Functions that hand out none, since on the other side of the patch the code takes its own. */
	readonly noGivers = new Set<string>();
	/** Results of calls that the code frees. */
	readonly spent = new Set<string>();
	/** Functions that nobody shows and whose results the code frees: what they return is its own. */
	readonly makers = new Set<string>();
	/** Arrays that the code indexes: one cell stands for all elements. */
	readonly indexed = new Set<string>();
	/** Unknowns of which the code takes a reference itself. */
	readonly taken = new Set<string>();
	/** Locks that calls take on their way, and who holds them. */
	readonly crossings = new Crossings();
	private readonly counts = new Map<string, Map<number, { gets: number; puts: number }>>();

	/** Another thread than this one stores to the field. */
	storedElsewhere(thread: number, key: string): boolean {
		const stored = this.isStoredElsewhere(thread, key);
		if (!stored) this.undisturbed.set(`${thread}:${key}`, [thread, key]);
		return stored;
	}

	private isStoredElsewhere(thread: number, key: string): boolean {
		return [...this.writers.get(key) ?? []].some((writer) => writer !== thread && writer >= 0);
	}

	private readonly writers = new Map<string, Set<number>>();
	/** Of which it was said in this pass that nobody else stores to it. */
	private readonly undisturbed = new Map<string, readonly [number, string]>();

	store(thread: number, key: string): void {
		this.stored.add(`${thread}:${key}`);
		this.stored.add(key.slice(key.lastIndexOf('.') + 1));
		this.writers.set(key, (this.writers.get(key) ?? new Set()).add(thread));
	}

	/** A plain atomic that somebody drops to zero and tests is a count as well. */
	private readonly tested = new Set<string>();

	/** An atomic add or sub; it counts references when some thread tests for zero. */
	added(path: string, thread: number, delta: number, tests: boolean): void {
		if (tests) this.tested.add(path);
		if (this.tested.has(path)) this.counted(path, thread, delta);
	}

	counted(path: string, thread: number, delta: number): void {
		const threads = this.counts.get(path) ?? new Map<number, { gets: number; puts: number }>();
		const count = threads.get(thread) ?? { gets: 0, puts: 0 };
		if (delta > 0) count.gets++;
		else count.puts++;
		this.counts.set(path, threads.set(thread, count));
	}

	/** Where references are kept that the code drops: count → fields (and `model` for what models drop). */
	private readonly keepers = new Map<string, Set<string>>();

	keeps(path: string, keeper: string): void {
		this.keepers.set(path, (this.keepers.get(path) ?? new Set()).add(keeper));
	}

	/** The fields, of none of the models, that keep a reference. */
	keepersOf(path: string): readonly string[] {
		return [...this.keepers.get(path) ?? []].filter((keeper) => keeper !== MODEL && keeper !== CALLER);
	}

	/** One for whoever published the object, one for each thread that drops a reference without having taken one, or one for each place that keeps one. */
	initialCounts(): readonly (readonly [string, number])[] {
		return [...this.counts].map(([path, threads]) => {
			const handed = [...threads.values()].filter(({ gets, puts }) => puts > 0 && gets === 0).length;
			return [path, Math.max(1, handed, this.keepers.get(path)?.size ?? 0)] as const;
		});
	}

	private readonly frozen = new Map<string, { readonly thread: number; readonly count: number }>();

	/** The thread goes on where the count is just so many, and is none from then on. */
	froze(path: string, thread: number, count: number): void {
		this.frozen.set(path, { thread, count });
	}

	/** What the other side of the patch showed of this. */
	frozenOtherwise: ReadonlyMap<string, number> = new Map();

	/** Counts that are as many in the beginning as who freezes them expects, unless he takes one himself: by the count's path. */
	frozenCounts(): ReadonlyMap<string, number> {
		const own = [...this.frozen].flatMap(([path, { thread, count }]) => ((this.counts.get(path)?.get(thread)?.gets ?? 0) > 0 ? [] : [[path, count] as const]));
		return new Map([...this.frozenOtherwise, ...own]);
	}

	/** How much has been learnt of what any of it may change. What is counted is not among it: that begins anew in each pass. */
	private get size(): number {
		const { tooLarge, results, givers, noGivers, spent, makers, indexed, taken, tested } = this;
		const flat = [tooLarge, results, givers, noGivers, spent, makers, indexed, taken, tested];
		const nested: readonly ReadonlyMap<unknown, { readonly size: number }>[] = [this.elided, this.acquired, this.inherited, this.leading];
		return flat.reduce((sum, { size }) => sum + size, 0) + nested.reduce((sum, each) => [...each.values()].reduce((all, { size }) => all + 1 + size, sum), 0);
	}

	private learnt = 0;

	/** Another pass begins: what that pass counts and asks again. */
	begin(): void {
		this.learnt = this.size;
		this.counts.clear();
		this.keepers.clear();
		this.frozen.clear();
		this.undisturbed.clear();
		this.stored.begin();
		this.conditions.begin();
		this.crossings.begin();
	}

	/** Another pass would be told the same. */
	get settled(): boolean {
		return this.size === this.learnt && this.stored.settled && this.conditions.settled && this.crossings.settled && ![...this.undisturbed.values()].some(([thread, key]) => this.isStoredElsewhere(thread, key));
	}
}
