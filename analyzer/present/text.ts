import type { InputReview, Review, ReviewFailure, ScenarioReview } from '../review';
import { failureTable, TABLE_COLUMNS } from './schedule-table';
import { suggestedLines } from './suggested';
import {
	assumptionsOf, besideReason, countOf, entriesOf, failingSide, loadBearingOf, meaningOf, notModelledOf, objects, oneLine, rankedScenarios, replayOf, sameTrouble, shortCountOf, tally,
} from './wording';

/** The report for people at a terminal: worst first, the schedule as a table that can be pasted into a changelog. */

/** A person reads the first few; the rest is told in a line each. */
const FULL_SCENARIOS = 3;
/** Where the patch changes no verdict: so many scenarios have their counts told, the others their names. */
const BRIEF_SCENARIOS = 5;

/** The verdict line: outcome, who against whom, and the counts of both sides. */
function verdictLine(scenario: ScenarioReview): string {
	const before = countOf(scenario.pre, scenario);
	const after = before.endsWith(' fail') ? shortCountOf(scenario.post, scenario) : countOf(scenario.post, scenario);
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

/** What several scenarios of an input would only say again. */
interface Said {
	/** Assumptions that are told once for all that are told in full. */
	readonly shared: ReadonlySet<string>;
	/** Calls that were told not to be modelled; each scenario adds its own. */
	readonly notModelled: Set<string>;
}

/** One scenario in full. */
function scenarioText(scenario: ScenarioReview, said: Said): readonly string[] {
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
	const unknown = notModelledOf(scenario).filter((call) => !said.notModelled.has(call));
	for (const call of unknown) said.notModelled.add(call);
	lines.push(...listed('assumed', besideReason(scenario).filter((each) => !said.shared.has(each))), ...listed('not modelled', unknown));
	lines.push(...notesOf(scenario));
	for (const [when, side] of [['before', scenario.pre], ['after', scenario.post]] as const) {
		lines.push(...(side?.bound ? [`  bound hit (${when}): ${oneLine(side.bound)}`] : []));
	}
	return lines;
}

/** The notes of both sides; one that both have is told once. */
function notesOf({ pre, post }: ScenarioReview): readonly string[] {
	const [before, after] = [pre, post].map((side) => new Set((side?.notes ?? []).filter(({ modelled }) => !modelled).map(sameTrouble)));
	return [...new Set([...(before ?? []), ...(after ?? [])])].map((note) => `  note (${before?.has(note) ? (after?.has(note) ? 'before and after' : 'before') : 'after'}) ${note}`);
}

/** The verdict line, with what fails where something does. */
function scenarioLine(scenario: ScenarioReview, told: Set<string>): readonly string[] {
	const first = failingSide(scenario)?.side.failures[0];
	const again = first !== undefined && told.has(sameTrouble(first));
	if (first) told.add(sameTrouble(first));
	return [
		verdictLine(scenario),
		...(scenario.suppressed ? [`  suppressed: ${oneLine(scenario.suppressed)}`] : first ? [again ? `  ${first.check}: as above` : `  ${sameTrouble(first)}`] : []),
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
	return [...groups].flatMap(([label, names]) => listed(label, [...new Set(names)]));
}

/** The function that meets only what nobody shows: where another scenario has told of it already, that is a story too many. Undefined for what is shown. */
const assumedFor = ({ because, threads }: ScenarioReview): string | undefined =>
	because === 'environment' && threads.slice(1).every(({ modelled }) => modelled) ? threads[0]?.entry : undefined;

/** The scenarios that are told in full: the worst, each trouble once. `told`: the troubles that they tell. */
function inFull(ranked: readonly ScenarioReview[], told: Set<string>): readonly ScenarioReview[] {
	const functions = new Set<string>();
	const full: ScenarioReview[] = [];
	for (const scenario of ranked) {
		const failure = failingSide(scenario)?.side.failures[0];
		if (full.length === FULL_SCENARIOS || scenario.suppressed || !failure || !(objects(scenario.outcome) || scenario.outcome === 'fixes')) continue;
		if (told.has(sameTrouble(failure)) || functions.has(assumedFor(scenario) ?? '')) continue;
		told.add(sameTrouble(failure));
		for (const { entry } of scenario.threads) functions.add(entry);
		full.push(scenario);
	}
	return full;
}

/** Of several scenarios, what each of them assumes. */
function sharedBy(scenarios: readonly ScenarioReview[]): readonly string[] {
	const [first, ...others] = scenarios.map(assumptionsOf);
	return others.length === 0 ? [] : (first ?? []).filter((each) => others.every((other) => other.includes(each)));
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
	const full = inFull(ranked, told);
	const brief = ranked.filter((scenario) => !full.includes(scenario));
	const shared = sharedBy(full);
	const said: Said = { shared: new Set(shared), notModelled: new Set() };
	for (const scenario of full) {
		lines.push('', ...scenarioText(scenario, said));
	}
	lines.push(...(shared.length ? ['', ...listed('assumed in all of these', shared)] : []));
	if (brief.length) {
		const summed = brief.filter(({ outcome, suppressed }) => !suppressed && (outcome === 'no-failure' || outcome === 'pre-existing'));
		const shown = full.length ? [] : summed.slice(0, BRIEF_SCENARIOS);
		lines.push('', ...brief.filter((scenario) => !summed.includes(scenario) || shown.includes(scenario)).flatMap((scenario) => scenarioLine(scenario, told)));
		lines.push(...summary(summed.filter((scenario) => !shown.includes(scenario))));
		if (!full.length) {
			lines.push(...listed('assumed', [...new Set(brief.flatMap(assumptionsOf))]));
		}
	}
	if (!ranked.length) {
		lines.push(`  ${input.outcome}: ${meaningOf(input)}`);
	}
	const unknown = [...new Set(input.notModelled.map(oneLine))].filter((call) => !said.notModelled.has(call));
	if (unknown.length) {
		lines.push('', ...listed('calls that nothing knows', unknown));
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
