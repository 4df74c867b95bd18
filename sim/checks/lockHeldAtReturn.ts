import { type Check, origins } from './check';

/** A thread returns with a lock held, or with preemption, interrupts or a read side left as they must not be. */
export const lockHeldAtReturn: Check = ({ fault, history, cell, thread }) => {
	if (fault.reason === 'context-left') return { message: `${thread} returns with preemption or interrupts disabled`, others: origins(history.raisedAt.get(fault.thread)) };
	if (fault.reason === 'reader-left') return { message: `${thread} returns inside an RCU read side`, others: origins(history.raisedAt.get(fault.thread)) };
	return { message: `${thread} returns with ${cell} held`, others: origins(history.holders(fault.cell).findLast((site) => site.thread === fault.thread)) };
};
