import { forgetOldest } from '../forget-oldest';
import type { FileImages, Image } from '../images/image';
import type { InputReview, ScenarioReview } from '../review';
import type { Attempt } from '../review-scenario';
import { type Candidate, editAlone, editedImages } from './edit';
import type { SuggestRequest, Suggestion } from './request';
import { search } from './search';

/** What it takes to review a patch again with an edit in its files. */
export interface Reviewable {
	readonly review: InputReview;
	readonly attempts: readonly Attempt[];
	/** Its files as the review had them, and as its hunks alone show them. */
	readonly files: readonly FileImages[];
	readonly hunks: readonly FileImages[];
	again(files: readonly FileImages[], hunks: readonly FileImages[], signal: AbortSignal | undefined): Promise<InputReview>;
}

/** Documents, and patches of one, of which this is kept; and failures of a patch for which something is looked for. */
const KEPT_DOCUMENTS = 2;
const KEPT_PATCHES = 40;
const SEARCHES_BOUND = 3;
/** States that all searches for a patch may take where the caller says nothing else. */
const STATES_BOUND = 120_000;

const ASKED: readonly ScenarioReview['outcome'][] = ['introduces', 'still-fails'];

/** Patches that fail, of the last few documents, for whoever wants to know what would end that. */
export class KeptFailing {
	private readonly documents = new Map<string, Map<number, Reviewable>>();

	/** A review of the document begins. */
	open(name: string): void {
		this.documents.delete(name);
		this.documents.set(name, new Map());
		forgetOldest(this.documents, KEPT_DOCUMENTS);
	}

	add(name: string, reviewable: Reviewable): void {
		const patches = this.documents.get(name);
		if (!patches || !reviewable.review.scenarios.some(({ post }) => post?.failures.length)) return;
		patches.set(reviewable.review.from, reviewable);
		forgetOldest(patches, KEPT_PATCHES);
	}

	/** For each failure of the patch that is told against it (`all`: also for those that it leaves as they were), one after the other: what would end it, where a search finds something. */
	async suggest({ name, patch, all = false, states: bound = STATES_BOUND, signal }: SuggestRequest): Promise<readonly Suggestion[]> {
		const kept = this.documents.get(name)?.get(patch);
		if (!kept) return [];
		const found: Suggestion[] = [];
		const outcomes = all ? [...ASKED, 'pre-existing' as const] : ASKED;
		const seen = new Set<string>();
		let left = bound;
		for (const scenario of outcomes.flatMap((outcome) => kept.review.scenarios.filter((each) => each.outcome === outcome))) {
			const [failure] = scenario.post?.failures ?? [];
			const attempt = kept.attempts.find(({ review }) => review.id === scenario.id && review.post?.failures === scenario.post?.failures);
			// The same failure of the same functions, whoever else is there.
			const trouble = `${failure?.check} ${failure?.message.replace(/CPU\d/g, '')} ${[...new Set(failure?.steps.filter(({ modelled }) => !modelled).map((step) => step.function))].sort().join(' ')}`;
			if (!attempt || !failure || seen.has(trouble) || found.some(({ scenarios }) => scenarios.includes(scenario.id))) continue;
			if (signal?.aborted || left <= 0 || seen.size >= SEARCHES_BOUND) break;
			seen.add(trouble);
			const again = async (edit: Candidate, of: Image, alone: boolean): Promise<InputReview | undefined> => {
				const edited = alone ? editAlone : editedImages;
				const files = edited(kept.files, edit, of);
				if (!files) return undefined;
				const review = await kept.again(files, edited(kept.hunks, edit, of) ?? (alone ? [] : kept.hunks), signal);
				return signal?.aborted ? undefined : review;
			};
			const { suggestion, states } = await search({ ...attempt, surroundings: { ...attempt.surroundings, signal } }, kept.review, again, left, signal);
			left -= states;
			if (suggestion) found.push(suggestion);
		}
		return found;
	}
}

/** The review with what was found for it. */
export function withSuggestions(review: InputReview, suggestions: readonly Suggestion[]): InputReview {
	if (suggestions.length === 0) return review;
	return {
		...review, scenarios: review.scenarios.map((scenario) => {
			const found = suggestions.find(({ scenarios }) => scenarios.includes(scenario.id));
			return found ? { ...scenario, suggestion: found.suggestion, suggested: found.suggested } : scenario;
		}),
	};
}
