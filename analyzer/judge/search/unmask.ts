import { isBadPointer } from '../belief/credible';
import { past } from './past';
import type { Slices } from '../slices';
import { type Believed, judge, type Judged, kindOf, kindsOf, troubleOf, verdictOf } from '../verdict';

/** So often both sides are explored again past what they have in common. */
const ROUNDS_BOUND = 2;

/**
 * A failure ends its path. What both sides have in common is passed by on both, so that it hides neither a failure that the patch brings nor
 * one that it ends; and where only the side after shows a failure, those of the side before are passed by, behind which it may be there too.
 * Where the mail speaks of a dead lock, that something may sleep under the lock is passed by to come to it.
 */
export function* unmasked(pre: Judged, post: Judged, deadlocks: boolean): Slices<readonly [Judged, Judged]> {
	let [before, after] = deadlocks ? [yield* behindSleeps(pre), yield* behindSleeps(post)] : [pre, post];
	for (let round = 0; round < ROUNDS_BOUND; round++) {
		const [left, right] = [kindsOf(before), kindsOf(after)];
		const fresh = [...right].some((kind) => !left.has(kind));
		const [nextBefore, nextAfter] = [yield* beyond(before, (kind) => fresh || right.has(kind)), yield* beyond(after, (kind) => left.has(kind))];
		if (nextBefore === before && nextAfter === after) break;
		[before, after] = [nextBefore, nextAfter];
	}
	return [before, after];
}

/** A call that waits may sleep as well as wait: each is a failure of its own. */
const SLEEPS_BOUND = 3;

/** The side with the dead locks that lie behind what only sleeps where it must not. */
function* behindSleeps(judged: Judged): Slices<Judged> {
	let masking: readonly Believed[] = judged.failures;
	let { lowered } = judged;
	for (let round = 0; round < SLEEPS_BOUND && masking.length > 0 && masking.every(({ check }) => check === 'sleep-in-atomic'); round++) {
		const program = judged.exploration.bound?.name === 'states' ? null : past(lowered, masking);
		if (!program) break;
		lowered = { ...lowered, program };
		const again = yield* judge(lowered, judged.releases, judged.options);
		const more = again.failures.filter(({ check }) => check === 'deadlock');
		if (more.length > 0) return { ...judged, failures: [...judged.failures, ...more], everywhere: [...judged.everywhere, ...again.everywhere] };
		masking = again.failures;
	}
	return judged;
}

const isOnChangedLine = ({ origins }: Judged['lowered'], { sites }: Believed): boolean => origins[sites[0] ?? 0]?.changed === true;

/** The side with what lies behind its failures of these kinds; itself when nothing does. */
function* beyond(judged: Judged, passed: (kind: string) => boolean): Slices<Judged> {
	const { lowered, everywhere, releases, options } = judged;
	const known = kindsOf(judged);
	const masking = everywhere.filter((failure) => !isBadPointer(failure) && failure.check !== 'deadlock' && passed(kindOf(lowered, failure)));
	// What was too large to be searched once is not searched again.
	const program = masking.length > 0 && judged.exploration.bound?.name !== 'states' ? past(lowered, masking) : null;
	if (!program || (program.ignored?.length ?? 0) === (lowered.program.ignored?.length ?? 0)) return judged;
	const again = yield* judge({ ...lowered, program }, releases, options);
	// What follows from a failure that was passed by is no other one, unless it is the patch's own line that fails.
	const consequence = new Set(masking.map((failure) => troubleOf(kindOf(lowered, failure))));
	const more = again.failures.filter((failure) => !known.has(kindOf(lowered, failure))
		&& (!consequence.has(troubleOf(kindOf(lowered, failure))) || isOnChangedLine(lowered, failure)));
	if (more.length === 0) return judged;
	const failures: readonly Believed[] = [...judged.failures, ...more];
	return { ...judged, failures, everywhere: [...everywhere, ...again.everywhere], verdict: verdictOf(judged.exploration, failures.length) };
}
