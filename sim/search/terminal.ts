import { checkQuiescence } from '../machine/stepping';
import { RUNNING } from '../machine/layout';
import type { Fault, Machine } from '../machine/machine';
import { CHECKS } from '../machine/opcodes';
import { coveredBy } from '../machine/contexts';
import { holdersOf } from '../machine/locking';
import { waitingAt } from '../machine/waiting';
import { sleepsThrough } from './sleeper';

const DEADLOCK = CHECKS.indexOf('deadlock');
const IRQ_UNSAFE = CHECKS.indexOf('irq-unsafe-lock');

/** What is wrong with a state in which nobody can move: a deadlock, or the invariants that do not hold at quiescence. */
export function judgeTerminal(m: Machine): readonly Fault[] {
	let waiting = -1;
	for (let t = 0; t < m.threads.length; t++) if (m.control(t) >= RUNNING && (waiting < 0 || coveredBy(m, waiting) >= 0)) waiting = t;
	if (waiting < 0) return checkQuiescence(m) ? [] : [...m.faults];
	const unsafe = interruptWaitingForItsCpu(m);
	const lost = unsafe >= 0 ? -1 : sleepsThrough(m);
	const thread = unsafe >= 0 ? unsafe : lost >= 0 ? lost : waiting;
	const reason = lost >= 0 ? 'lost-wakeup' : 'deadlock';
	const rest = m.control(thread) - RUNNING;
	const check = unsafe >= 0 ? IRQ_UNSAFE : DEADLOCK;
	const pc = m.threads[thread]!.restPc[rest]!;
	if (m.ignores(check, reason, thread, pc)) return [];
	return [{ check, reason, thread, pc, cell: waitingAt(m, thread, rest), object: -1 }];
}

/** An interrupt that waits for a lock which the thread that it stands on holds, or -1. */
function interruptWaitingForItsCpu(m: Machine): number {
	for (let t = 0; t < m.threads.length; t++) {
		const { nested } = m.layout.threads[t]!;
		if (nested < 0 || m.slots[nested] === 0 || m.control(t) < RUNNING) continue;
		const cell = waitingAt(m, t, m.control(t) - RUNNING);
		if (cell < 0) continue;
		const holders = holdersOf(m, cell);
		for (let under = m.slots[nested]! - 1; under >= 0;) {
			if (holders.includes(under)) return t;
			const next = m.layout.threads[under]!.nested;
			under = next < 0 ? -1 : m.slots[next]! - 1;
		}
	}
	return -1;
}

