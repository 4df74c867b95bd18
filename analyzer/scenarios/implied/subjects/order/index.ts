import type { FindersOf } from '../../partner';
import { acquiredLoads } from './acquired-load';
import { exposedEarly } from './exposed-early';
import { initOrders, wipedCounts } from './init-order';
import { initialisedOnce } from './initialised-once';
import { markedAccesses } from './marked-access';
import { orderings } from './ordering';
import { plainPublications } from './plain-publication';
import { latePublications } from './publishing';
import { sequenceSections } from './sequence-section';

/** In which order memory is written and read, and others come to see it. */
export const ORDER = {
	'acquired-load': acquiredLoads, 'exposed-early': exposedEarly, 'init-order': initOrders, 'initialised-once': initialisedOnce, 'late-publication': latePublications, 'marked-access': markedAccesses,
	ordering: orderings, 'plain-publication': plainPublications, 'sequence-section': sequenceSections, 'wiped-count': wipedCounts,
} satisfies FindersOf;
