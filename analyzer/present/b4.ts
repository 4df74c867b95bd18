import type { InputReview, Review } from '../review';
import { inputText } from './text';
import { entriesOf, failingSide, oneLine, rankedScenarios } from './wording';

/**
 * What b4's per-patch check protocol (`b4.review-perpatch-check-cmd`) reads: one JSON array of
 * `{tool, status, summary, url, details}`, `[]` where there is nothing to say.
 */

export interface B4Check {
	readonly tool: string;
	readonly status: 'pass' | 'warn' | 'fail';
	readonly summary: string;
	readonly url: string;
	readonly details: string;
}

function checkOf(input: InputReview, tool: string): B4Check | null {
	const worst = rankedScenarios(input).find(({ outcome, suppressed }) => outcome === input.outcome && !suppressed);
	if (!worst || (input.outcome !== 'introduces' && input.outcome !== 'still-fails' && input.outcome !== 'fixes')) {
		return null;
	}
	const check = failingSide(worst)?.side.failures[0]?.check;
	return {
		tool,
		status: input.outcome === 'introduces' ? 'fail' : input.outcome === 'still-fails' ? 'warn' : 'pass',
		summary: oneLine(`${input.outcome}${check ? ` ${check}` : ''}: ${entriesOf(worst)}`),
		url: '',
		details: inputText(input),
	};
}

/** Ends with a newline. */
export const b4Of = (review: Review): string =>
	`${JSON.stringify(review.inputs.flatMap((input) => checkOf(input, review.tool) ?? []), null, '\t')}\n`;
