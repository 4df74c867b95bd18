import type { Failure, Program } from '../../../sim';
import { GLOBALS, lastOf, type Lowered } from '../../lower';
import { leadsInto } from '../belief/leads-into';
import { replayed } from '../search/replayed';

/**
 * Between the taking of a lock and its release another thread makes the first object of a variable of the file, and has not looked whether there is one
 * already: there was none before, in which world nobody takes the lock of the one that ours had there.
 */
export function lockedBeforeMade({ notes, parties }: Lowered, { thread, schedule, program }: Failure & { readonly program: Program }): boolean {
	const { steps } = replayed(program, schedule);
	const made = new Map<number, readonly number[]>();
	const asked = new Set<string>();
	for (const step of steps) {
		if (step.thread === thread || parties[step.thread]?.modelled) continue;
		const known = made.get(step.thread) ?? [];
		made.set(step.thread, [...known, ...step.allocated]);
		for (const pc of step.executed) {
			const { op } = program.threads[step.thread]?.code[pc] ?? {};
			if (op === 'load' || op === 'rmw' || op === 'cas') asked.add(`${step.thread} ${lastOf(notes[step.thread]?.[pc]?.key ?? '')}`);
		}
		for (const { cell, after } of step.changes) {
			const name = program.cells[cell]?.name ?? '';
			if (!name.startsWith(`${GLOBALS}.`) || asked.has(`${step.thread} ${lastOf(name)}`)) continue;
			if ((made.get(step.thread) ?? []).some((index) => leadsInto(program.objects[index], after))) return true;
		}
	}
	return false;
}
