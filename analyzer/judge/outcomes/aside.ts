import { CHOICE_STRIDE } from '../../../sim';
import { isFounded, meetsItself, UPDATES, updatesAlone } from '../belief/founded';
import { isPresumed } from '../belief/presumed';
import { type Believed, type Judged, kindOf, troubleOf, verdictOf } from '../verdict';

/**
 * What one thread alone runs wrongly before and after alike, and what two that nothing keeps apart do to each other alike, is our model's fault or nobody's
 * news: it is told below the verdict and counts for nothing. `about`: the patch is about it; then it counts, unless there are other threads
 * that the patch would be about. `told`: the mail speaks of these threads.
 */
export function setAside(before: Judged | null, after: Judged | null, about: boolean, told: boolean): readonly [Judged | null, Judged | null] {
	if (!before || !after || (about && before.lowered.parties.length < 2)) return [before, after];
	const apart = !told && !meetsItself([before.lowered, after.lowered]);
	const unasked = !told && updatesAlone([before.lowered, after.lowered]);
	const [left, right] = [aloneIn(before, told, about), aloneIn(after, told, about)];
	const without = (judged: Judged): Judged => {
		const common = judged.failures.filter((failure) => {
			const kind = kindOf(judged.lowered, failure);
			return (left.has(kind) && right.has(kind)) || ((apart || (unasked && UPDATES.has(failure.check))) && !isAlone(failure));
		});
		if (common.length === 0) return judged;
		const failures = judged.failures.filter((failure) => !common.includes(failure));
		return { ...judged, failures, aside: common, verdict: verdictOf(judged.exploration, failures.length) };
	};
	return sameTrouble(without(before), without(after));
}

/** What is left on both sides of a trouble that was set aside is that trouble by another name. */
function sameTrouble(before: Judged, after: Judged): readonly [Judged, Judged] {
	const aside = new Set(before.aside.map((failure) => troubleOf(kindOf(before.lowered, failure))));
	const of = ({ lowered, failures }: Judged): ReadonlySet<string> => new Set(failures.map((failure) => troubleOf(kindOf(lowered, failure))).filter((trouble) => aside.has(trouble)));
	const [left, right] = [of(before), of(after)];
	const without = (judged: Judged, dropped: (trouble: string) => boolean): Judged => {
		const failures = judged.failures.filter((failure) => !dropped(troubleOf(kindOf(judged.lowered, failure))));
		return failures.length === judged.failures.length ? judged : { ...judged, failures, verdict: verdictOf(judged.exploration, failures.length) };
	};
	return [without(before, (trouble) => left.has(trouble) && right.has(trouble)), without(after, (trouble) => right.has(trouble))];
}

const isAlone = ({ schedule, thread }: Believed): boolean => schedule.every((entry) => entry % CHOICE_STRIDE === thread);

/** Nobody else took part but what the thread itself has started: callbacks that were idle. */
const isOwn = ({ schedule, thread, program }: Believed): boolean => schedule.every((entry) => entry % CHOICE_STRIDE === thread || program.threads[entry % CHOICE_STRIDE]?.start === 'idle');

/** Kinds of failures to which one thread comes by itself, or two that nothing in sight keeps apart; of what the patch is not `about`, also those that are presumed to be none. */
const aloneIn = ({ lowered, failures }: Judged, told: boolean, about: boolean): ReadonlySet<string> => new Set(failures
	.filter((failure) => isAlone(failure) || (!told && !isFounded(lowered, failure)) || (!about && (isOwn(failure) || isPresumed(lowered, failure)))).map((failure) => kindOf(lowered, failure)));
