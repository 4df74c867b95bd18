import { type Check, origins } from './check';

/** A reference is taken to an object whose last one is gone. */
export const resurrection: Check = ({ fault, history, cell, thread }) => ({
	message: `${thread} takes a reference although ${cell} had dropped to 0`,
	others: origins(history.lastWrite.get(fault.cell)),
});
