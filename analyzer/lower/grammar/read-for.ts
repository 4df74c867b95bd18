import type { Lowering } from '../lowering';

/** Lowers a part of which readers are told for what it is read: the statement in words, or null where that says no more than the part itself. */
export function readFor<Result>(l: Lowering, text: string | null, lower: () => Result): Result {
	const { within } = l;
	l.within = text === null ? null : { frame: l.frame, text };
	const result = lower();
	l.within = within;
	return result;
}
