import type { InputReview, Outcome, ReviewFailure, ReviewStep, ScenarioReview } from '../../analyzer/review';

/** What is shown first of a review: the worst scenario, its failure, and the side it is on. */

const RANK: Readonly<Record<Outcome, number>> = { introduces: 0, 'still-fails': 1, fixes: 2, 'pre-existing': 3, 'no-failure': 4, inconclusive: 5, 'no-diff': 6 };

export type SideName = 'pre' | 'post';

/** A run of a scenario that can be stepped through. `index` counts the side's failures; absent for the passing schedule and the replay. */
export type RunKind = 'failure' | 'passing' | 'replay';

export interface RunRef {
	readonly scenario: string;
	readonly side: SideName;
	readonly kind: RunKind;
	readonly index: number;
}

export const runKey = (ref: RunRef): string => `${ref.scenario}/${ref.side}/${ref.kind}/${ref.index}`;

/** Worst first, suppressed ones last; otherwise in the analyzer's order. */
export function byRank(scenarios: readonly ScenarioReview[]): readonly ScenarioReview[] {
	const rank = (scenario: ScenarioReview): number => RANK[scenario.outcome] + (scenario.suppressed === undefined ? 0 : 10);
	return [...scenarios].sort((a, b) => rank(a) - rank(b));
}

/** The run a scenario opens with: its failure after the patch, else the one before it, else its passing schedule. */
export function openingRun(scenario: ScenarioReview): RunRef | null {
	const ref = (side: SideName, kind: RunKind): RunRef => ({ scenario: scenario.id, side, kind, index: 0 });
	if (scenario.post?.failures.length) return ref('post', 'failure');
	if (scenario.pre?.failures.length) return ref('pre', 'failure');
	if (scenario.post?.passing) return ref('post', 'passing');
	if (scenario.pre?.passing) return ref('pre', 'passing');
	return null;
}

/** The steps of a run, null when the review has no such run. */
export function stepsOf(scenario: ScenarioReview, ref: RunRef): readonly ReviewStep[] | null {
	const side = scenario[ref.side];
	switch (ref.kind) {
		case 'failure': return side?.failures[ref.index]?.steps ?? null;
		case 'passing': return side?.passing?.steps ?? null;
		case 'replay': return scenario.replay?.steps ?? null;
	}
}

/** The scenario to show first, and its run. */
export function principal(review: InputReview): { readonly scenario: ScenarioReview; readonly run: RunRef } | null {
	for (const scenario of byRank(review.scenarios)) {
		const run = openingRun(scenario);
		if (run) return { scenario, run };
	}
	return null;
}

/** The document's line where the schedule comes to it next, from that step on; null: it no longer does. 1-based. */
export const comesToLine = (steps: readonly ReviewStep[], at: number): number | null => steps.slice(at).find(({ inputLine }) => inputLine !== null)?.inputLine ?? null;

/** The line a failure is shown at: where it breaks, else its last step that is in the document, else the line given. 1-based. */
export function failureLine(failure: ReviewFailure, otherwise: number): number {
	if (failure.breaks?.inputLine != null) return failure.breaks.inputLine;
	for (let at = failure.steps.length - 1; at >= 0; at--) {
		const line = failure.steps[at]?.inputLine;
		if (line != null) return line;
	}
	return otherwise;
}

/** Steps at which another thread goes on: the moments that make the race. Indices into `steps`. */
export function contextSwitches(steps: readonly ReviewStep[]): readonly number[] {
	return steps.flatMap((step, at) => (at > 0 && step.thread !== steps[at - 1]?.thread ? [at] : []));
}
