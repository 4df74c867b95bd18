import { CHOICE_STRIDE } from '../../sim';
import { type Judged, kindOf, verdictOf } from './verdict';

/**
 * What one thread alone runs wrongly before and after alike is our model's fault or nobody's news: it is told below the verdict and counts for
 * nothing. `about`: the patch is about it; then it counts, unless there are other threads that the patch would be about.
 */
export function setAside(before: Judged | null, after: Judged | null, about: boolean): readonly [Judged | null, Judged | null] {
	if (!before || !after || (about && before.lowered.parties.length < 2)) return [before, after];
	const [left, right] = [aloneIn(before), aloneIn(after)];
	const without = (judged: Judged): Judged => {
		const common = judged.failures.filter((failure) => {
			const kind = kindOf(judged.lowered, failure);
			return left.has(kind) && right.has(kind);
		});
		if (common.length === 0) return judged;
		const failures = judged.failures.filter((failure) => !common.includes(failure));
		return { ...judged, failures, aside: common, verdict: verdictOf(judged.exploration, failures.length) };
	};
	return [without(before), without(after)];
}

/** Kinds of failures to which one thread comes by itself. */
const aloneIn = ({ lowered, failures }: Judged): ReadonlySet<string> => new Set(failures
	.filter((failure) => failure.schedule.every((entry) => entry % CHOICE_STRIDE === failure.thread)).map((failure) => kindOf(lowered, failure)));
