import type { FindersOf } from '../../partner';
import { exclusions } from './exclusion';
import { givenUpLocks } from './given-up-lock';
import { interruptedLocks } from './interrupted-lock';
import { keptLocks } from './kept-lock';
import { lockedAccesses } from './locked-access';
import { lockedSteps } from './locked-step';
import { lockedTests, lockedUses } from './locked-use';
import { lostLocks } from './lost-lock';
import { madeExclusive } from './made-exclusive';
import { missingReleases } from './missing-release';
import { pairOrders } from './pair-order';
import { sameObjects } from './same-object';
import { sleptUnder } from './slept-under';
import { turnedNests } from './turned-nest';

/** Which lock something is done under, and how it is taken. */
export const LOCKS = {
	exclusion: exclusions, 'given-up-lock': givenUpLocks, 'interrupted-lock': interruptedLocks, 'kept-lock': keptLocks, 'locked-access': lockedAccesses,
	'locked-step': lockedSteps, 'locked-test': lockedTests, 'locked-use': lockedUses, 'lost-lock': lostLocks, 'made-exclusive': madeExclusive,
	'missing-release': missingReleases, 'pair-order': pairOrders, 'same-object': sameObjects, 'slept-under': sleptUnder, 'turned-nest': turnedNests,
} satisfies FindersOf;
