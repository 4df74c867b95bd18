import type { Blocked } from '../exploration';
import { ON_AWAIT, ON_GRACE, ON_JOIN, ON_LOCK, ON_SLEEP } from '../machine/compiled';
import { coveredBy } from '../machine/contexts';
import { PENDING, RUNNING } from '../machine/layout';
import { holdersOf } from '../machine/locking';
import type { Machine } from '../machine/machine';
import { canStep, heldBackBy, waitingAt } from '../machine/waiting';
import type { History } from './history';

const bits = (mask: number): readonly number[] => {
	const set: number[] = [];
	for (let t = 0; t < 31; t++) if ((mask >> t) & 1) set.push(t);
	return set;
};

/** Who cannot move in the machine's current state, why, and since when. */
export function blockedThreads(m: Machine, history: History | undefined): readonly Blocked[] {
	const blocked: Blocked[] = [];
	for (let t = 0; t < m.threads.length; t++) {
		const one = blockedThread(m, t, history);
		if (one !== undefined) blocked.push(one);
	}
	return blocked;
}

/** Why thread `t` cannot take a step; undefined when it can, or has nothing to do. */
export function blockedThread(m: Machine, t: number, history: History | undefined): Blocked | undefined {
	const control = m.control(t);
	if (canStep(m, t)) return undefined;
	const thread = m.threads[t]!;
	if (control < RUNNING) {
		if (control !== PENDING) return undefined;
		return { thread: t, pc: 0, origin: thread.ops[0]!.origin, cell: -1, by: bits(heldBackBy(m, t)), since: [] };
	}
	const rest = control - RUNNING;
	const pc = thread.restPc[rest]!;
	const op = thread.ops[pc]!;
	const since: number[] = [];
	let by: readonly number[] = [];
	const above = coveredBy(m, t);
	if (above >= 0) return { thread: t, pc, origin: op.origin, cell: -1, by: [above], since };
	const cell = waitingAt(m, t, rest);
	switch (thread.waitsFor[rest]) {
		case ON_LOCK:
			by = holdersOf(m, cell);
			for (const site of history?.holders(cell) ?? []) if (by.includes(site.thread)) since.push(site.origin);
			break;
		case ON_JOIN: if (op.op === 'join') by = [op.thread]; break;
		case ON_GRACE: if (op.op === 'grace-wait') by = bits(m.get(m.layout.threads[t]!.grace[op.domain]!)); break;
		case ON_AWAIT: {
			const writer = history?.lastWrite.get(cell);
			if (writer !== undefined) since.push(writer.origin);
			break;
		}
		case ON_SLEEP: break;
		default: break;
	}
	return { thread: t, pc, origin: op.origin, cell, by, since };
}
