import { CHOICE_STRIDE } from '../../../sim';
import type { Outcome } from '../../review';
import { isWarning } from '../belief/triggered-at-start';
import { type Believed, type Judged, kindOf, kindsOf } from '../verdict';

const UPDATES: ReadonlySet<string> = new Set(['lost-data', 'check-then-act']);

/**
 * What only the side after can show, since the side before knows nothing of what it takes to show it, is not brought by the patch, whatever else it says: a
 * callback that is under way from the start, which the patch names first; an old warning behind one that was taken to hold; and, of a patch that is meant to
 * mend something, a field of its own that is to keep two apart and does not.
 */
export function unheard(outcome: Outcome, before: Judged | null, after: Judged | null, about: boolean): Outcome {
	if (outcome !== 'introduces' || !before || !after || after.failures.length === 0) return outcome;
	const older = new Set(before.lowered.parties.flatMap(({ key }) => key ?? []));
	const known = new Set(before.lowered.notes.flatMap((thread) => thread.flatMap((note) => note?.key ?? [])));
	const byUnheard = ({ schedule }: Believed): boolean => after.lowered.parties.some(({ key, start }, index) => key !== undefined && start === 'pending' && !older.has(key) && !startedHere(after, key) && schedule.some((entry) => entry % CHOICE_STRIDE === index));
	const ofItsOwn = ({ check, thread, pc }: Believed): boolean => {
		const key = after.lowered.notes[thread]?.[pc]?.key;
		return about && UPDATES.has(check) && key !== undefined && !known.has(key);
	};
	const behindCut = (failure: Believed): boolean =>
		isWarning(failure) && before.exploration.cuts.some((why) => why !== '') && !after.lowered.origins[after.lowered.program.threads[failure.thread]?.code[failure.pc]?.origin ?? 0]?.changed;
	const old = kindsOf(before);
	const fresh = after.failures.filter((failure) => !old.has(kindOf(after.lowered, failure)));
	// Beside what fails as before it counts for nothing.
	if (old.size > 0) return about && fresh.length < after.failures.length && fresh.every(ofItsOwn) ? 'still-fails' : outcome;
	return fresh.every((failure) => byUnheard(failure) || ofItsOwn(failure) || behindCut(failure)) ? 'inconclusive' : outcome;
}

/** The side after has code that starts it, besides itself. */
function startedHere({ lowered: { program, parties } }: Judged, key: string): boolean {
	const index = parties.findIndex((party) => party.key === key);
	return program.threads.some(({ code }, thread) => thread !== index && code.some((op) => op.op === 'spawn' && op.thread === index));
}
