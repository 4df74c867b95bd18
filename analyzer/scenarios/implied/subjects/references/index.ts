import type { FindersOf } from '../../partner';
import { earlyGets } from './early-get';
import { earlyHolds } from './early-hold';
import { frozenCounts } from './frozen-count';
import { heldOver } from './held-over';
import { keptAlive } from './kept-alive';
import { lastPuts } from './last-put';
import { lateReferences } from './late-reference';
import { lostHolds } from './lost-hold';
import { extraDrops, missingDrops } from './missing-drop';
import { missingHolds } from './missing-hold';
import { ownHolds } from './own-hold';
import { pinned } from './pinned';
import { plainReferences } from './plain-reference';
import { putOrders } from './put-order';
import { queuedInVain } from './queued-in-vain';
import { guardedLookups, lastReferences } from './references';
import { splitCounts } from './split-count';
import { startReferences } from './start-reference';

/** Counts: who takes a reference, who drops it, and when. */
export const REFERENCES = {
	'early-get': earlyGets, 'early-hold': earlyHolds, 'extra-drop': extraDrops, 'frozen-count': frozenCounts, 'guarded-lookup': guardedLookups,
	'held-over': heldOver, 'kept-alive': keptAlive, 'last-put': lastPuts, 'last-reference': lastReferences, 'late-reference': lateReferences, 'lost-hold': lostHolds, 'missing-drop': missingDrops,
	'missing-hold': missingHolds, 'own-hold': ownHolds, pinned, 'plain-reference': plainReferences, 'put-order': putOrders, 'queued-in-vain': queuedInVain, 'split-count': splitCounts, 'start-reference': startReferences,
} satisfies FindersOf;
