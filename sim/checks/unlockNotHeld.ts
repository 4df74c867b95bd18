import { type Check, origins, threadName } from './check';

/** A lock is released by a thread that does not hold it. */
export const unlockNotHeld: Check = ({ m, fault, history, cell, thread }) => {
	const holder = history.holders(fault.cell).at(-1);
	return fault.reason === 'held-by-another' && holder !== undefined
		? { message: `${thread} unlocks ${cell}, which ${threadName(m, holder.thread)} holds`, others: origins(holder) }
		: { message: `${thread} unlocks ${cell}, which is not locked`, others: [] };
};
