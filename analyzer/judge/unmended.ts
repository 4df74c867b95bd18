import type { CheckName } from '../../sim';
import type { ReviewFailure, ScenarioReview, Side } from '../review';

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
/** Updates that are lost or made on the strength of what has changed. */
const UPDATES: ReadonlySet<CheckName> = new Set(['check-then-act', 'lost-data']);
/** What one path shows by itself. */
const OF_ONE_PATH: ReadonlySet<CheckName> = new Set(['sleep-in-atomic', 'lock-held-at-return']);

const isAkin = (one: CheckName, other: CheckName): boolean => one === other || FAMILIES.some((family) => family.has(one) && family.has(other));

/**
 * The reviews of a patch whose mail `claims` to end some kind of failure, with those told as still failing where what is shown still fails in that way: the
 * patch's own lines (`isOwn`, by their lines in the input) come to what they were to end, the very same failure is left beside another one that is gone, the
 * locks that were in a circle are in one with somebody else, what is now done under a lock is done elsewhere without it, or another statement sleeps on.
 */
export function unmended(reviews: readonly ScenarioReview[], claims: readonly Claimed[], isOwn: (inputLine: number) => boolean): readonly ScenarioReview[] {
	const [first] = claims;
	if (!first) return reviews;
	const claimed = ({ check }: ReviewFailure): boolean => claims.some((claim) => claim.of === undefined && isAkin(claim.check, check));
	const owns = (line: number | null | undefined): boolean => line !== null && line !== undefined && isOwn(line);
	const passesOwn = ({ steps }: ReviewFailure): boolean => steps.some(({ inputLine }) => owns(inputLine));
	// That something is ended may be told of somebody whom nobody shows.
	const [unseen, ends] = [true, false].map((modelled) => reviews.filter(({ outcome, threads }) => outcome === 'fixes' && threads.some((thread) => thread.modelled) === modelled));
	const toldOf = (field: string | undefined): boolean => field !== undefined && (unseen ?? []).some(({ pre }) => pre?.failures.some(({ message }) => new RegExp(`(?:->|\\.)${field}\\b`).test(message)));
	const circles = new Set(reviews.flatMap(({ pre }) => pre?.failures.filter(({ check }) => check === 'deadlock').map(locksOf) ?? []));

	const leaves = (pre: Side, post: Side): boolean => post.failures.some((failure) => claimed(failure) && pre.failures.some((old) => isAkin(old.check, failure.check) && ownerOf(old) === ownerOf(failure))
		&& (owns(failure.steps.at(-1)?.inputLine) || pre.failures.some((old) => old.check === failure.check && old.message === failure.message && !pre.failures.every((each) => each.check === old.check))));
	const comesTo = (pre: Side, post: Side): boolean => pre.failures.length === 0 && post.failures.every(claimed)
		&& post.failures.some((failure) => passesOwn(failure) || (failure.check === 'deadlock' && circles.has(locksOf(failure))));
	const kept = (pre: Side, post: Side): readonly ReviewFailure[] => post.notes.filter((note) => pre.notes.some((old) => alike(old, note))
		&& (OF_ONE_PATH.has(note.check) ? first.check === note.check : UPDATES.has(note.check) && UPDATES.has(first.check) && first.of === undefined && ends?.length === 0 && toldOf(/\bupdate of (?:\w+\.)*(\w+)/.exec(note.message)?.[1])));
	return reviews.map((review) => {
		const { pre, post, outcome } = review;
		if (!pre || !post) return review;
		if ((outcome === 'fixes' && leaves(pre, post)) || (outcome === 'introduces' && comesTo(pre, post))) return { ...review, outcome: 'still-fails' };
		if (outcome !== 'fixes' && outcome !== 'pre-existing' && outcome !== 'no-failure') return review;
		const notes = kept(pre, post);
		return notes.length === 0 ? review : { ...review, outcome: 'still-fails', pre: withFailures(pre, pre.notes.filter((old) => notes.some((each) => alike(old, each)))), post: withFailures(post, notes) };
	});
}

/** The side with notes that count. */
const withFailures = (side: Side, failures: readonly ReviewFailure[]): Side =>
	({ ...side, verdict: 'fails', failures: [...side.failures, ...failures], notes: side.notes.filter((note) => !failures.includes(note)) });

/** The same check, and what is held is the same, whichever statement comes to it. */
const alike = (one: ReviewFailure, other: ReviewFailure): boolean => one.check === other.check && heldIn(one) === heldIn(other);
const heldIn = ({ message }: ReviewFailure): string => message.replace(/^.* (?:while|with) /, '');

/** The locks of a circle. */
const locksOf = ({ message }: ReviewFailure): string => [...message.matchAll(/waits for (\S+)/g)].map(([, lock]) => lock).sort().join(' ');

/** The struct of which a failure tells. */
const ownerOf = ({ object, message }: ReviewFailure): string => object ?? /\b(\w+)(?:\.\w+)+ /.exec(message)?.[1] ?? '';
