import { type Check, origins } from './check';

/** Something that may sleep is called where it must not: under a spinning lock, with preemption or interrupts off, in an interrupt, in RCU. */
export const sleepInAtomic: Check = ({ fault, history, cell, thread, op }) => {
	const what = op.op === 'might-sleep' ? op.what : op.op;
	return fault.cell >= 0
		? { message: `${thread} may sleep (${what}) while it holds ${cell}`, others: origins(history.holders(fault.cell).findLast((site) => site.thread === fault.thread)) }
		: { message: `${thread} may sleep (${what}) in atomic context`, others: origins(history.raisedAt.get(fault.thread)) };
};
