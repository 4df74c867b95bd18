import type { ChangedFunction, ScenarioReview, Verdict } from './review';
import { changedOnEither, type Side } from './scenarios';

/** The functions that the patch changes, each with the scenarios that concern it and their verdicts. */
export function changedFunctions(pre: Side | null, post: Side | null, reviews: readonly ScenarioReview[]): readonly ChangedFunction[] {
	const names = changedOnEither(pre, post);
	return names.map((name) => {
		const definition = post?.functions.get(name) ?? pre?.functions.get(name);
		const place = definition?.file.place(definition.fn.line);
		const concerned = reviews.filter((review) => review.threads.some((thread) => thread.entry === name)
			|| [review.pre, review.post].some((side) => side?.failures.some((failure) => failure.steps.some((step) => step.function === name))));
		const verdict = (which: 'pre' | 'post'): Verdict | null => {
			const all = concerned.map((review) => review[which]?.verdict).filter((each) => each !== undefined);
			if (all.length === 0) return null;
			return all.includes('fails') ? 'fails' : all.includes('inconclusive') ? 'inconclusive' : 'passes';
		};
		return {
			name, file: definition?.file.path ?? '', line: place?.file ?? 0, inputLine: firstInput(definition),
			scenarios: concerned.map((review) => review.id), pre: verdict('pre'), post: verdict('post'),
		};
	});
}

/** The first line of the function that the document shows. */
function firstInput(definition: Side['functions'] extends ReadonlyMap<string, infer D> ? D | undefined : never): number | null {
	if (!definition) return null;
	for (let line = definition.fn.line; line <= definition.fn.endLine; line++) {
		const { input } = definition.file.place(line);
		if (input > 0) return input;
	}
	return null;
}
