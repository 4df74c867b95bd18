import { type Check, origins } from './check';

/** An interrupt spins on a lock that the thread it came upon holds, which had left interrupts enabled. */
export const irqUnsafeLock: Check = ({ fault, history, cell, thread }) => ({
	message: `${thread} comes while its CPU holds ${cell} with interrupts enabled, and waits for ever`,
	others: origins(...history.holders(fault.cell)),
});
