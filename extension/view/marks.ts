import type { InputReview, ReviewStep, ScenarioReview } from '../../analyzer/review';
import { byRank, principal, stepsOf, type RunRef } from './principal';

/**
 * What is drawn on the lines of a reviewed document. Kinds are told apart by a letter as well as by colour:
 * F fails after the patch, B failed before it, P on the nearest passing schedule, L load-bearing, A assumed.
 */
export type MarkKind = 'fails' | 'failed-before' | 'passes' | 'load-bearing' | 'assumed';

export const MARK_LETTER: Readonly<Record<MarkKind, string>> = { fails: 'F', 'failed-before': 'B', passes: 'P', 'load-bearing': 'L', assumed: 'A' };

/** Stronger first: a line that fails is not drawn as one that passes. */
const STRENGTH: readonly MarkKind[] = ['fails', 'failed-before', 'load-bearing', 'assumed', 'passes'];

export interface Mark {
	readonly kind: MarkKind;
	/** 1-based line of the document. */
	readonly line: number;
	/** 0-based columns; absent: the whole line. */
	readonly from?: number;
	readonly to?: number;
	/** Every step that the shown schedules take here, in order. */
	readonly steps: readonly MarkedStep[];
	/** Load-bearing: how many failures come back without it. */
	readonly failuresWithout?: number;
	readonly assumption?: string;
	readonly scenario: ScenarioReview;
	readonly review: InputReview;
}

export interface MarkedStep {
	/** 1-based, as the stepper counts. */
	readonly number: number;
	readonly thread: string;
	readonly operation: string;
	/** The last step of a failure. */
	readonly breaks: boolean;
}

/** A line number that an assumption names: `(line 57)`, `mail line 57`. Assumptions are text with their line in it. */
const ASSUMED_LINE = /\bline (\d+)\b/;

interface Draft {
	kind: MarkKind;
	steps: MarkedStep[];
	from?: number;
	to?: number;
	failuresWithout?: number;
	assumption?: string;
}

function addSteps(drafts: Map<number, Draft>, kind: MarkKind, steps: readonly ReviewStep[], scenario: ScenarioReview): void {
	steps.forEach((step, at) => {
		if (step.inputLine === null) return;
		const draft = drafts.get(step.inputLine) ?? { kind, steps: [] };
		if (STRENGTH.indexOf(kind) < STRENGTH.indexOf(draft.kind)) draft.kind = kind;
		if (kind !== 'passes' || draft.kind === 'passes') {
			draft.steps.push({
				number: at + 1,
				thread: scenario.threads[step.thread]?.name ?? `CPU${step.thread}`,
				operation: step.operation,
				breaks: kind !== 'passes' && at === steps.length - 1,
			});
		}
		if (step.inputFrom !== undefined && step.inputTo !== undefined) {
			draft.from = Math.min(draft.from ?? step.inputFrom, step.inputFrom);
			draft.to = Math.max(draft.to ?? step.inputTo, step.inputTo);
		}
		drafts.set(step.inputLine, draft);
	});
}

/** The marks of one patch: those of the run shown (by default the worst scenario's), in line order. */
export function marksOf(review: InputReview, shown?: RunRef): readonly Mark[] {
	const first = shown ? { scenario: review.scenarios.find(({ id }) => id === shown.scenario), run: shown } : principal(review);
	const scenario = first?.scenario ?? byRank(review.scenarios)[0];
	if (!scenario) return [];
	const drafts = new Map<number, Draft>();
	if (first?.scenario) {
		const { run } = first;
		const steps = stepsOf(scenario, run) ?? [];
		const kind: MarkKind = run.kind === 'failure' ? (run.side === 'pre' ? 'failed-before' : 'fails') : 'passes';
		addSteps(drafts, kind, steps, scenario);
		const passing = scenario.post?.passing ?? scenario.pre?.passing;
		if (kind !== 'passes' && passing) addSteps(drafts, 'passes', passing.steps, scenario);
	}
	for (const bearing of scenario.loadBearing) {
		if (bearing.inputLine === null || bearing.failuresWithout === 0) continue;
		const draft = drafts.get(bearing.inputLine) ?? { kind: 'load-bearing' as const, steps: [] };
		// The steps of a passing schedule say nothing about the failures that come back.
		if (draft.kind === 'passes') draft.steps = [];
		if (draft.kind !== 'fails') draft.kind = 'load-bearing';
		draft.failuresWithout = Math.max(draft.failuresWithout ?? 0, bearing.failuresWithout);
		drafts.set(bearing.inputLine, draft);
	}
	for (const assumption of new Set([...(scenario.pre?.assumptions ?? []), ...(scenario.post?.assumptions ?? [])])) {
		const line = Number(ASSUMED_LINE.exec(assumption)?.[1]);
		if (!line || line < review.from || line > review.to) continue;
		const draft = drafts.get(line) ?? { kind: 'assumed' as const, steps: [] };
		draft.assumption = assumption;
		drafts.set(line, draft);
	}
	return [...drafts].sort(([a], [b]) => a - b).map(([line, draft]) => ({ ...draft, line, scenario, review }));
}
