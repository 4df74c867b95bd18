import type { CheckName, MemoryModel, Program, Reason } from './program';

/**
 * A schedule is data: one number per step, `thread + CHOICE_STRIDE * choice`. A step without a choice is just its thread's index.
 * Under a weak memory thread numbers go on after the last thread: number of threads + t is thread t's store buffer (or a load of it that was
 * put off) doing something on its own.
 * Choices are those of `choose`, of a cell's `domain` and of where an interrupt comes, in the order the step meets them (mixed radix).
 */
export type Schedule = readonly number[];
export const CHOICE_STRIDE = 64;

/** Named bounds; every one that was hit is in `Exploration.bound`. */
export interface Bounds {
	readonly states: number;
	readonly milliseconds: number;
	readonly megabytes: number;
	/** Programs of more threads are not explored; half as many under a weak memory, and never more than fit into the searches' masks. */
	readonly threads: number;
	/** For counting interleavings: trace count at which it stops and gives a lower bound. */
	readonly traces: number;
	/** Local operations in one step before it is taken for an endless loop and cut. */
	readonly localOperations: number;
}
export const DEFAULT_BOUNDS: Bounds = { states: 2_000_000, milliseconds: 10_000, megabytes: 1024, threads: 30, traces: 20_000, localOperations: 10_000 };

export interface Options {
	readonly bounds?: Partial<Bounds>;
	readonly memory?: MemoryModel;
	/** Count inequivalent interleavings too (more work than a verdict). Default true. */
	readonly count?: boolean;
	/** Stop at the first failure, without the shortest schedule. Default false. */
	readonly verdictOnly?: boolean;
	readonly reduction?: boolean;
	/** Look for the passing schedule nearest to the first failing one (`passingNear` does it afterwards). Default true. */
	readonly nearest?: boolean;
	readonly signal?: AbortSignal;
	readonly progress?: (states: number) => void;
	/** Hears of each failure once it is met, with the schedule by which it was met, which need not be the shortest. */
	readonly met?: (failure: Failure) => void;
}

export interface CellChange {
	readonly cell: number;
	readonly before: number;
	readonly after: number;
}

/** One executed step of a schedule. */
export interface Step {
	readonly thread: number;
	/** The schedule entry. */
	readonly entry: number;
	/** Index into the thread's code of its first operation, and of every operation it executed, in order. */
	readonly pc: number;
	readonly executed: readonly number[];
	readonly changes: readonly CellChange[];
	/** Objects freed or allocated, locks taken and released (cell indices). */
	readonly freed: readonly number[];
	readonly allocated: readonly number[];
	readonly locked: readonly number[];
	readonly unlocked: readonly number[];
}

export interface Failure {
	readonly check: CheckName;
	/** In words of cells and objects; the caller adds the source's words. */
	readonly message: string;
	/** Fewest preemptions, then fewest steps; its last step is the one that fails (for a deadlock: the last that could move). */
	readonly schedule: Schedule;
	/** The thread and operation that failed; thread -1 at quiescence. */
	readonly thread: number;
	readonly pc: number;
	readonly reason: Reason;
	/** Origins of the operations in conflict: what failed first, then the other party's (who freed it, who holds the lock, who wrote). */
	readonly sites: readonly number[];
	readonly object?: number;
	readonly cell?: number;
	readonly preemptions: number;
	/** The cells that a bad pointer was read from. */
	readonly behind?: readonly number[];
	/** The thread has freed the object itself, by another pointer than the one that failed: nothing that it ran made them the same, only the initial memory does. */
	readonly aliased?: true;
	/** For a deadlock: who waits for whom at what cell. */
	readonly blocked?: readonly Blocked[];
}

export interface Blocked {
	readonly thread: number;
	readonly pc: number;
	readonly origin: number;
	/** The lock, queue or cell waited for; -1 where there is none (a join, a grace period). */
	readonly cell: number;
	/** Threads that hold it or that it waits for. */
	readonly by: readonly number[];
	/** Origins of the operations that took what is waited for, where known. */
	readonly since: readonly number[];
}

export interface Exploration {
	readonly verdict: 'fails' | 'passes' | 'inconclusive';
	readonly states: number;
	readonly transitions: number;
	/** Inequivalent (Mazurkiewicz) interleavings; exact, or both lower bounds. Absent when not counted. */
	readonly interleavings?: { readonly failing: number; readonly passing: number; readonly exact: boolean };
	/** All interleavings, where the state graph is acyclic and was searched whole. */
	readonly total?: bigint;
	/** One per distinct (check, sites). `data-race` failures are notes and do not make the verdict. */
	readonly failures: readonly Failure[];
	readonly notes: readonly Failure[];
	/** A passing schedule, the nearest to failures[0] when there is one. */
	readonly passing?: Schedule;
	/** A bound that was hit: never `passes` then. */
	readonly bound?: { readonly name: keyof Bounds | 'objects' | 'cancelled'; readonly reached: number };
	/** `why` of every cut path, distinct. */
	readonly cuts: readonly string[];
	/** Per thread the code indices executed in some explored state; what stays false was never reached. */
	readonly covered?: readonly Uint8Array[];
}

export interface Replay {
	readonly steps: readonly Step[];
	readonly failure?: Failure;
	/** Where the schedule could not go on: its index, and who is blocked by whom. */
	readonly stuck?: { readonly at: number; readonly blocked: readonly Blocked[] };
	/** Cell values after the last step. */
	readonly state: Int32Array;
	readonly live: readonly boolean[];
}

/** For a person who chooses who moves next. */
export interface Stepper {
	readonly program: Program;
	/** Schedule entries that can be taken now. */
	enabled(): Schedule;
	blocked(): readonly Blocked[];
	/** `over`: the path failed or was cut here, and nothing can be taken any more. */
	step(entry: number): { readonly step: Step; readonly failure?: Failure; readonly over?: boolean };
	undo(): boolean;
	readonly state: Int32Array;
	readonly schedule: Schedule;
}
