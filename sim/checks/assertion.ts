import { type Check, cellsBehind, origins, otherWriters } from './check';

/** An assertion of the program: its own words, and who last wrote what it looked at. */
export const assertion: Check = (evidence) => {
	const { op, fault, history } = evidence;
	if (op.op === 'assert') return { message: op.message, others: otherWriters(evidence, cellsBehind(evidence, op.cond)) };
	if (op.op === 'store' && op.unless !== undefined) return { message: op.unless.message, others: origins(history.lastWrite.get(fault.cell)) };
	if (op.op === 'enter') return { message: op.message, others: origins(...history.insideAt(fault.cell, fault.thread)) };
	return { message: 'the program says so', others: [] };
};
