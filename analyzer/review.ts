import type { CheckName, ContextKind } from '../sim';

/**
 * What the analyzer says of an input: the JSON of design section 7, which the command line prints and the editor shows.
 * Additive changes only. Lines are 1-based; `inputLine` is of the document under review, null where a step is in no line of it.
 */

export type Outcome = 'fixes' | 'introduces' | 'still-fails' | 'pre-existing' | 'no-failure' | 'inconclusive' | 'no-diff';
export type Verdict = 'fails' | 'passes' | 'inconclusive';
export type Because = 'diagram' | 'prose' | 'conflict' | 'environment' | 'user';

export interface ReviewStep {
	readonly thread: number;
	/** The operation in source words: `lock_page(page)`, `inode->i_size`. */
	readonly operation: string;
	/** Function it is in (innermost), and those that called it, outermost first. */
	readonly function: string;
	readonly stack: readonly string[];
	readonly file: string | null;
	readonly line: number | null;
	readonly inputLine: number | null;
	/** 0-based columns in the input line where known. */
	readonly inputFrom?: number;
	readonly inputTo?: number;
	/** `page A.mapping: set -> NULL`. */
	readonly changes: readonly string[];
	/** The step is from a model or an inferred thread, not from the reviewed source. */
	readonly modelled?: boolean;
	/** It only asks whether a lock is held. */
	readonly asks?: boolean;
	/** Locks this step takes and releases, named as cells are: `page A.lock`, `inode.i_mmap_sem`. */
	readonly locked?: readonly string[];
	readonly unlocked?: readonly string[];
	/** Threads that stand blocked once this step is done. */
	readonly waiting?: readonly WaitingThread[];
}

/** A thread that cannot move, at what, and because of whom. */
export interface WaitingThread {
	readonly thread: number;
	readonly operation: string;
	/** The lock, queue or cell waited for; null for a join or a grace period. */
	readonly on: string | null;
	/** Threads that hold it. */
	readonly by: readonly number[];
	readonly inputLine: number | null;
}

export interface ReviewFailure {
	readonly check: CheckName;
	readonly message: string;
	readonly schedule: readonly number[];
	readonly steps: readonly ReviewStep[];
	/** Input lines between which the window is open, where known. */
	readonly window?: { readonly from: number | null; readonly to: number | null };
	/** Struct concerned, where known. */
	readonly object?: string;
	/** Cells concerned, where known: the locks of a circle, the lock that is held, the field of an update, named as in steps. */
	readonly cells?: readonly string[];
	/** The lock concerned, where there is one. */
	readonly lock?: string;
	readonly blocked?: readonly string[];
	/** The operation at which it breaks, in source words, where the schedule's last step does not say it. */
	readonly breaks?: Pick<ReviewStep, 'operation' | 'file' | 'line' | 'inputLine'>;
	/** It is of a mark that only a model keeps, which nobody finds in the kernel's source. */
	readonly modelled?: boolean;
	/** The code itself shows that its threads contend for what breaks: told of the side after. */
	readonly contended?: true;
	/** The patch's own lines ask on the way of what leads to the object, and that is freed all the same. */
	readonly asked?: true;
}

export interface Side {
	readonly verdict: Verdict;
	readonly interleavings: { readonly failing: number; readonly passing: number; readonly exact: boolean };
	readonly states: number;
	readonly failures: readonly ReviewFailure[];
	/** `data-race` and the like: told, never counted. */
	readonly notes: readonly ReviewFailure[];
	readonly assumptions: readonly Assumption[];
	readonly notModelled: readonly string[];
	/** The nearest passing schedule, as steps. */
	readonly passing?: { readonly schedule: readonly number[]; readonly steps: readonly ReviewStep[] };
	/** Bound that was hit, in words. */
	readonly bound?: string;
}

/** A string in the JSON; kept with its line in the model. Rendered by `text`. */
export type Assumption = string;

export interface ReviewThread {
	readonly name: string;
	readonly entry: string;
	readonly context: ContextKind;
	readonly file: string | null;
	readonly line: number | null;
	readonly inputLine: number | null;
	/** The thread is the environment's (a model), not a function of the tree or the patch. */
	readonly modelled?: boolean;
	/** What it is called where its entry is nobody's function: `whoever frees it`, `page truncation`. */
	readonly called?: string;
}

export interface LoadBearing {
	readonly file: string;
	readonly line: number;
	readonly inputLine: number | null;
	readonly operation: string;
	readonly failuresWithout: number;
}

export interface ReplayOnPost {
	/** Index of the pre-image's failing schedule's step that cannot be taken after the patch; null when all can. */
	readonly stuckAt: number | null;
	/** `CPU1 cannot go past lock_page() (foo.c:389) until CPU0 unlocks the page`. */
	readonly message: string;
	readonly steps: readonly ReviewStep[];
}

export interface ScenarioReview {
	readonly id: string;
	/** The patch takes away itself what kept this from failing, whatever its mail says that it ends. */
	readonly takesAway?: true;
	readonly because: Because;
	/** Why these threads, in words. */
	readonly reason: string;
	readonly outcome: Outcome;
	readonly threads: readonly ReviewThread[];
	/** null: this side has no source. */
	readonly pre: Side | null;
	readonly post: Side | null;
	readonly loadBearing: readonly LoadBearing[];
	readonly replay?: ReplayOnPost;
	/** What else the patch would need, in words, where a search found one. */
	readonly suggestion?: string;
	/** Its lines, and how it was found. */
	readonly suggested?: Suggested;
	/** Suppressed by the user, with the reason. */
	readonly suppressed?: string;
}

/** Some lines of a file after the patch, and what would stand there. */
export interface SuggestedEdit {
	readonly file: string;
	/** Of the file after the patch: the first of the lines that go, or the one before which others come; null where it is not known. */
	readonly line: number | null;
	/** The same in the document. Null where that does not show it. */
	readonly inputLine: number | null;
	readonly before: readonly string[];
	readonly after: readonly string[];
}

/** An edit that ends a failure, of one function, from its first line to its last. */
export interface Suggested {
	readonly edits: readonly SuggestedEdit[];
	/** How it was found, with the bounds of the search. */
	readonly found: string;
}

/** A changed function, for lenses. */
export interface ChangedFunction {
	readonly name: string;
	readonly file: string;
	/** Line in the post-image (pre-image when it was deleted). */
	readonly line: number;
	/** Where a lens goes: the hunk header or the signature. */
	readonly inputLine: number | null;
	/** Ids of the scenarios it takes part in. */
	readonly scenarios: readonly string[];
	readonly pre: Verdict | null;
	readonly post: Verdict | null;
}

export interface InputReview {
	readonly input: string;
	readonly subject: string;
	readonly commit: string | null;
	readonly repairs: readonly string[];
	readonly problems: readonly string[];
	/** With a tree, where each file's images come from: `mm/foo.c: blob 1a2b3c`, `mm/foo.c: tree patched forward, fuzz 2`. */
	readonly sources?: readonly string[];
	readonly outcome: Outcome;
	readonly scenarios: readonly ScenarioReview[];
	readonly functions: readonly ChangedFunction[];
	/** First and last line of this patch in its document (a series has several). */
	readonly from: number;
	readonly to: number;
	/** Every call that neither table, models nor source knew. */
	readonly notModelled: readonly string[];
	/** Scenarios that a bound left out. */
	readonly leftOut: number;
}

export interface Review {
	readonly tool: 'kernel-race-review';
	readonly version: string;
	readonly inputs: readonly InputReview[];
	/** Where the inputs are a series: what is true at its end (`fixed by 5/7`). */
	readonly series?: readonly string[];
}
