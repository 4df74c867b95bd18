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
	/** A C expression over the arguments for the call's value; `unknown` (default), or `nonnull`. */
	readonly returns?: string;
	/** Arguments whose pointee is dereferenced by the API: a freed or NULL object there is a failure. */
	readonly touches?: readonly number[];
	/** A NULL (first) object argument makes the call do nothing: kfree, put_device, iput, kfree_skb. */
	readonly nullOk?: boolean;
	/** This is true of every call, but it is not all that the call does: what a tree, a model or the mail has of it counts more. */
	readonly partial?: boolean;
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
		readonly armed: boolean; readonly threaded?: Place }
	| { readonly effect: 'spawn'; readonly at: Place; readonly mayFail?: boolean } & Every
	/** `wait`: also waits for a running one (cancel_work_sync, del_timer_sync, free_irq). `forever`: it cannot be started again. */
	| { readonly effect: 'cancel'; readonly at: Place; readonly wait: boolean; readonly forever?: boolean; readonly stops?: ContextKind } & Every
	/** flush_work: waits for pending and running. `stops` (here and above): the context of what it is that is waited for; absent: that of `every`, or a work item. */
	| { readonly effect: 'flush'; readonly at: Place; readonly stops?: ContextKind } & Every

	// Statements about values.
	/** BUG_ON(x): an assertion that fails when `when` is not 0; `bug`: the thread ends there. */
	| { readonly effect: 'assert'; readonly when: Place; readonly bug: boolean }
	/** The path ends: BUG(), panic(), do_exit(). */
	| { readonly effect: 'noreturn'; readonly fails?: boolean }
	/** No effect on the model but its value (`returns`): printk, trace_*, ktime_get, page_folio (returns: arg0). */
	| { readonly effect: 'none' };

export type Row = RowCommon & Effect;

/** What a function's role is: who calls it, in which context, what the caller holds. From an operations struct's slot or a signature. */
export interface RoleRow {
	/**
	 * `vm_operations_struct.fault`, `ethtool_ops.*` (slots without a row of their own), `module_init` (named by that macro), or a signature:
	 * `irqreturn_t (int, void *)`, `void (struct work_struct *)`. In the YAML `ops.{open,close}` stands for one row each.
	 */
	readonly role: string;
	readonly context: ContextKind;
	/**
	 * Locks the caller holds around it, over its parameters: `{ at: "arg0->i_rwsem", kind: rwsem, mode: exclusive }`, or over the one instance of a
	 * type: `INSTANCE(inode)->i_rwsem`.
	 */
	readonly holds?: readonly { readonly at: Place; readonly kind: LockKind; readonly mode: 'exclusive' | 'shared' }[];
	/** May run in parallel with itself on the same object. */
	readonly parallel: boolean;
	/**
	 * Nothing else runs on the object any more (the last reference's release) or not yet (->probe before registration); `among`: no other operation of
	 * the same struct does (a file's ->release: its other operations are over, the device's removal is not).
	 */
	readonly alone?: 'before' | 'after' | 'among';
	/** Runs on after what it belongs to was unregistered: the operations of a file that is still open. */
	readonly outlives?: boolean;
	/** Name of a model function that calls it and does what the caller does around it (page_fault around ->fault). */
	readonly caller?: string;
	/** For a signature: the slot that such a function fills, by which `caller` calls it. */
	readonly slot?: string;
	/** Model functions of the environment that may run against it: page_truncation against a fault. */
	readonly against?: readonly string[];
	/** How functions of the slot are declared, where nothing in sight registers them: `void %_start_tx(struct uart_port *)`, with `%` for the driver's own name. */
	readonly declared?: readonly string[];
	readonly until?: string;
	readonly source: string;
	readonly note?: string;
}

/** What is true of a struct type. */
export interface TypeRow {
	readonly type: string;
	/** Another name of the same thing: folio is page. */
	readonly same?: string;
	/** Readable after free: struct page, SLAB_TYPESAFE_BY_RCU. */
	readonly typeStable?: boolean;
	/** Its reference count's field, when objects of it are counted. */
	readonly count?: string;
	/** How many objects of it the small world has (default 1; pages 2). */
	readonly instances?: number;
	/** A parameter of this type holds what the caller read before from there: pte_t, pmd_t. */
	readonly readFrom?: Place;
	readonly source: string;
	readonly note?: string;
}

/** `GFP_KERNEL: sleeps`, error codes, flag values that code tests: names with integer values. */
export interface ConstantRow {
	readonly constant: string;
	readonly value: number;
	readonly until?: string;
	readonly source: string;
}

/**
 * What `guard(name)(lock)`, `scoped_guard(name, lock)`, `CLASS(name, v)(…)` and `__free(name)` do: which APIs run at the declaration and at the end of
 * the scope, with the guard's own argument (`__free`: the variable) as their first.
 */
export interface GuardRow {
	/** The class: `mutex`, `spinlock_irqsave`, `kfree`. */
	readonly guard: string;
	/** Absent for a `__free` class. */
	readonly acquire?: string;
	readonly release: string;
	/** A conditional class (`mutex_try`, `mutex_intr`): the scope is entered only when the acquire's value says that it was taken. */
	readonly conditional?: 'nonzero' | 'zero';
	/** `__free`: the release is skipped for NULL, or for NULL and error pointers. */
	readonly unless?: 'null' | 'error-or-null';
	readonly source: string;
	readonly note?: string;
}

/** What of a change may speak of a thread that nobody shows: found by analyzer/scenarios/implied/, which says there what words each of them gives. */
export const SUBJECTS = ['grace-period', 'read-section', 'stop', 'stop-in-lock', 'stop-order', 'interrupted-lock', 'last-stop', 'callback-barrier', 'unregister', 'exclusion', 'locked-use', 'locked-test', 'locked-step', 'one-section', 'call', 'marked-access', 'ordering', 'early-get', 'wiped-count', 'init-order', 'put-order', 'last-reference', 'last-put', 'guarded-lookup', 'dangling', 'wake-up', 'taken-down',
	'missing-drop', 'missing-hold', 'freed-here',
	'poisoned-link', 'freed-published', 'late-publication', 'freed-owner', 'destroyed-twice', 'module-stop', 'extra-drop',
	'given-up-lock', 'kept-lock',
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** What a mail may claim, as `Sayings` has it. */
export const CLAIMS = ['referenceKept', 'droppedTwice', 'freedTwice', 'usedFreed', 'deadlocks'] as const;
export type Claim = (typeof CLAIMS)[number];

/** A thread of a partner, in C over the words of its subject. */
export interface PartnerThread {
	readonly name: string;
	/** Absent: the context of what the subject's operation stops; `silenced`: of what its `silence` stops. */
	readonly context?: ContextKind | 'silenced';
	readonly start?: 'ready' | 'idle' | 'pending';
	/** What identifies it to code that starts and stops it, over the subject's words. */
	readonly key?: string;
	/** It is called back through what the function registers or takes away: after an unregister it runs no more. */
	readonly callback?: boolean;
	readonly body: string;
}

/**
 * Who may meet a change, told by the operation that the change adds, removes, moves or replaces, when the mail shows nothing of it. In the texts
 * `$word` is an expression of the change's own; a partner with a word that the change does not give is none.
 */
export interface PartnerRow {
	readonly partner: string;
	readonly subject: Subject;
	/** The APIs whose calls speak of somebody, for the subjects that need to be told. */
	readonly calls?: readonly string[];
	/** Only, or not, where the change gives this word. */
	readonly needs?: string;
	readonly unless?: string;
	readonly threads: readonly PartnerThread[];
	/** Words of the mail without which the change alone says too little: a regular expression, case ignored. */
	readonly prose?: string;
	/** What the mail must claim (mail/sayings.ts) for the change to be read so. */
	readonly claim?: Claim;
	/** What the changed function is entered by; `$self` calls it. */
	readonly entered?: string;
	/** Functions that nobody shows, by the word that names them: their bodies. */
	readonly standIn?: Readonly<Record<string, string>>;
	/** What is done right before and after the statement of the function that the subject marks, and right after the one that it marks as earlier. */
	readonly aside?: { readonly earlier?: string; readonly before?: string; readonly after?: string };
	/** What the change may be told to do on the strength of it; both by default. */
	readonly tells?: readonly ('fixes' | 'introduces')[];
	/** Memory that reorders what nothing orders is part of the question, whatever the changed lines are. */
	readonly reorders?: boolean;
	/** A data race, else only a note, is a failure here: the change is about it. */
	readonly races?: boolean;
	/** The assumption: a sentence with words. */
	readonly says: string;
	readonly source: string;
	readonly note?: string;
}

/** Rows by the name of the call. */
export interface Rows extends ReadonlyMap<string, Row> {
	/** Names of the calls with one of these effects. */
	withEffect(...effects: readonly Effect['effect'][]): readonly string[];
}

/** A function or field of the models' own (`__install_pte`), which no reader knows, in a reader's words: a function says what it does, a field what it is. */
export interface OwnRow {
	readonly own: string;
	readonly says: string;
}

export interface Table {
	readonly rows: Rows;
	/** Rows of families by name pattern (`trace_*`), effect none only; consulted after `rows`. */
	readonly patterns: readonly { readonly prefix: string; readonly suffix: string; readonly row: Row }[];
	readonly guards: ReadonlyMap<string, GuardRow>;
	readonly roles: readonly RoleRow[];
	readonly types: ReadonlyMap<string, TypeRow>;
	readonly constants: ReadonlyMap<string, number>;
	readonly partners: readonly PartnerRow[];
	/** By name: what readers are shown for what is the models' own. */
	readonly own: ReadonlyMap<string, string>;
}
