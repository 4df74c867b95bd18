/**
 * What the simulator runs: threads of tiny operations over one flat memory.
 *
 * Memory is an array of cells. An object is a contiguous range of cells, so that embedding, `&p->member` and
 * `container_of` are additions, as in C. A pointer is `POINTER_BASE + cell index`; NULL is 0; error pointers are small
 * negative numbers. Nothing here knows C, a file or the kernel: `origin` is an opaque id that the caller understands.
 */

/** A 32-bit signed integer. */
export type Value = number;

/** The pointer to cell 0. Values below are plain integers. */
export const POINTER_BASE = 0x1000_0000;

export interface Cell {
	/** For people: `inode.i_size`, `page A.mapping`. */
	readonly name: string;
	readonly initial: Value;
	/** An unknown initial value: the first load chooses one of these, and it then holds as if it had always been there. */
	readonly domain?: readonly Value[];
}

export interface ObjectDecl {
	readonly name: string;
	readonly type: string;
	/** Index of its first cell, and how many there are. Ranges may nest (an embedded object is inside its owner). */
	readonly first: number;
	readonly size: number;
	/** False: in the pool, waiting for an `alloc`. */
	readonly live: boolean;
	/** Its memory may still be read, locked and tried with get-unless-zero after it was freed (a page, SLAB_TYPESAFE_BY_RCU). */
	readonly typeStable?: boolean;
}

/** A register of the thread, or a constant. */
export type Operand = { readonly reg: number } | { readonly value: Value };

/** The cell at `base + offset`. A base that is no pointer (NULL, an error) is a failure; so is a freed object. */
export interface Address {
	readonly base: Operand;
	readonly offset: number;
}

export type Alu =
	| 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'and' | 'or' | 'xor' | 'shl' | 'shr'
	| 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** `plain` may tear, be repeated or reordered by the compiler; `once` is READ_ONCE/WRITE_ONCE or a relaxed atomic. */
export type Order = 'plain' | 'once' | 'acquire' | 'release' | 'full';

export type LockKind = 'spin' | 'rw' | 'mutex' | 'rwsem' | 'semaphore' | 'bit' | 'page' | 'local';

/** The closed list of design section 3; each has one file under checks/. */
export type CheckName =
	| 'stale-mapping' | 'use-after-free' | 'refcount-underflow' | 'refcount-leak' | 'resurrection' | 'pinned-after-free'
	| 'block-reused' | 'lost-data' | 'deadlock' | 'unlock-not-held' | 'lock-held-at-return' | 'sleep-in-atomic'
	| 'irq-unsafe-lock' | 'assertion' | 'check-then-act' | 'data-race';

interface Common {
	/** Opaque to the simulator. */
	readonly origin: number;
	/**
	 * Begins a step: other threads may run before it. Operations without it ride along with the step before them, so a run
	 * of operations after one `step` is atomic. Operations that can block (lock, await, sleep, join, grace-wait) always begin a step.
	 */
	readonly step?: boolean;
}

/** Fails `check` when watch slot n is armed on the cell and broken (a lost update, or a check that no longer holds). */
export interface Unless {
	readonly watch: number;
	readonly check: CheckName;
	readonly message: string;
}

export type Op = Common & (
	// Registers and control flow.
	| { readonly op: 'set'; readonly dst: number; readonly from: Operand }
	| { readonly op: 'alu'; readonly alu: Alu; readonly dst: number; readonly a: Operand; readonly b: Operand }
	/** Goes on in one branch per value. */
	| { readonly op: 'choose'; readonly dst: number; readonly values: readonly Value[] }
	| { readonly op: 'jump'; readonly target: number }
	/** Jumps when `cond` is not 0. */
	| { readonly op: 'branch'; readonly cond: Operand; readonly target: number }
	/** Fails `check` when `cond` is 0. */
	| { readonly op: 'assert'; readonly cond: Operand; readonly check: CheckName; readonly message: string }
	/** The thread returns; locks it still holds (and that were not excused) are `lock-held-at-return`. */
	| { readonly op: 'end' }
	/** Source was elided here: locks held now may have been released out of sight, so they are excused at `end`. */
	| { readonly op: 'excuse' }
	/** This path is not explored further (an unmodelled bound); never a failure, and counted. */
	| { readonly op: 'cut'; readonly why: string }

	// Memory.
	/** `watch` arms watch slot n of the thread on this cell: another thread's change of it breaks the watch. */
	| { readonly op: 'load'; readonly dst: number; readonly at: Address; readonly order: Order; readonly watch?: number }
	| { readonly op: 'store'; readonly at: Address; readonly from: Operand; readonly order: Order; readonly unless?: Unless }
	/** Atomically: old = cell; cell = old alu value (or value, when alu is absent: exchange). dst gets old or new. */
	| { readonly op: 'rmw'; readonly at: Address; readonly alu?: Alu; readonly value: Operand; readonly dst?: number; readonly result?: 'old' | 'new'; readonly order: Order; readonly unless?: Unless }
	/** Compare and exchange; dst gets the old value. */
	| { readonly op: 'cas'; readonly at: Address; readonly expect: Operand; readonly value: Operand; readonly dst: number; readonly order: Order }
	| { readonly op: 'fence'; readonly kind: 'full' | 'read' | 'write' | 'acquire' | 'release' }
	/** An access window on a structure that is not atomic (a list head): overlapping another thread's, unless both are shared, fails `check`. */
	| { readonly op: 'enter'; readonly at: Address; readonly mode: 'shared' | 'exclusive'; readonly check: CheckName; readonly message: string }
	| { readonly op: 'leave'; readonly at: Address; readonly mode: 'shared' | 'exclusive' }

	// Objects.
	/** Takes the first never-used object of the list; its cells get their initial values. None left: the path is cut. */
	| { readonly op: 'alloc'; readonly dst: number; readonly objects: readonly number[] }
	/** Frees the outermost object whose range holds the pointer. Freed already: use-after-free ("freed twice"). NULL: nothing. */
	| { readonly op: 'free'; readonly pointer: Operand }
	/** Touches the object without reading a cell: use-after-free when it is not live. NULL or an error pointer fails too. */
	| { readonly op: 'touch'; readonly pointer: Operand }
	/** dst gets 1 when the object of `pointer` is live, 0 when it was freed or never allocated; what is no pointer counts as live. */
	| { readonly op: 'is-live'; readonly pointer: Operand; readonly dst: number }
	/** A reference. On a count of 0: `unlessZero` gives dst 0, else `resurrection`. dst gets 1 when taken. */
	| { readonly op: 'get'; readonly at: Address; readonly unlessZero?: boolean; readonly dst?: number }
	/** Drops a reference: below 0 is `refcount-underflow`; dst gets 1 when it reached 0; `frees`: the outermost object is then freed. */
	| { readonly op: 'put'; readonly at: Address; readonly dst?: number; readonly frees?: boolean }
	/** The reference that this thread holds on the object of `pointer` has a new owner (stored, returned, passed on): no leak of this thread's. */
	| { readonly op: 'escape'; readonly pointer: Operand }

	// Locks. The lock's state lives in the cell.
	| { readonly op: 'lock'; readonly at: Address; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared'; readonly sleeps: boolean; readonly recursive?: boolean }
	/** dst gets 1 when taken, else 0. */
	| { readonly op: 'trylock'; readonly at: Address; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared'; readonly dst: number }
	| { readonly op: 'unlock'; readonly at: Address; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared' }
	/** dst gets 1 when this thread (or, `anyone`, whoever) holds it. */
	| { readonly op: 'held'; readonly at: Address; readonly dst: number; readonly anyone?: boolean }
	/** The thread starts out holding it: its caller took it. Blocks like lock. Excused at `end`, released there. */
	| { readonly op: 'inherit'; readonly at: Address; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared' }

	// Contexts. `delta` nests.
	| { readonly op: 'context'; readonly which: 'hardirq' | 'softirq' | 'preempt'; readonly delta: 1 | -1 }
	/** local_irq_save / restore by value are lowered to hardirq +1 / -1; `force` sets the depth (local_irq_enable: 0). */
	| { readonly op: 'context-set'; readonly which: 'hardirq' | 'softirq' | 'preempt'; readonly depth: number }
	/** Might sleep here: fails sleep-in-atomic in atomic context. */
	| { readonly op: 'might-sleep'; readonly what: string }

	// RCU. Domains keep SRCU apart (0 is RCU).
	| { readonly op: 'rcu'; readonly domain: number; readonly delta: 1 | -1 }
	/** A grace period as two steps: begin notes the readers inside; wait blocks until they have left. */
	| { readonly op: 'grace-begin'; readonly domain: number }
	| { readonly op: 'grace-wait'; readonly domain: number }

	// Waiting.
	/** Blocks until the cell compares so. */
	| { readonly op: 'await'; readonly at: Address; readonly alu: Alu; readonly value: Operand; readonly sleeps: boolean }
	/** Puts this thread on the queue; `sleep` blocks until a `wake` after it; `wake` with `all` false wakes one. */
	| { readonly op: 'prepare-wait'; readonly at: Address }
	| { readonly op: 'sleep'; readonly at: Address }
	| { readonly op: 'finish-wait'; readonly at: Address }
	| { readonly op: 'wake'; readonly at: Address; readonly all: boolean }

	// Other threads.
	/** Makes an idle thread pending (its registers 0.. get `args`). dst gets 1 when it was idle. `grace`: it starts after a grace period. */
	| { readonly op: 'spawn'; readonly thread: number; readonly args: readonly Operand[]; readonly dst?: number; readonly grace?: number }
	/** A pending thread that has not started is idle again; dst gets 1 when it was pending. */
	| { readonly op: 'cancel'; readonly thread: number; readonly dst?: number }
	/** Blocks while the thread is running (not while it is idle); `pending: true`: also while it is pending (flush). `spins`: without sleeping. */
	| { readonly op: 'join'; readonly thread: number; readonly pending?: boolean; readonly spins?: boolean }
	/** From now on a spawn of it does nothing (timer_shutdown, disable_work, free_irq). */
	| { readonly op: 'disable'; readonly thread: number }
);

export type ContextKind = 'task' | 'softirq' | 'hardirq' | 'rcu' | 'work' | 'timer';

export interface Thread {
	/** `CPU0`, `work`, … */
	readonly name: string;
	readonly context: ContextKind;
	readonly registers: number;
	/** How many watch slots. */
	readonly watches: number;
	readonly code: readonly Op[];
	/** `ready`: may start at once. `idle`: only after a spawn. `pending`: as if spawned before. */
	readonly start: 'ready' | 'idle' | 'pending';
	/** How often it may run (an armed timer that arms itself again). */
	readonly runs: number;
	/**
	 * A soft or hard interrupt may come on any CPU: by itself, or in the middle of one of these threads, which then stands still
	 * until it is done, when that thread has not disabled such interrupts.
	 */
	readonly interrupts?: readonly number[];
	/** Identical threads (same code, interchangeable) share a class; for symmetry. */
	readonly symmetry?: number;
}

export interface Program {
	readonly name: string;
	readonly cells: readonly Cell[];
	readonly objects: readonly ObjectDecl[];
	readonly threads: readonly Thread[];
	/** Runs once before all threads, atomically, no checks: sets up what is not a constant. */
	readonly setup: readonly Op[];
	/** Runs when every thread is idle or ended, atomically: its asserts are the invariants at quiescence. Registers are its own. */
	readonly quiescence: readonly Op[];
	/** Checks to leave out (a fragment cannot tell about leaks, say). */
	readonly without?: readonly CheckName[];
	/** Failures that are not to end their path: what lies behind them is explored. Where nothing can come of going on (an address that is none), the path is cut. */
	readonly ignored?: readonly Ignored[];
	/** What it runs under where the exploration's options do not say. Default `sc`. */
	readonly memory?: MemoryModel;
}

/** `sc` sequentially consistent; `tso` x86; `weak` what the kernel's memory model allows (`machine/weakMemory.ts` says how much of it). */
export type MemoryModel = 'sc' | 'tso' | 'weak';

/** Why a check failed, finer than the check's name; the files under checks/ turn it into words. */
export type Reason =
	| 'null' | 'error-pointer' | 'wild' | 'freed' | 'never-allocated' | 'freed-twice'
	| 'below-zero' | 'on-zero' | 'leak'
	| 'not-held' | 'held-by-another' | 'still-held' | 'context-left' | 'reader-left'
	| 'asserted' | 'watch-broken' | 'overlap'
	| 'sleeps' | 'deadlock' | 'lost-wakeup' | 'race';

/** A failure by where and how it shows. Thread -1: at quiescence. `cut`: the path on which it shows is none, and ends there. */
export interface Ignored {
	readonly thread: number;
	readonly pc: number;
	readonly reason: Reason;
	readonly cut?: boolean;
}
