import type { InputReview, Review, ReviewFailure, ScenarioReview } from '../review';
import { failureTable, TABLE_COLUMNS } from './schedule-table';
import { suggestedLines } from './suggested';
import {
	assumptionsOf, countOf, entriesOf, failingSide, loadBearingOf, notModelledOf, OUTCOME_MEANING, objects, oneLine, rankedScenarios, replayOf, sameFailure, shortCountOf, tally,
} from './wording';

/** The report for people at a terminal: worst first, the schedule as a table that can be pasted into a changelog. */

/** A person reads the first few; the rest is told in a line each. */
const FULL_SCENARIOS = 3;
/** Where the patch changes no verdict: so many scenarios have their counts told, the others their names. */
const BRIEF_SCENARIOS = 5;

/** The verdict line: outcome, who against whom, and the counts of both sides. */
function verdictLine(scenario: ScenarioReview): string {
	const before = countOf(scenario.pre);
	const after = before.endsWith('interleavings fail') ? shortCountOf(scenario.post) : countOf(scenario.post);
	return `${scenario.outcome.padEnd(12)} ${entriesOf(scenario)}   before: ${before}   after: ${after}`;
}

/** `label: a; b; c`, in lines that fit a terminal. */
function listed(label: string, items: readonly string[]): readonly string[] {
	const rows: string[] = [];
	for (const word of items.length ? `  ${label}: ${items.join('; ')}`.split(/(?<=\S) /) : []) {
		const last = rows.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= TABLE_COLUMNS) {
			rows[rows.length - 1] = `${last} ${word}`;
		} else {
			rows.push(rows.length ? `    ${word}` : word);
		}
	}
	return rows;
}

/** Failures that read alike are told once, with their number. */
function others([first, ...failures]: readonly ReviewFailure[]): readonly string[] {
	const told = new Map<string, number>();
	const before = first && `${first.check}: ${oneLine(first.message)}`;
	for (const { check, message } of failures) {
		const line = `${check}: ${oneLine(message)}`;
		told.set(line, (told.get(line) ?? 0) + 1);
	}
	return [...told].filter(([line]) => line !== before).map(([line, count]) => `  also ${line}${count > 1 ? ` (${count} ways)` : ''}`);
}

/** One scenario in full. */
function scenarioText(scenario: ScenarioReview): readonly string[] {
	const head = verdictLine(scenario);
	if (scenario.suppressed) {
		return [head, `  suppressed: ${oneLine(scenario.suppressed)}`];
	}
	const lines: string[] = [head];
	if (scenario.reason) {
		lines.push(`  because: ${oneLine(scenario.reason)}`);
	}
	const failing = failingSide(scenario);
	if (failing) {
		const [first] = failing.side.failures;
		const table = failureTable(scenario.threads, first!);
		lines.push(`  ${first!.check}: ${oneLine(first!.message)}`, ...(table.length ? ['', ...table, ''] : []), ...others(failing.side.failures));
	}
	const replayed = replayOf(scenario);
	if (replayed) {
		lines.push(`  after the patch ${replayed}`);
	} else if (scenario.outcome === 'fixes') {
		const left = scenario.post?.failures[0];
		lines.push(left ? `  after the patch that is gone; left as it was is ${left.check}: ${oneLine(left.message)}` : '  after the patch no failing schedule was found within these bounds, under these assumptions');
	}
	if (scenario.suggestion) {
		lines.push(`  would end it: ${oneLine(scenario.suggestion)}`, ...suggestedLines(scenario).map((line) => `    ${line}`));
		if (scenario.suggested) {
			lines.push(...listed('  how', [oneLine(scenario.suggested.found)]));
		}
	}
	lines.push(...listed('load-bearing', [...new Set(scenario.loadBearing.filter(({ failuresWithout }) => failuresWithout > 0).map(loadBearingOf))]));
	lines.push(...listed('assumed', assumptionsOf(scenario)), ...listed('not modelled', notModelledOf(scenario)));
	for (const [when, side] of [['before', scenario.pre], ['after', scenario.post]] as const) {
		lines.push(...new Set((side?.notes ?? []).filter(({ modelled }) => !modelled).map((note) => `  note (${when}) ${note.check}: ${oneLine(note.message)}`)));
		lines.push(...(side?.bound ? [`  bound hit (${when}): ${oneLine(side.bound)}`] : []));
	}
	return lines;
}

/** The verdict line, with what fails where something does. */
function scenarioLine(scenario: ScenarioReview): readonly string[] {
	const first = failingSide(scenario)?.side.failures[0];
	return [
		verdictLine(scenario),
		...(scenario.suppressed ? [`  suppressed: ${oneLine(scenario.suppressed)}`] : first ? [`  ${first.check}: ${oneLine(first.message)}`] : []),
	];
}

/** What was there before, by what fails; then what does not fail. */
function summary(scenarios: readonly ScenarioReview[]): readonly string[] {
	const groups = new Map<string, string[]>();
	for (const scenario of scenarios) {
		const check = failingSide(scenario)?.side.failures[0]?.check;
		const label = scenario.outcome === 'no-failure' || !check ? scenario.outcome : `${scenario.outcome} ${check}`;
		groups.set(label, [...(groups.get(label) ?? []), entriesOf(scenario)]);
	}
	return [...groups].flatMap(([label, names]) => listed(label, names));
}

/** What a second assumption would only say again: the same function, broken in the same way by somebody whom nobody shows; null for what is shown. */
function likeAssumption(scenario: ScenarioReview): string | null {
	const { because, outcome, threads } = scenario;
	const check = failingSide(scenario)?.side.failures[0]?.check;
	return because === 'environment' && threads.slice(1).every(({ modelled }) => modelled) ? `${outcome} ${threads[0]?.entry} ${check}` : null;
}

/** One patch. */
export function inputText(input: InputReview): string {
	const subject = oneLine(input.subject);
	const lines: string[] = [subject ? `${oneLine(input.input)}: ${subject}` : oneLine(input.input)];
	lines.push(...input.problems.map((problem) => `  problem: ${oneLine(problem)}`));
	lines.push(...input.repairs.map((repair) => `  repaired: ${oneLine(repair)}`));
	lines.push(...listed('read from', (input.sources ?? []).map(oneLine)));
	const ranked = rankedScenarios(input);
	const told = new Set<string>();
	const assumed = new Set<string>();
	let room = FULL_SCENARIOS;
	const full = ranked.filter((scenario) => {
		const failure = failingSide(scenario)?.side.failures[0];
		const like = likeAssumption(scenario);
		if (scenario.suppressed || !failure || !(objects(scenario.outcome) || scenario.outcome === 'fixes') || room === 0 || told.has(sameFailure(failure)) || (like && assumed.has(like))) {
			return false;
		}
		told.add(sameFailure(failure));
		if (like) assumed.add(like);
		room--;
		return true;
	});
	const brief = ranked.filter((scenario) => !full.includes(scenario));
	for (const scenario of full) {
		lines.push('', ...scenarioText(scenario));
	}
	if (brief.length) {
		const summed = brief.filter(({ outcome, suppressed }) => !suppressed && (outcome === 'no-failure' || outcome === 'pre-existing'));
		const shown = full.length ? [] : summed.slice(0, BRIEF_SCENARIOS);
		lines.push('', ...brief.filter((scenario) => !summed.includes(scenario) || shown.includes(scenario)).flatMap(scenarioLine));
		lines.push(...summary(summed.filter((scenario) => !shown.includes(scenario))));
		if (!full.length) {
			lines.push(...listed('assumed', [...new Set(brief.flatMap(assumptionsOf))]));
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
