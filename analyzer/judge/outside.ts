import type { Failure } from '../../sim';
import { lastOf } from '../lower/access';
import type { Lowered } from '../lower/program';
import { replayed } from './replayed';

/**
 * A thread waits for what comes from outside the scenario: the device's interrupt, a producer that is not here, a timeout. No deadlock, unless the
 * threads wait for each other in a circle, or the wake-up was lost. `woken`: queues that somebody wakes, before or after the patch.
 */
export function waitsForOutside({ program, notes, origins }: Lowered, failure: Failure, woken: ReadonlySet<string>): boolean {
	const blocked = failure.blocked ?? [];
	const waits = new Map(blocked.map((each) => [each.thread, each.by]));
	if (failure.check !== 'deadlock' || [...waits.keys()].some((thread) => reaches(waits, thread, thread))) return false;
	const ends = blocked.filter(({ thread, pc }) => ['sleep', 'await'].includes(program.threads[thread]?.code[pc]?.op ?? ''));
	if (ends.length === 0) return false;
	const { steps } = replayed(program, failure.schedule);
	return ends.every(({ thread, pc, cell, origin }) => {
		if (/_timeout\w*\(/.test(origins[origin]?.text ?? '')) return true;
		if (program.threads[thread]?.code[pc]?.op === 'sleep') return failure.reason !== 'lost-wakeup' || !woken.has(lastOf(notes[thread]?.[pc]?.key ?? ''));
		return !steps.some((step) => step.thread !== thread && step.changes.some((change) => change.cell === cell));
	});
}

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
