import type { ContextKind } from '../../../sim';
import type { Val } from '../values/value';

/** A callback that code registered: INIT_WORK(&foo->work, f). */
export interface Registration {
	/** Path of what identifies it: `foo.work`. */
	readonly key: string;
	readonly callback: string;
	readonly context: ContextKind;
	/** What it is called with. */
	readonly argument?: Val;
}

/** The key of an interrupt's second callback, in task context. */
export const threadOf = (key: string): string => `${key} thread`;

/** How the keys of threads begin that run after a grace period. */
export const DEFERRED = 'deferred';

/** The scenario's threads as code refers to them. */
export interface ThreadDirectory {
	/** Index of the thread that runs for this key; -1 when the scenario has none (yet). */
	index(key: string): number;
	/** Those that run in the context; of interrupts, also their threads. */
	every(context: string): readonly number[];
	register(registration: Registration): void;
	/** Code spawns or cancels what the key identifies. */
	mention(key: string, how: 'spawn' | 'cancel'): void;
	/** What has been mentioned up to now, to go back to. */
	checkpoint(): () => void;
	/** Thread for a call_rcu or kfree_rcu by the `thread` at this site in it: `callback` null frees its argument. */
	deferred(thread: number, site: string, callback: string | null, argument: Val, origin: number): number;
	/** Number of a grace-period domain other than RCU itself. */
	domain(path: string): number;
	/** Threads that an operations struct's callbacks run in, with the types of what they take (none of who is made up): they end when it is unregistered. */
	callbacks(): readonly { readonly thread: number; readonly takes: string }[];
	/** Threads may start themselves again. */
	readonly again: boolean;
}
