import type { Alu, ContextKind, LockKind, Order } from '../../sim';

/**
 * A row of the table of primitives: what one kernel API does to the machine. The lowering implements this closed list of
 * effects and nothing else; what a row cannot say is a model in C.
 *
 * `at` and other places are C expressions over the call's arguments `arg0`, `arg1`, … (and `ret` where a result exists),
 * evaluated at the call: `*arg0` is the cell that arg0 points to, `arg0->_refcount` a field of it.
 */
export type Place = string;

interface RowCommon {
	readonly api: string;
	/** How many arguments; absent: any. */
	readonly args?: number;
	/** May sleep: checked for sleep-in-atomic. `gfp: n`: only when that argument has __GFP_DIRECT_RECLAIM. */
	readonly sleeps?: boolean;
	readonly gfp?: number;
	/** A C expression over the arguments for the call's value; `unknown` (default), `nonnull`, `own-copy`: what each CPU has one of behind its first argument, or `own-part`: what lies behind its first argument in the same memory, and goes with it. */
	readonly returns?: string;
	/** Arguments whose pointee is dereferenced by the API: a freed or NULL object there is a failure. */
	readonly touches?: readonly number[];
	/** Arguments that hold what nobody knows after it: a macro's own (`get_user(x, p)`), or what they point at where that is a local's (`copy_from_user(&req, …)`). */
	readonly writes?: readonly number[];
	/** A NULL (first) object argument makes the call do nothing: kfree, put_device, iput, kfree_skb. */
	readonly nullOk?: boolean;
	/** This is true of every call, but it is not all that the call does: what a tree, a model or the mail has of it counts more. */
	readonly partial?: boolean;
	/** Whoever calls it holds this lock exclusively, which is checked as `assert-held` is: rtnl_dereference. */
	readonly asserts?: Place;
	/** An argument in which the caller says what it holds: `rcu_dereference_protected(p, lockdep_is_held(&lock))`. */
	readonly contract?: number;
	/** Locks that it may have to take on its way, and gives back: whoever holds one of them, for reading as well, is waited for, since a writer may stand in between. */
	readonly crosses?: readonly Place[];
	/** From here on (`off`), or no longer, what may have to be taken on the way is not: a call that would fails instead. */
	readonly faults?: 'off' | 'on';
	/** It gives what it is handed power or a clock: whatever its name says, it lets nobody in. */
	readonly feeds?: boolean;
	readonly since?: string;
	readonly until?: string;
	/** File in the kernel tree that says so. */
	readonly source: string;
	readonly note?: string;
}

/** What taking or releasing the lock does to interrupts. */
export type IrqEffect = 'none' | 'off' | 'on' | 'save' | 'restore' | 'bh-off' | 'bh-on';

/** Which bit of the word is a bit lock (`kind: bit`); the lock's state is a cell of its own beside the word. */
interface BitLock {
	readonly bit?: Place;
}

/**
 * All registered threads of a kind rather than the one that `at` names: flush_workqueue waits for every work item, disable_irq
 * (which knows the number of an interrupt only) for its handlers, rcu_barrier for every callback.
 */
interface Every {
	readonly every?: ContextKind;
}

/** `held`: it is made elsewhere, and told from others of its type by the field that leads to it: `dev->in_urb`. */
interface Held {
	readonly held?: boolean;
}

export type Effect =
	// Locks.
	| { readonly effect: 'lock'; readonly at: Place; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared'; readonly irq?: IrqEffect;
		/** An interruptible lock returns 0 when taken, else this. */
		readonly fails?: number;
		/** mutex_lock_nested: the lock of another object than the one whose lock of this class is held. */
		readonly nests?: boolean } & BitLock
	| { readonly effect: 'trylock'; readonly at: Place; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared'; readonly irq?: IrqEffect;
		/** Value of the call when taken, and when not (default 1, 0). */
		readonly taken?: number; readonly refused?: number } & BitLock
	| { readonly effect: 'unlock'; readonly at: Place; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared'; readonly irq?: IrqEffect } & BitLock
	/** lockdep_assert_held and kin: a failed assertion when not held. */
	| { readonly effect: 'assert-held'; readonly at: Place; readonly mode?: 'exclusive' | 'shared' }
	/** Value of the call is whether the lock is held (by anyone: PageLocked, mutex_is_locked). */
	| { readonly effect: 'is-held'; readonly at: Place; readonly anyone: boolean } & BitLock
	| { readonly effect: 'rcu-lock' | 'rcu-unlock' | 'rcu-sync'; readonly domain?: Place }
	/** call_rcu(head, callback): the callback runs after a grace period with the head. */
	| { readonly effect: 'rcu-call'; readonly callback: Place; readonly argument: Place; readonly domain?: Place }
	/** Frees `pointer` after a grace period. */
	| { readonly effect: 'free-rcu'; readonly pointer: Place }
	/** Runs of interrupts, bottom halves, preemption. `set` for local_irq_enable. */
	| { readonly effect: 'context'; readonly which: 'hardirq' | 'softirq' | 'preempt'; readonly delta: 1 | -1; readonly set?: boolean }
	| { readonly effect: 'might-sleep' }

	// References and memory. `at` is the count's cell.
	/** `fails`: takes none when it returns this instead of 0. */
	| { readonly effect: 'get'; readonly at: Place; readonly fails?: number }
	| { readonly effect: 'get-unless-zero'; readonly at: Place }
	/** Drops one. `release`: what happens at zero: the object is freed, or `argN` is called with `arg0`, or nothing (the caller tests). */
	| { readonly effect: 'put'; readonly at: Place; readonly release: 'free' | 'arg1' | 'none';
		/** Value of the call: 1 when it reached zero (put-and-test), else unknown. */
		readonly result?: 'zero' | 'none' }
	/** It gives back the reference that comes with its argument, as `drop` does: a look-up that goes on behind where the last one ended. Of what it returns nothing is said. */
	| { readonly effect: 'consume'; readonly argument: Place; readonly drop: string }
	/** `fails`: it may return this instead of 0, and the caller has the reference to drop all the same (device_register). */
	| { readonly effect: 'set-count'; readonly at: Place; readonly value: Place; readonly fails?: number }
	/** A fresh object of the type of what the result is assigned to (or `type`). `may-fail`: NULL (or `error`) is tried too. */
	| { readonly effect: 'alloc'; readonly type?: string; readonly mayFail: boolean; readonly error?: number; readonly zeroed?: boolean }
	| { readonly effect: 'free'; readonly pointer: Place }

	// Cells. `value` is an expression over the arguments.
	| { readonly effect: 'load'; readonly at: Place; readonly order?: Order }
	| { readonly effect: 'store'; readonly at: Place; readonly value: Place; readonly order?: Order }
	/** `result`: what the call returns of it. `zero`: whether the new value is 0; `negative` likewise. */
	| { readonly effect: 'rmw'; readonly at: Place; readonly alu?: Alu; readonly value: Place; readonly result?: 'none' | 'old' | 'new' | 'zero' | 'negative'; readonly order?: Order }
	/** cmpxchg: `result: old` or `success`. */
	| { readonly effect: 'cas'; readonly at: Place; readonly expect: Place; readonly value: Place; readonly result: 'old' | 'success'; readonly order?: Order }
	/** Bit operations on a word or bitmap: bit `bit` of the cell `at`. */
	| { readonly effect: 'bit'; readonly operation: 'set' | 'clear' | 'change' | 'test' | 'test-and-set' | 'test-and-clear' | 'test-and-change'; readonly bit: Place; readonly at: Place; readonly atomic: boolean; readonly order?: Order }
	| { readonly effect: 'fence'; readonly kind: 'full' | 'read' | 'write' | 'acquire' | 'release' }

	// Waiting.
	/** wait_event: blocks until `condition`; `fails`: an interruptible one may return this instead; `timeout`: may go on without it (returns 0). */
	| { readonly effect: 'wait-event'; readonly at: Place; readonly condition: Place; readonly fails?: number; readonly timeout?: boolean; readonly locked?: Place }
	/** `awake`: on the queue, but the task's state is still running (add_wait_queue, remove_wait_queue). */
	| { readonly effect: 'prepare-wait' | 'finish-wait'; readonly at: Place; readonly awake?: boolean }
	/** set_current_state(`value`): not 0, the next schedule sleeps unless a wake comes before it: of the queue it is on, else at `at`, its own. */
	| { readonly effect: 'task-state'; readonly at: Place; readonly value: Place; readonly order?: Order }
	| { readonly effect: 'schedule' }
	| { readonly effect: 'wake'; readonly at: Place; readonly all: boolean }
	| { readonly effect: 'init-completion'; readonly at: Place }
	| { readonly effect: 'complete'; readonly at: Place; readonly all: boolean }
	| { readonly effect: 'wait-completion'; readonly at: Place; readonly fails?: number; readonly timeout?: boolean }

	// Other threads. `at` is what identifies them: the work_struct, the timer, the cookie of an interrupt.
	| { readonly effect: 'register'; readonly at: Place; readonly callback: Place; readonly context: ContextKind; readonly arguments: readonly Place[];
		/** It can run from now on (an interrupt, a kthread); else a `spawn` starts it. `threaded`: a second callback in task context. */
		readonly armed: boolean; readonly threaded?: Place } & Held
	/** It answers whether it starts now; `wasPending`: whether it was waiting to run already; `fails`: it starts unless it returns this instead of 0. `runs`: the context of what it is, unless an argument asks for another one. */
	| { readonly effect: 'spawn'; readonly at: Place; readonly wasPending?: boolean; readonly fails?: number; readonly runs?: ContextKind } & Every & Held
	/** `wait`: also waits for a running one (cancel_work_sync, del_timer_sync, free_irq). `forever`: it cannot be started again. */
	| { readonly effect: 'cancel'; readonly at: Place; readonly wait: boolean; readonly forever?: boolean; readonly stops?: ContextKind } & Every & Held
	/** flush_work: waits for pending and running. `stops` (here and above): the context of what it is that is waited for; absent: that of `every`, or a work item. */
	| { readonly effect: 'flush'; readonly at: Place; readonly forever?: boolean; readonly stops?: ContextKind } & Every & Held

	// Statements about values.
	/** swap(a, b): each of the two places that its arguments are gets what the other one has. */
	| { readonly effect: 'exchange' }
	/** BUG_ON(x): an assertion that fails when `when` is not 0; `bug`: the thread ends there. */
	| { readonly effect: 'assert'; readonly when: Place; readonly bug: boolean }
	/** The path ends: BUG(), panic(), do_exit(). */
	| { readonly effect: 'noreturn'; readonly fails?: boolean }
	/** No effect on the model but its value (`returns`): printk, trace_*, ktime_get, page_folio (returns: arg0). */
	| { readonly effect: 'none' };

export type Row = RowCommon & Effect;
