import type { FindersOf } from '../../partner';
import { initOrders, wipedCounts } from './init-order';
import { initialisedOnce } from './initialised-once';
import { markedAccesses } from './marked-access';
import { orderings } from './ordering';
import { latePublications } from './publishing';

/** In which order memory is written and read, and others come to see it. */
export const ORDER = {
	'init-order': initOrders, 'initialised-once': initialisedOnce, 'late-publication': latePublications, 'marked-access': markedAccesses,
	ordering: orderings, 'wiped-count': wipedCounts,
} satisfies FindersOf;
