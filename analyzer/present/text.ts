import type { InputReview, Review, ScenarioReview } from '../review';
import { failureTable } from './schedule-table';
import {
	assumptionsOf, countOf, entriesOf, failingSide, loadBearingOf, notModelledOf, OUTCOME_MEANING, objects, oneLine, rankedScenarios, shortCountOf, tally,
} from './wording';

/** The report for people at a terminal: worst first, the schedule as a table that can be pasted into a changelog. */

/** The verdict line: outcome, who against whom, and the counts of both sides. */
export function verdictLine(scenario: ScenarioReview): string {
	const before = countOf(scenario.pre);
	const after = before.endsWith('interleavings fail') ? shortCountOf(scenario.post) : countOf(scenario.post);
	return `${scenario.outcome.padEnd(12)} ${entriesOf(scenario)}   before: ${before}   after: ${after}`;
}

const listed = (label: string, items: readonly string[]): readonly string[] => (items.length ? [`  ${label}: ${items.join('; ')}`] : []);

/** One scenario; `brief` leaves out the table (pre-existing ones are a note). */
export function scenarioText(scenario: ScenarioReview, brief = false): readonly string[] {
	const head = verdictLine(scenario);
	if (scenario.suppressed) {
		return [head, `  suppressed: ${oneLine(scenario.suppressed)}`];
	}
	const failing = failingSide(scenario);
	const lines: string[] = [head];
	if (scenario.reason) {
		lines.push(`  because: ${oneLine(scenario.reason)}`);
	}
	if (failing) {
		const [first, ...others] = failing.side.failures;
		lines.push(`  ${first!.check}: ${oneLine(first!.message)}`);
		if (!brief) {
			const table = failureTable(scenario.threads, first!);
			lines.push(...(table.length ? ['', ...table, ''] : []));
			lines.push(...others.map((failure) => `  also ${failure.check}: ${oneLine(failure.message)}`));
		} else if (others.length) {
			lines.push(`  and ${others.length} more`);
		}
	}
	if (scenario.replay?.message) {
		lines.push(`  after the patch ${oneLine(scenario.replay.message)}`);
	} else if (scenario.outcome === 'fixes') {
		lines.push('  after the patch no failing schedule was found within these bounds, under these assumptions');
	}
	if (scenario.suggestion) {
		lines.push(`  would end it: ${oneLine(scenario.suggestion)}`);
	}
	if (!brief) {
		const needed = scenario.loadBearing.filter(({ failuresWithout }) => failuresWithout > 0);
		lines.push(...listed('load-bearing', needed.map(loadBearingOf)));
		lines.push(...listed('assumed', assumptionsOf(scenario)));
		lines.push(...listed('not modelled', notModelledOf(scenario)));
		for (const [when, side] of [['before', scenario.pre], ['after', scenario.post]] as const) {
			lines.push(...(side?.notes ?? []).map((note) => `  note (${when}) ${note.check}: ${oneLine(note.message)}`));
			lines.push(...(side?.bound ? [`  bound hit (${when}): ${oneLine(side.bound)}`] : []));
		}
	}
	return lines;
}

/** One patch. */
export function inputText(input: InputReview): string {
	const subject = oneLine(input.subject);
	const lines: string[] = [subject ? `${oneLine(input.input)}: ${subject}` : oneLine(input.input)];
	lines.push(...input.problems.map((problem) => `  problem: ${oneLine(problem)}`));
	lines.push(...input.repairs.map((repair) => `  repaired: ${oneLine(repair)}`));
	const ranked = rankedScenarios(input);
	const full = ranked.filter(({ outcome }) => objects(outcome) || outcome === 'fixes');
	const brief = ranked.filter((scenario) => !full.includes(scenario));
	for (const scenario of full) {
		lines.push('', ...scenarioText(scenario));
	}
	if (brief.length) {
		lines.push('');
		for (const scenario of brief) {
			lines.push(...scenarioText(scenario, scenario.outcome === 'pre-existing' || full.length > 0));
		}
	}
	if (!ranked.length) {
		lines.push(`  ${input.outcome}: ${OUTCOME_MEANING[input.outcome]}`);
	}
	if (input.notModelled.length) {
		lines.push('', ...listed('calls that nothing knows', [...new Set(input.notModelled.map(oneLine))]));
	}
	if (input.leftOut > 0) {
		lines.push(`  ${input.leftOut} scenario${input.leftOut === 1 ? ' was' : 's were'} left out by the bound on their number`);
	}
	return lines.join('\n');
}

/** Ends with a newline. */
export function textOf(review: Review): string {
	const parts = review.inputs.map(inputText);
	const closing = [...(review.series ?? []).map(oneLine), ...(review.inputs.length > 1 ? [tally(review)] : [])];
	return `${[...parts, ...(closing.length ? [closing.join('\n')] : [])].join('\n\n')}\n`;
}
