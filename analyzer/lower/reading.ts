/** Which side of the patch it is, and what the mail says of releases: that one was missing or one too many, that a lock stayed held, that a reference leaked, that either was given back without being held. */
export interface Reading {
	readonly side: 'pre' | 'post' | null;
	readonly remedy: boolean;
	readonly lockKept: boolean;
	readonly referenceKept: boolean;
	readonly unlockedTwice: boolean;
	readonly droppedTwice: boolean;
	/** What is freed twice had nobody else's reference: what the code drops is the last. */
	readonly freedTwice: boolean;
	/** The patch takes or releases locks: what one side asserts to be held need not be held on the other one. */
	readonly locks?: boolean;
	/** The mail has no sentence beside its title, and that does not speak of a lock, but that its handling changes. */
	readonly nothing?: boolean;
	/** The mail speaks of a dead lock. */
	readonly deadlocks?: boolean;
	/** What is shown of the function, on either side of the patch, gives its local this value. */
	readonly sets?: (fn: string, local: string) => boolean;
}

/** The mail says nothing of the kind. */
export const UNTOLD: Reading = { side: null, remedy: false, lockKept: false, referenceKept: false, unlockedTwice: false, droppedTwice: false, freedTwice: false };
