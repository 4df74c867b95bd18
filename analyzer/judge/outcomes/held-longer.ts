import type { ReviewFailure, ScenarioReview } from '../../review';

const WHY = 'who takes one reference more keeps nothing from living on: that what it takes it of may be gone already is no more so than before';

/**
 * A patch that only takes references, and says nothing of why, ends no life: that the count which it raises may be nothing, or what holds it gone, was so for whoever used the object
 * without one. `whole`: its functions are in sight from end to end; else what it takes may be given back out of sight. `added`: its own lines in the input.
 */
export function heldLonger(review: ScenarioReview, whole: boolean, added: ReadonlyMap<number, string>): ScenarioReview {
	const { outcome, pre, post } = review;
	if (outcome !== 'introduces' || !pre || !post) return review;
	const old = new Set(pre.failures.map(troubleOf));
	const fresh = post.failures.filter((failure) => !old.has(troubleOf(failure)));
	const isOfTheHold = ({ check, steps }: ReviewFailure): boolean => (OF_LIFE.has(check) && added.has(steps.at(-1)?.inputLine ?? 0)) || (!whole && check === 'refcount-leak');
	return fresh.length > 0 && fresh.every(isOfTheHold) ? { ...review, outcome: 'inconclusive', post: { ...post, assumptions: [WHY, ...post.assumptions] } } : review;
}

const OF_LIFE: ReadonlySet<string> = new Set(['resurrection', 'use-after-free']);
const troubleOf = ({ check, message }: ReviewFailure): string => `${check} ${message}`;
