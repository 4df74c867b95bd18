import type { CheckName } from '../../../sim';
import type { ReviewFailure, ScenarioReview, Side } from '../../review';
import { OF_UPDATES } from '../../scenarios';

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

/** What freeing a thing twice shows as. */
const FREED: ReadonlySet<CheckName> = new Set(['use-after-free', 'refcount-underflow']);
/** A pointer is reset. */
const EMPTIES = /(?:->|\.)\w+(?:\[[^\]]*\])?\s*=\s*NULL\s*;|,\s*NULL\s*\)\s*;/;

const isAkin = (one: CheckName, other: CheckName): boolean => one === other || FAMILIES.some((family) => family.has(one) && family.has(other));

/**
 * The reviews of a patch whose mail `claims` to end some kind of failure, with those told as still failing where what is shown still fails in that way: the
 * patch's own lines (`own`, by their lines in the input; `gone`: those that it takes away) come to what they were to end, the very same failure is left beside another one that is gone, the
 * locks that were in a circle are in one with somebody else, what is now done under a lock is done elsewhere without it, or another statement sleeps on.
 */
export function unmended(reviews: readonly ScenarioReview[], claims: readonly Claimed[], own: ReadonlyMap<number, string>, gone: ReadonlySet<number> = new Set()): readonly ScenarioReview[] {
	const [first] = claims;
	if (!first) return reviews;
	const claimed = ({ check }: ReviewFailure): boolean => claims.some((claim) => claim.of === undefined && isAkin(claim.check, check));
	const owns = (line: number | null | undefined): boolean => line !== null && line !== undefined && own.has(line);
	// Words that may mean other things count with lines that fit them, where the code itself shows the rest.
	const meant = claims.filter(({ of }) => of === undefined || [...own.values()].some((text) => of.test(text)));
	const passesOwn = ({ steps }: ReviewFailure): boolean => steps.some(({ inputLine, waiting }) => owns(inputLine) || waiting?.some((each) => owns(each.inputLine)));
	// That something is ended may be told of somebody whom nobody shows.
	const [unseen, ends] = [true, false].map((modelled) => reviews.filter(({ outcome, threads }) => outcome === 'fixes' && threads.some((thread) => thread.modelled) === modelled));
	const toldOf = (field: string | undefined): boolean => field !== undefined && (unseen ?? []).some(({ pre }) => pre?.failures.some(({ message }) => new RegExp(`(?:->|\\.)${field}\\b`).test(message)));
	const circles = new Set(reviews.flatMap(({ pre }) => pre?.failures.filter(({ check }) => check === 'deadlock').map(concernOf) ?? []));

	const leaves = (pre: Side, post: Side): boolean => post.failures.some((failure) => claimed(failure) && pre.failures.some((old) => isAkin(old.check, failure.check) && ownerOf(old) === ownerOf(failure))
		&& (owns(brokenAt(failure)) || (passesOwn(failure) && pre.failures.some((old) => old.check === failure.check && old.message === failure.message)) || pre.failures.some((old) => old.check === failure.check && old.message === failure.message && !pre.failures.every((each) => each.check === old.check))));
	/** A page that is still mapped is used after it was freed, by who has it mapped; and who waits for a lock for ever waits for one that was not given back, where that is what is told. */
	const kept = ends?.concat(unseen ?? []).some(({ pre }) => pre?.failures.some(({ check }) => check === 'lock-held-at-return')) === true;
	const meansTo = (check: CheckName, failure: ReviewFailure): boolean => isAkin(check, failure.check)
		|| (failure.check === 'stale-mapping' && (check === 'check-then-act' || check === 'use-after-free'))
		|| (failure.check === 'lock-held-at-return' && check === 'deadlock' && kept);
	/** What two threads did to the cell unordered before they still do: only that it is tested now is the patch's. */
	const racedBefore = (pre: Side, { check, cells }: ReviewFailure): boolean => check === 'check-then-act' && claims.some(({ of }) => of === undefined) && pre.notes.some((note) => note.check === 'data-race' && note.cells?.join(' ') === cells?.join(' ') && cells !== undefined);
	const comesTo = (pre: Side, post: Side): boolean => pre.failures.length === 0 && post.failures.every((failure) => claimed(failure) || racedBefore(pre, failure))
		&& post.failures.some((failure) => passesOwn(failure) || (failure.check === 'deadlock' && circles.has(concernOf(failure))));
	/** What was freed twice is taken out before that, in two steps of the patch's own: who comes in between takes it out as well. */
	const takenTwice = (pre: Side, post: Side): boolean => pre.failures.length > 0 && pre.failures.every((failure) => FREED.has(failure.check) && meant.some(({ check }) => isAkin(check, failure.check)))
		&& post.failures.every(({ check }) => check === 'check-then-act' || check === 'data-race') && post.failures.some((failure) => failure.check === 'check-then-act' && EMPTIES.test(own.get(brokenAt(failure) ?? -1) ?? ''));
	/** Lines that the patch takes away came to the same dead lock: it was one of several ways there. */
	const closesOne = (pre: Side, failure: ReviewFailure): boolean => failure.check === 'deadlock' && pre.failures.some((old) => alike(old, failure) && old.steps.some(({ inputLine, waiting }) => gone.has(inputLine ?? 0) || waiting?.some((each) => gone.has(each.inputLine ?? 0))));
	/** In sight, and contended for by what the code shows: on the way past the patch's own lines, on one path alone, or beside what is gone of the same object. */
	const leftAlike = (pre: Side, post: Side, failure: ReviewFailure): boolean => failure.contended === true
		&& meant.some(({ check }) => meansTo(check, failure) && check !== 'data-race')
		&& [...pre.notes, ...pre.failures].some((old) => alike(old, failure) || (isAkin(old.check, failure.check) && ownerOf(old) === ownerOf(failure) && owns(brokenAt(failure))))
		&& (passesOwn(failure) || closesOne(pre, failure) || failure.asked === true || new Set(failure.steps.map(({ thread }) => thread)).size === 1 || (!post.failures.includes(failure) && pre.failures.some((old) => ownerOf(old) === ownerOf(failure))));
	/** The mail draws these two, or names them, whole in sight, and between them the code itself still fails so. */
	const drawnStill = ({ because }: ScenarioReview, pre: Side, post: Side): boolean => (because === 'diagram' || because === 'prose')
		&& post.failures.some((failure) => failure.contended === true && meant.some(({ check }) => meansTo(check, failure) || check === 'check-then-act') && pre.failures.some((old) => alike(old, failure)));
	/** Notes of the side after that count by themselves: another statement does what the mail speaks of. */
	const goesOn = (pre: Side, note: ReviewFailure): boolean => pre.notes.some((old) => alike(old, note))
		&& (OF_ONE_PATH.has(note.check) ? first.check === note.check && !assumesContext(note) : note.check === 'lost-data' && OF_UPDATES.has(first.check) && first.of === undefined && ends?.length === 0 && (note.cells ?? []).some((cell) => toldOf(fieldOf(cell))));
	const left = (pre: Side, post: Side, shown: boolean): readonly ReviewFailure[] =>
		[...post.notes.filter((note) => goesOn(pre, note) || (shown && leftAlike(pre, post, note))), ...shown ? post.failures.filter((failure) => leftAlike(pre, post, failure)) : []];
	return reviews.map((review) => {
		const { pre, post, outcome, threads } = review;
		if (!pre || !post) return review;
		if ((outcome === 'fixes' && (leaves(pre, post) || drawnStill(review, pre, post))) || (outcome === 'introduces' && !review.takesAway && (comesTo(pre, post) || takenTwice(pre, post)))) return { ...review, outcome: 'still-fails' };
		if (outcome !== 'fixes' && outcome !== 'pre-existing' && outcome !== 'no-failure') return review;
		const notes = left(pre, post, !threads.some(({ modelled }) => modelled));
		return notes.length === 0 ? review : { ...review, outcome: 'still-fails', pre: withFailures(pre, pre.notes.filter((old) => notes.some((each) => alike(old, each)))), post: withFailures(post, notes) };
	});
}

/** No lock is held there: that it runs in atomic context is all the mail's word, and what sleeps in any case says that it does not. */
const assumesContext = ({ check, cells }: ReviewFailure): boolean => check === 'sleep-in-atomic' && (cells ?? []).length === 0;

/** The input's line at which it breaks. */
const brokenAt = ({ breaks, steps }: ReviewFailure): number | null | undefined => breaks?.inputLine ?? steps.at(-1)?.inputLine;

/** The side with notes that count. */
const withFailures = (side: Side, failures: readonly ReviewFailure[]): Side =>
	({ ...side, verdict: 'fails', failures: [...side.failures, ...failures.filter((each) => !side.failures.includes(each))], notes: side.notes.filter((note) => !failures.includes(note)) });

/** The same check, and what it is about is the same, whichever statement comes to it. */
const alike = (one: ReviewFailure, other: ReviewFailure): boolean => one.check === other.check && concernOf(one) === concernOf(other);

/** What a failure is about: locks, a field, an object; what a model asserts says it in words. */
const concernOf = ({ cells, object, message, check }: ReviewFailure): string => cells?.join(' ') ?? object ?? (OF_ONE_PATH.has(check) ? '' : message);

const fieldOf = (cell: string): string | undefined => /\.(\w+)$/.exec(cell)?.[1];

/** The struct of which a failure tells. */
const ownerOf = ({ object, cells }: ReviewFailure): string => object ?? cells?.[0]?.split('.')[0] ?? '';
