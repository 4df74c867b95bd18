import { ON_AWAIT, ON_LOCK, ON_SLEEP } from './compiled';
import { coveredBy, failsToSleep } from './contexts';
import { AGAIN, PENDING, RUNNING } from './layout';
import { takeable } from './locking';
import { type Machine, UNRESOLVED } from './machine';
import { isEmpty } from './storeBuffer';
import { canSettle } from './weakMemory';
import type { Op } from '../program';
import { compute, STRIDE } from './opcodes';

/** The value of an operand of the operation at which the thread rests. */
function atRest(m: Machine, t: number, place: number): number {
	return place < 0 ? m.threads[t]!.file[~place]! : m.decode[m.slots[m.layout.threads[t]!.registers + place]!]!;
}

/** The cell at which a resting thread waits (a lock, a queue, a variable), or -1. */
export function waitingAt(m: Machine, t: number, rest: number): number {
	const { base, restPc, ops } = m.threads[t]!;
	const op = ops[restPc[rest]!]!;
	return 'at' in op ? m.cellAt(atRest(m, t, base[rest]!), op.at.offset) : -1;
}

/** A grace period that the thread waits for to start: the readers still inside. */
export function heldBackBy(m: Machine, t: number): number {
	let mask = 0;
	for (const slot of m.layout.threads[t]!.spawnGrace) if (slot >= 0) mask |= m.get(slot);
	return mask;
}

/** Whether the thread can take a step in the current state. */
export function canStep(m: Machine, t: number): boolean {
	if (t >= m.threads.length) return canSettle(m, t - m.threads.length);
	const control = m.decode[m.slots[m.layout.threads[t]!.control]!]!;
	if (control < RUNNING) return control === PENDING && heldBackBy(m, t) === 0;
	if (m.layout.anyInterrupt && coveredBy(m, t) >= 0) return false;
	const rest = control - RUNNING;
	return m.threads[t]!.waitsFor[rest] === 0 || mayPass(m, t, rest);
}

/** Whether the blocking operation at which the thread rests would go through, or fail at once because it must not sleep. */
export function mayPass(m: Machine, t: number, rest: number): boolean {
	return isOpen(m, t, rest) || (mightSleep(m, t, rest) && failsToSleep(m, t, m.threads[t]!.restPc[rest]!));
}

function mightSleep(m: Machine, t: number, rest: number): boolean {
	const op = m.threads[t]!.ops[m.threads[t]!.restPc[rest]!]!;
	switch (op.op) {
		case 'lock': case 'await': return op.sleeps;
		case 'sleep': case 'grace-wait': return true;
		case 'join': return op.spins !== true && m.program.threads[op.thread]!.context !== 'timer';
		default: return false;
	}
}

function isOpen(m: Machine, t: number, rest: number): boolean {
	const thread = m.threads[t]!;
	const { code } = thread;
	const pc = thread.restPc[rest]!;
	// Fields as `compileThread` encodes them.
	const at = pc * STRIDE;
	switch (thread.waitsFor[rest]) {
		case ON_LOCK: {
			const pinned = thread.pinned[rest]!;
			const cell = pinned > 0 ? pinned - 1 : m.cellAt(atRest(m, t, thread.base[rest]!), code[at + 2]!);
			if (cell < 0) return true;
			const value = m.decode[m.slots[cell]!]!;
			if (value === 0 || value === UNRESOLVED) return true;
			const object = m.layout.objectOf[cell]!;
			if (object >= 0 && !m.isLive(object)) return true;
			return takeable(m, t, cell, value, code[at + 4] === 1, code[at + 6] === 1) !== 0;
		}
		case ON_AWAIT: {
			const pinned = thread.pinned[rest]!;
			const cell = pinned > 0 ? pinned - 1 : m.cellAt(atRest(m, t, thread.base[rest]!), code[at + 2]!);
			if (cell < 0) return true;
			const value = m.decode[m.slots[cell]!]!;
			const object = m.layout.objectOf[cell]!;
			if (value === UNRESOLVED || (object >= 0 && !m.isLive(object))) return true;
			return compute(code[at + 3]!, value, atRest(m, t, thread.operand[rest]!)) !== 0;
		}
		case ON_SLEEP: return m.layout.threads[t]!.queue < 0 || (m.get(m.layout.threads[t]!.queue) & 1) === 1;
		default: return isOver(m, t, thread.ops[pc]!);
	}
}

/** Whether what a thread waits for other than a cell has come about. */
function isOver(m: Machine, t: number, op: Op): boolean {
	if (op.op === 'join') return !isBusy(m, op.thread, op.pending === true);
	return op.op !== 'grace-wait' || m.get(m.layout.threads[t]!.grace[op.domain]!) === 0;
}

/** Whether a join of the thread has to wait. */
function isBusy(m: Machine, t: number, pendingToo: boolean): boolean {
	const control = m.control(t);
	if (control >= RUNNING || !isEmpty(m, t)) return true;
	if (control === PENDING) return pendingToo || m.program.threads[t]!.start === 'ready';
	const { flags } = m.layout.threads[t]!;
	return pendingToo && flags >= 0 && (m.get(flags) & AGAIN) !== 0;
}

/** A queue slot: 2 * (cell + 1) while the thread is on that queue, plus 1 once it was woken. */
export function prepareToWait(m: Machine, t: number, cell: number): void {
	if (m.tracking) m.shares(cell);
	const { queue } = m.layout.threads[t]!;
	if (queue >= 0) m.set(queue, 2 * (cell + 1));
}

/** A thread that comes to a `sleep` unprepared is on the queue from then on. */
export function comeToSleep(m: Machine, t: number, rest: number): void {
	const { queue } = m.layout.threads[t]!;
	if (queue < 0 || m.slots[queue] !== 0) return;
	const cell = waitingAt(m, t, rest);
	if (cell >= 0) prepareToWait(m, t, cell);
}

export function leaveQueue(m: Machine, t: number, cell: number): void {
	if (m.tracking) m.shares(cell);
	const { queue } = m.layout.threads[t]!;
	if (queue >= 0) m.slots[queue] = 0;
}

/** Wakes all waiters of a queue, or one of them, whichever (the order of a queue is not modelled). */
export function wake(m: Machine, t: number, cell: number, all: boolean): void {
	if (m.tracking) m.writes(cell);
	const asleep: number[] = [];
	for (let other = 0; other < m.threads.length; other++) {
		const { queue } = m.layout.threads[other]!;
		if (other === t || queue < 0) continue;
		if (m.tracking) m.looksAt(queue, 1);
		if (m.get(queue) === 2 * (cell + 1)) asleep.push(other);
	}
	const one = all ? 0 : m.choose(asleep.length);
	asleep.forEach((other, i) => {
		if (all || i === one) m.set(m.layout.threads[other]!.queue, 2 * (cell + 1) + 1);
	});
}
