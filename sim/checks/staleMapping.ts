import { asserted } from './assertion';

/** A page table entry maps a page that left its cache or was freed, at quiescence or when it is used. */
export const staleMapping = asserted('a mapping outlives what it maps');
