import { type Check, origins } from './check';

/** A reference is dropped that nobody holds. */
export const refcountUnderflow: Check = ({ fault, history, cell, thread }) => ({
	message: `${thread} drops a reference that ${cell} does not have`,
	others: origins(history.lastWrite.get(fault.cell)),
});
