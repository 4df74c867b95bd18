import type { InputReview, Outcome, ScenarioReview } from './review';

/**
 * What a person said is not a bug, with the reason. Kept in the tree as `.race-review/suppressions`, one a line:
 *
 *     # check          functions                     reason
 *     use-after-free   foo_fault, foo_drop_range  :  the caller holds a reference (see foo_open)
 *
 * It holds for every scenario of exactly these functions whose failures are all of a suppressed check.
 */
export interface Suppression {
	readonly check: string;
	/** Entry functions of the threads, sorted. */
	readonly functions: readonly string[];
	readonly reason: string;
	/** 1-based line of the file. */
	readonly line: number;
}

export interface SuppressionProblem {
	readonly line: number;
	readonly message: string;
}

/** Where the file is, relative to the tree or the workspace folder. */
export const SUPPRESSION_FILE = '.race-review/suppressions';

const ROW = /^([a-z][a-z-]*)\s+([\w, \t]+?)\s*:\s*(.+)$/;

const sorted = (names: readonly string[]): readonly string[] => [...names].sort();

/** Never throws: a line that cannot be read is a problem, and suppresses nothing. */
export function parseSuppressions(text: string): { readonly suppressions: readonly Suppression[]; readonly problems: readonly SuppressionProblem[] } {
	const suppressions: Suppression[] = [];
	const problems: SuppressionProblem[] = [];
	text.split(/\r?\n/).forEach((raw, at) => {
		const row = raw.trim();
		if (!row || row.startsWith('#')) return;
		const match = ROW.exec(row);
		const functions = match?.[2]?.split(/[,\s]+/).filter(Boolean) ?? [];
		if (!match?.[1] || !match[3] || !functions.length) problems.push({ line: at + 1, message: 'not of the form `check function, function : reason`' });
		else suppressions.push({ check: match[1], functions: sorted(functions), reason: match[3].trim(), line: at + 1 });
	});
	return { suppressions, problems };
}

/** The line that suppresses a scenario's check. The reason is put on one line. */
export function suppressionLine(check: string, functions: readonly string[], reason: string): string {
	return `${check} ${sorted(functions).join(', ')} : ${reason.replace(/\s+/g, ' ').trim()}`;
}

const WORST_FIRST: readonly Outcome[] = ['introduces', 'still-fails', 'fixes', 'pre-existing', 'no-failure'];

function reasonFor(scenario: ScenarioReview, suppressions: readonly Suppression[]): string | undefined {
	const failures = [...(scenario.post?.failures ?? []), ...(scenario.pre?.failures ?? [])];
	if (!failures.length) return undefined;
	const functions = sorted(scenario.threads.map(({ entry }) => entry)).join();
	const fitting = suppressions.filter((suppression) => suppression.functions.join() === functions);
	const reasons = new Set<string>();
	for (const { check } of failures) {
		const found = fitting.find((suppression) => suppression.check === check);
		if (!found) return undefined;
		reasons.add(found.reason);
	}
	return [...reasons].join('; ');
}

/** The review with the suppressed scenarios marked, and its outcome told without them. */
export function applySuppressions(review: InputReview, suppressions: readonly Suppression[]): InputReview {
	if (!suppressions.length || !review.scenarios.length) return review;
	const scenarios = review.scenarios.map((scenario) => {
		const suppressed = reasonFor(scenario, suppressions);
		return suppressed === undefined ? scenario : { ...scenario, suppressed };
	});
	if (scenarios.every(({ suppressed }) => suppressed === undefined)) return review;
	const counted = scenarios.filter(({ suppressed }) => suppressed === undefined).map(({ outcome }) => outcome);
	const outcome = WORST_FIRST.find((candidate) => counted.includes(candidate)) ?? (counted.length ? 'inconclusive' : 'no-failure');
	return { ...review, scenarios, outcome };
}
