import { asserted } from './assertion';

/** A write lands in a page that is dead, or is overwritten by somebody who did not see it. */
export const lostData = asserted('a write is lost');
