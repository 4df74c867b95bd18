import type { Check } from './check';

/** A thread returns without having dropped or handed on a reference that it took. */
export const refcountLeak: Check = ({ object, thread }) => ({ message: `${thread} returns without dropping its reference to ${object}`, others: [] });
