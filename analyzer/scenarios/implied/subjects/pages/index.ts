import type { FindersOf } from '../../partner';
import { flushedLate } from './flushed-late';
import { mappedLate } from './mapped-late';
import { mappedUnasked } from './mapped-unasked';
import { pageFills, pageRanges } from './page-range';
import { returnedLocked } from './returned-locked';
import { takenDown } from './taken-down';

/** Pages, their mappings, and the faults that bring them back. */
export const PAGES = {
	'flushed-late': flushedLate, 'mapped-late': mappedLate, 'mapped-unasked': mappedUnasked, 'page-fill': pageFills, 'page-range': pageRanges,
	'returned-locked': returnedLocked, 'taken-down': takenDown,
} satisfies FindersOf;
