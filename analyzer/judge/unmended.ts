import type { CheckName } from '../../sim';
import type { ReviewFailure, ScenarioReview } from '../review';

/** What a mail says that its patch ends, as far as it is asked here. */
export interface Claimed {
	readonly check: CheckName;
	/** What the patch's own lines must be like for it to be meant. */
	readonly of?: RegExp;
}

/** Checks that tell of one trouble by several names. */
const FAMILIES: readonly ReadonlySet<CheckName>[] = [
	new Set(['use-after-free', 'resurrection', 'refcount-underflow', 'pinned-after-free']),
	new Set(['check-then-act', 'lost-data', 'data-race']),
];
/** What one path shows by itself. */
const OF_ONE_PATH: ReadonlySet<CheckName> = new Set(['sleep-in-atomic', 'lock-held-at-return']);

const isAkin = (one: CheckName, other: CheckName): boolean => one === other || FAMILIES.some((family) => family.has(one) && family.has(other));

/**
 * The reviews of a patch whose mail `claims` to end some kind of failure, with those told as still failing where what is shown still fails in that way: the
 * patch's own lines (`isOwn`, by their lines in the input) come to what they were to end, the very same failure is left beside another one that is gone, or
 * another statement of the same function does what the mail complains of.
 */
export function unmended(reviews: readonly ScenarioReview[], claims: readonly Claimed[], isOwn: (inputLine: number) => boolean): readonly ScenarioReview[] {
	if (claims.length === 0) return reviews;
	const claimed = ({ check }: ReviewFailure): boolean => claims.some((claim) => claim.of === undefined && isAkin(claim.check, check));
	const byPatch = ({ steps }: ReviewFailure): boolean => { const line = steps.at(-1)?.inputLine; return line !== null && line !== undefined && isOwn(line); };
	return reviews.map((review) => {
		const { pre, post, outcome } = review;
		if (!pre || !post) return review;
		if (outcome === 'fixes') {
			const left = post.failures.filter((failure) => claimed(failure) && (byPatch(failure) || pre.failures.some((old) => old.check === failure.check && old.message === failure.message && !pre.failures.every((each) => each.check === old.check)))
				&& pre.failures.some((old) => isAkin(old.check, failure.check) && ownerOf(old) === ownerOf(failure)));
			if (left.length > 0) return { ...review, outcome: 'still-fails' };
		}
		if (outcome === 'introduces' && pre.failures.length === 0 && post.failures.every(claimed) && post.failures.some((failure) => failure.steps.some(({ inputLine }) => inputLine !== null && isOwn(inputLine)))) return { ...review, outcome: 'still-fails' };
		const kept = post.notes.filter((note) => OF_ONE_PATH.has(note.check) && claims[0]?.check === note.check && pre.notes.some((old) => alike(old, note)));
		if (kept.length > 0 && (outcome === 'fixes' || outcome === 'pre-existing' || outcome === 'no-failure')) {
			const side = (of: typeof pre, failures: readonly ReviewFailure[]): typeof pre => ({ ...of, verdict: 'fails', failures: [...of.failures, ...failures], notes: of.notes.filter((note) => !failures.includes(note)) });
			return { ...review, outcome: 'still-fails', pre: side(pre, pre.notes.filter((old) => kept.some((each) => alike(old, each)))), post: side(post, kept) };
		}
		return review;
	});
}

/** The same check, and what is held is the same, whichever statement comes to it. */
const alike = (one: ReviewFailure, other: ReviewFailure): boolean => one.check === other.check && heldIn(one) === heldIn(other);
const heldIn = ({ message }: ReviewFailure): string => message.replace(/^.* (?:while|with) /, '');

/** The struct of which a failure tells. */
const ownerOf = ({ object, message }: ReviewFailure): string => object ?? /\b(\w+)(?:\.\w+)+ /.exec(message)?.[1] ?? '';
