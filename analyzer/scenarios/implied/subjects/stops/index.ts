import type { FindersOf } from '../../partner';
import { earlyStops } from './early-stop';
import { heldOff } from './held-off';
import { lateStops } from './late-stop';
import { noLongerWaited } from './no-longer-waited';
import { callbackBarriers, moduleStops } from './module-stop';
import { stopsInLocks } from './stop-in-lock';
import { lastStops, stopOrders } from './stop-order';
import { stops } from './stops';
import { unregistering } from './unregistering';
import { waitedFor } from './waited-for';
import { weakStops } from './weak-stop';

/** What ends, and who is waited for, kept off or told before that. */
export const STOPS = {
	'callback-barrier': callbackBarriers, 'early-stop': earlyStops, 'held-off': heldOff, 'last-stop': lastStops, 'late-stop': lateStops,
	'module-stop': moduleStops, 'no-longer-waited': noLongerWaited, 'stop-in-lock': stopsInLocks, 'stop-order': stopOrders, stop: stops,
	unregister: unregistering, 'waited-for': waitedFor, 'weak-stop': weakStops,
} satisfies FindersOf;
