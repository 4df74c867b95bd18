import { type Check, cellsBehind, origins, otherWriters } from './check';

/**
 * A check that the program asserts itself: its own words (or `words`, when it has none), and who last wrote what the assertion looked at,
 * who changed what was watched, or who was inside already.
 */
export const asserted = (words: string): Check => (evidence) => {
	const { op, fault, history } = evidence;
	if (op.op === 'assert') return { message: op.message || words, others: otherWriters(evidence, cellsBehind(evidence, op.cond)) };
	if ((op.op === 'store' || op.op === 'rmw') && op.unless !== undefined) return { message: op.unless.message || words, others: origins(history.lastWrite.get(fault.cell)) };
	if (op.op === 'enter') return { message: op.message || words, others: origins(...history.insideAt(fault.cell, fault.thread)) };
	return { message: words, others: [] };
};

/** The patch's own BUG_ON, WARN_ON, lockdep_assert_held. */
export const assertion = asserted('an assertion of the source does not hold');
