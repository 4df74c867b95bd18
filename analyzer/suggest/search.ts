import type { Image } from '../images/image';
import { finished, turn } from '../judge';
import type { InputReview, ReviewFailure, ScenarioReview, SuggestedEdit } from '../review';
import type { Attempt } from '../review-scenario';
import type { Candidate } from './edit';
import { type Place, placesOf, said } from './place';
import type { Suggestion } from './request';
import { isOwnVersion, tried } from './tried';
import { WAYS } from './ways';

/** Single edits that are tried for one failure, the simplest first; and of them those that end the scenario's failure, with which the patch is reviewed again. */
const TRIED_BOUND = 60;
const REVIEWED_BOUND = 6;
/** Operations of all programs that are made for trying: where functions are large, fewer edits are tried. */
const OPERATIONS_BOUND = 60_000;
/** A function that comes later in the schedule's order is edited only where no simpler edit of an earlier one helps. */
const PLACE_COST = 0.75;

/** The review of the patch with the edit in its files, or of the edit as a patch by itself. Undefined where the edit cannot be put there, or the search was given up. */
export type Again = (edit: Candidate, of: Image, alone: boolean) => Promise<InputReview | undefined>;

export interface Sought {
	readonly suggestion: Suggestion | null;
	/** States that it took, those of reviews included. */
	readonly states: number;
}

/** A scenario's failures, by what breaks, whoever of its threads runs into it. */
const troubles = (scenarios: readonly ScenarioReview[]): ReadonlySet<string> =>
	new Set(scenarios.flatMap(({ id, post }) => post?.failures.map(({ check, message }) => `${id} ${check} ${message.replace(/CPU\d/g, '')}`) ?? []));
const accused = ({ scenarios }: InputReview): readonly ScenarioReview[] => scenarios.filter(({ outcome, suppressed }) => !suppressed && (outcome === 'introduces' || outcome === 'still-fails'));

/** With the edit, the scenario does not fail any more, and nothing is told against the patch that was not told before. */
function isMended(before: InputReview, after: InputReview, scenario: ScenarioReview): boolean {
	if (after.outcome === 'inconclusive' || after.outcome === 'no-diff' || after.problems.length > before.problems.length) return false;
	const [old, now] = [troubles(before.scenarios), troubles(accused(after))];
	const same = after.scenarios.find(({ id }) => id === scenario.id)?.post?.verdict;
	return same !== 'fails' && same !== 'inconclusive' && [...now].every((each) => old.has(each));
}

/** Tries single edits of the functions on the scenario's failing schedule, as long as that takes fewer states than `bound`, and tells the first one that ends its failure and brings no other. */
export async function search(attempt: Attempt, review: InputReview, again: Again, bound: number, signal: AbortSignal | undefined): Promise<Sought> {
	const [failure] = attempt.review.post?.failures ?? [];
	const none = (): Sought => ({ suggestion: null, states });
	let [states, count, reviewed, operations] = [0, 0, 0, 0];
	if (!failure) return none();
	const places = placesOf(failure, attempt.pre, attempt.post);
	const candidates = candidatesOf(attempt, failure, places);
	for (const { candidate, place } of candidates) {
		if (signal?.aborted || states >= bound || operations >= OPERATIONS_BOUND || count >= TRIED_BOUND || reviewed >= REVIEWED_BOUND) return none();
		count++;
		await turn();
		const own = isOwnVersion(attempt, place.name);
		if (!own) {
			const quick = await finished(tried(attempt, place.name, candidate), signal);
			states += quick?.states ?? 0;
			operations += quick?.operations ?? 0;
			if (!quick?.passes) continue;
		}
		reviewed++;
		const after = await again(candidate, place.image, false);
		states += statesOf(after);
		if (!after || !isMended(review, after, attempt.review)) continue;
		// What the change itself speaks of may be silent because it is not understood any more: an edit that does not just restore what was there must be seen to end something.
		if (own && !candidate.restores && !isFromBefore(candidate, place) && after.scenarios.find(({ id }) => id === attempt.review.id)?.post?.verdict !== 'passes') {
			const alone = await again(candidate, place.image, true);
			states += statesOf(alone);
			if (alone?.outcome !== 'fixes') continue;
		}
		const left = troubles(after.scenarios);
		const ended = accused(review).filter((each) => [...troubles([each])].every((trouble) => !left.has(trouble)));
		const words = `${count === 1 ? 'the first' : `number ${count}`} of ${Math.min(candidates.length, TRIED_BOUND)} single edits, tried in order within ${bound} states; with it the patch was reviewed again: this failure is gone and no other came`;
		return { states, suggestion: { scenarios: [...new Set([attempt.review.id, ...ended.map(({ id }) => id)])], suggestion: candidate.words, suggested: { edits: candidate.lines.map((each) => told(each, place)), found: `found by search: ${words}` } } };
	}
	return none();
}

const statesOf = (review: InputReview | undefined): number => review?.scenarios.reduce((sum, { pre, post }) => sum + (pre?.states ?? 0) + (post?.states ?? 0), 0) ?? 0;

/** All that the edit puts in is what the patch takes away. */
function isFromBefore({ lines }: Candidate, { before, gone }: Place): boolean {
	const texts = lines.flatMap(({ insert }) => insert.map(said));
	return before !== null && texts.length > 0 && texts.every((text) => gone.has(text));
}

interface Ranked {
	readonly candidate: Candidate;
	readonly place: Place;
}

/** In the order in which they are tried, none twice. */
function candidatesOf({ pre, post, surroundings: { table } }: Attempt, failure: ReviewFailure, places: readonly Place[]): readonly Ranked[] {
	const found = new Map<string, Ranked & { readonly cost: number }>();
	for (const [rank, place] of places.entries()) {
		for (const way of WAYS) {
			for (const candidate of way({ place, places, failure, pre, post, table })) {
				if (!isBalanced(candidate, place)) continue;
				const key = JSON.stringify([candidate.path, candidate.lines]);
				const cost = candidate.cost + PLACE_COST * rank;
				if ((found.get(key)?.cost ?? Number.POSITIVE_INFINITY) > cost) found.set(key, { candidate, place, cost });
			}
		}
	}
	return [...found.values()].sort((a, b) => a.cost - b.cost);
}

/** As many blocks begin in it and end as in what it stands for. */
function isBalanced({ lines: edits }: Candidate, { lines }: Place): boolean {
	const depth = (texts: readonly string[]): number => texts.join('').split('{').length - texts.join('').split('}').length;
	return edits.reduce((sum, { at, remove, insert }) => sum + depth(insert) - depth(lines.slice(at, at + remove)), 0) === 0;
}

function told({ at, remove, insert }: Candidate['lines'][number], { image, lines }: Place): SuggestedEdit {
	const [file, input] = [image.fileLines[at] ?? 0, image.inputLines[at] ?? 0];
	return { file: image.path, line: file > 0 ? file : null, inputLine: input > 0 ? input : null, before: lines.slice(at, at + remove), after: insert };
}
