import type { Blocked, Failure } from '../../../sim';
import { lastOf, type Lowered } from '../../lower';
import { replayed } from '../search/replayed';

/**
 * A thread waits for what comes from outside the scenario: the device's interrupt, a producer that is not here, a timeout. No deadlock, unless the
 * threads wait for each other in a circle, or the wake-up was lost. `woken`: queues that somebody wakes, before or after the patch.
 */
export function waitsForOutside({ program, notes, origins }: Lowered, failure: Failure, woken: ReadonlySet<string>): boolean {
	const blocked = failure.blocked ?? [];
	const waits = new Map(blocked.map((each) => [each.thread, [...each.by, ...blocked.flatMap((other) => (other.thread !== each.thread && wouldEnd({ program, notes }, each, other) ? [other.thread] : []))]]));
	if (failure.check !== 'deadlock' || [...waits.keys()].some((thread) => reaches(waits, thread, thread))) return false;
	const ends = blocked.filter(({ thread, pc }) => WAITS.has(program.threads[thread]?.code[pc]?.op ?? ''));
	if (ends.length === 0) return false;
	const { steps } = replayed(program, failure.schedule);
	return ends.every(({ thread, pc, cell, origin }) => {
		if (/_timeout\w*\(/.test(origins[origin]?.text ?? '')) return true;
		if (program.threads[thread]?.code[pc]?.op === 'sleep') return failure.reason !== 'lost-wakeup' || !woken.has(lastOf(notes[thread]?.[pc]?.key ?? ''));
		return !steps.some((step) => step.thread !== thread && step.changes.some((change) => change.cell === cell));
	});
}

/** Who waits himself would, in the rest of his code, end what the other one waits for. */
function wouldEnd({ program, notes }: Pick<Lowered, 'program' | 'notes'>, waiter: Blocked, { thread, pc }: Blocked): boolean {
	const key = notes[waiter.thread]?.[waiter.pc]?.key;
	if (key === undefined || !WAITS.has(program.threads[waiter.thread]?.code[waiter.pc]?.op ?? '')) return false;
	return program.threads[thread]?.code.some((op, at) => at > pc && ENDS.has(op.op) && notes[thread]?.[at]?.key === key) ?? false;
}

const WAITS: ReadonlySet<string> = new Set(['sleep', 'await']);
const ENDS: ReadonlySet<string> = new Set(['wake', 'rmw']);

/** Whether `from` waits, at however many removes, for `to`. */
function reaches(waits: ReadonlyMap<number, readonly number[]>, from: number, to: number): boolean {
	const seen = new Set<number>();
	const open = [...(waits.get(from) ?? [])];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		if (next === to) return true;
		if (seen.has(next)) continue;
		seen.add(next);
		open.push(...(waits.get(next) ?? []));
	}
	return false;
}
