import type { InputReview, Outcome, ScenarioReview } from '../../analyzer/review';
import type { Expectation } from './case';

/** What the engine said of a case, beside what it should have said. */
export interface Answer {
	readonly outcome: Outcome;
	/** `introduces: use-after-free, data-race`: the outcome and the checks behind it. */
	readonly words: string;
	readonly rightOutcome: boolean;
	readonly rightCheck: boolean;
	readonly rightThreads: boolean;
}

/** From the worst to the best; a series is as good as its worst patch. */
const ORDER: readonly Outcome[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'inconclusive', 'no-failure', 'no-diff'];
const LOUD: ReadonlySet<Outcome> = new Set(['introduces', 'still-fails', 'fixes']);

/** Failures that make up the outcome: of the side before the patch where it fixes, else of the side after it. */
const failuresOf = (scenario: ScenarioReview): NonNullable<ScenarioReview['post']>['failures'] =>
	(scenario.outcome === 'fixes' ? scenario.pre : scenario.post)?.failures ?? [];

const takesPart = (scenario: ScenarioReview, names: readonly string[]): boolean =>
	scenario.threads.some((thread) => names.includes(thread.entry))
	|| failuresOf(scenario).some((failure) => failure.steps.some((step) => names.includes(step.function) || step.stack.some((each) => names.includes(each))));

export function answerOf(reviews: readonly InputReview[], expected: Expectation): Answer {
	const outcome = ORDER.find((each) => reviews.some((review) => review.outcome === each)) ?? 'no-diff';
	const decisive = reviews.flatMap((review) => review.scenarios).filter((scenario) => scenario.outcome === outcome);
	const checks = [...new Set(decisive.flatMap((scenario) => failuresOf(scenario).map((failure) => failure.check)))].sort();
	const words = checks.length > 0 && LOUD.has(outcome) ? `${outcome}: ${checks.join(', ')}` : outcome;
	if (expected.neutral) {
		const quiet = !LOUD.has(outcome);
		return { outcome, words, rightOutcome: quiet, rightCheck: quiet, rightThreads: quiet };
	}
	const rightOutcome = expected.outcome.includes(outcome);
	const fitting = decisive.filter((scenario) => failuresOf(scenario).some((failure) => expected.checks.includes(failure.check)));
	const rightCheck = rightOutcome && fitting.length > 0;
	return { outcome, words, rightOutcome, rightCheck, rightThreads: rightCheck && fitting.some((scenario) => expected.threads.every((names) => takesPart(scenario, names))) };
}
