import { asserted } from './assertion';

/** Somebody holds a page for access by a device although its owner has given it up. */
export const pinnedAfterFree = asserted('a page is still pinned after it was freed');
