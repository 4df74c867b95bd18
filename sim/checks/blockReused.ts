import { asserted } from './assertion';

/** Storage that was freed, and may have a new owner, is still mapped, cached or written to. */
export const blockReused = asserted('a block is used that now belongs to somebody else');
