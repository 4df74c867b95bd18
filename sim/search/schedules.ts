import { CHOICE_STRIDE, type Schedule } from '../exploration';
import { canStep } from '../machine/waiting';
import { initialize, step } from '../machine/stepping';
import { DONE, type Fault, type Machine } from '../machine/machine';

/** The bits of the threads that can take a step now. */
export function enabledThreads(m: Machine): number {
	let mask = 0;
	for (let t = 0; t < m.movers; t++) if (canStep(m, t)) mask |= 1 << t;
	return mask;
}

/** How often a schedule leaves a thread that could have gone on. What store buffers do on their own is no switch. */
export function preemptionsOf(m: Machine, schedule: Schedule): number {
	initialize(m);
	let last = -1;
	let count = 0;
	for (const entry of schedule) {
		const thread = entry % CHOICE_STRIDE;
		if (last >= 0 && thread !== last && thread < m.threads.length && canStep(m, last)) count++;
		if (thread < m.threads.length) last = thread;
		if (step(m, thread, Math.floor(entry / CHOICE_STRIDE)) !== DONE) break;
	}
	return count;
}

/** One failure as the search met it. */
export interface Found {
	readonly fault: Fault;
	readonly schedule: Schedule;
	readonly preemptions: number;
	/** Whether the schedule is known to have the fewest preemptions and then steps. */
	readonly shortest: boolean;
}

/** A fault, and what tells it from others (see `keyOf`). */
export interface KeyedFault {
	readonly fault: Fault;
	readonly key: string;
}

/** Of a fault in the machine's current state. */
export const keyed = (m: Machine, fault: Fault): KeyedFault => ({ fault, key: keyOf(m, fault) });

/** Failures that differ in this are looked for separately; it says where and how a check failed. */
export function keyOf(m: Machine, fault: Fault): string {
	if (fault.reason !== 'deadlock' && fault.reason !== 'lost-wakeup') return `${fault.check}:${fault.reason}:${fault.thread}:${fault.pc}`;
	let key = `${fault.check}:${fault.reason}`;
	for (let t = 0; t < m.threads.length; t++) key += `:${m.control(t)}`;
	return key;
}
