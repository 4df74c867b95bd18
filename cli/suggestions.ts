import type { Analyzer } from '../analyzer/engine';
import { objects } from '../analyzer/present';
import type { InputReview } from '../analyzer/review';
import { withSuggestions } from '../analyzer/suggest';
import type { SuggestFor } from './arguments';

/** States that the search may take for a patch where nobody asked for it, so that a report is not kept waiting. */
const UNASKED_STATES = 30_000;

/** The reviews of one document with what would end their failures, where a search finds something. Not what was suppressed: the reviews are taken as they are to be reported. */
export async function suggested(analyzer: Analyzer, reviews: readonly InputReview[], which: SuggestFor, signal: AbortSignal): Promise<readonly InputReview[]> {
	const told: InputReview[] = [];
	for (const review of reviews) {
		const asked = which !== 'none' && !signal.aborted && (which === 'all' || objects(review.outcome));
		told.push(asked ? withSuggestions(review, await analyzer.suggest({ name: review.input, patch: review.from, signal, ...(which === 'all' ? { all: true } : { states: UNASKED_STATES }) })) : review);
	}
	return told;
}
