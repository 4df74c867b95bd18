import { printable } from '../analyzer/present';
import type { InputReview } from '../analyzer/review';

/** A call that neither table, models nor source know, and the patches that make it. */
export interface UnknownCall {
	readonly call: string;
	readonly patches: readonly string[];
}

/** Most often met first, then by name. */
export function unknownCalls(reviews: readonly InputReview[]): readonly UnknownCall[] {
	const patches = new Map<string, Set<string>>();
	for (const review of reviews) {
		for (const call of review.notModelled) {
			patches.set(call, (patches.get(call) ?? new Set()).add(review.subject || review.input));
		}
	}
	return [...patches].map(([call, subjects]) => ({ call, patches: [...subjects] }))
		.sort((a, b) => b.patches.length - a.patches.length || (a.call < b.call ? -1 : 1));
}

/** One call a line, ready to be turned into rows of `.race-review/`. */
export const unknownText = (calls: readonly UnknownCall[]): string => (calls.length
	? calls.map(({ call, patches }) => `${printable(call)}  (${printable(patches.join('; '))})\n`).join('')
	: 'No call is unknown.\n');
