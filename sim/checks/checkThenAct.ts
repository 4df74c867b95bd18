import { asserted } from './assertion';

/** A value was checked and changed by somebody else before it was acted on. A NULL dereference of this kind is found by the machine (see useAfterFree). */
export const checkThenAct = asserted('what was checked no longer holds when it is acted on');
