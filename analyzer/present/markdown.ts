import type { InputReview, Review, ScenarioReview } from '../review';
import { failureTable } from './schedule-table';
import { suggestedLines } from './suggested';
import {
	besideReason, countOf, entriesOf, failingSide, loadBearingOf, notModelledOf, meaningOf, oneLine, rankedScenarios, replayOf, tally,
} from './wording';

/** The report as Markdown, for issue trackers and CI summaries. Text of the patch is escaped: it is data, never markup. */

/** Underscores inside a name are no emphasis; marks of lists and headings count only at the start. */
const escaped = (text: string): string => oneLine(text)
	.replace(/&/g, '&amp;').replace(/</g, '&lt;')
	.replace(/[\\`*[\]>|~]|(?<![A-Za-z0-9_])_|_(?![A-Za-z0-9_])/g, '\\$&')
	.replace(/^[#+=-]|^(\d+)(?=[.)])/, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`));

/** Inline code; a backtick inside cannot end it. */
const code = (text: string): string => {
	const plain = oneLine(text);
	const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
	const fence = '`'.repeat(longest + 1);
	return longest ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`;
};

/** In a table cell a bar ends the cell, even in code. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

const bullets = (title: string, items: readonly string[]): readonly string[] => (items.length ? ['', `**${title}**`, '', ...items.map((item) => `- ${item}`)] : []);

function scenarioMarkdown(scenario: ScenarioReview): readonly string[] {
	const lines = [`### ${scenario.outcome}: ${code(entriesOf(scenario))}`, ''];
	if (scenario.suppressed) {
		return [...lines, `Suppressed: ${escaped(scenario.suppressed)}`];
	}
	if (scenario.reason) {
		lines.push(`Because: ${escaped(scenario.reason)}.`, '');
	}
	lines.push(`Before: ${escaped(countOf(scenario.pre, scenario))}. After: ${escaped(countOf(scenario.post, scenario))}.`);
	const failing = failingSide(scenario);
	for (const failure of failing?.side.failures ?? []) {
		const table = failureTable(scenario.threads, failure);
		lines.push('', `**${failure.check}** (${failing!.when} the patch): ${escaped(failure.message)}`);
		if (table.length) {
			// Four blanks make a code block that nothing in the table can end.
			lines.push('', ...table.map((row) => (row === '' ? '' : row)));
		}
	}
	const replayed = replayOf(scenario);
	if (replayed) {
		lines.push('', `After the patch ${escaped(replayed)}.`);
	}
	if (scenario.suggestion) {
		const edits = suggestedLines(scenario);
		lines.push('', `Would end it: ${escaped(scenario.suggestion)}.`, ...(edits.length > 0 ? ['', ...edits.map((line) => `    ${line}`)] : []));
		if (scenario.suggested) {
			lines.push('', `How: ${escaped(scenario.suggested.found)}.`);
		}
	}
	lines.push(...bullets('Load-bearing lines', scenario.loadBearing.map((line) => escaped(loadBearingOf(line)))));
	lines.push(...bullets('Assumed', besideReason(scenario).map(escaped)));
	lines.push(...bullets('Not modelled', notModelledOf(scenario).map(code)));
	return lines;
}

function inputMarkdown(input: InputReview): readonly string[] {
	const lines = [`## ${escaped(input.subject || input.input)}`, '', `${code(input.input)}: **${input.outcome}**, ${meaningOf(input)}.`];
	lines.push(...bullets('Problems', input.problems.map(escaped)), ...bullets('Repairs of the mail', input.repairs.map(escaped)),
		...bullets('Read from', (input.sources ?? []).map(escaped)));
	for (const scenario of rankedScenarios(input)) {
		lines.push('', ...scenarioMarkdown(scenario));
	}
	lines.push(...bullets('Calls that nothing knows', [...new Set(input.notModelled)].map(code)));
	if (input.leftOut > 0) {
		lines.push('', `${input.leftOut} more scenarios were left out by the bound on their number.`);
	}
	return lines;
}

/** Ends with a newline. */
export function markdownOf(review: Review): string {
	const lines = ['# Kernel Race Review'];
	if (review.inputs.length > 1) {
		lines.push('', `${tally(review)}.`, '', '| Patch | Outcome | Scenarios |', '| --- | --- | --- |');
		lines.push(...review.inputs.map((input) =>
			`| ${cell(escaped(input.subject || input.input))} | ${input.outcome} | ${input.scenarios.length} |`));
	}
	lines.push(...bullets('The series', (review.series ?? []).map(escaped)));
	for (const input of review.inputs) {
		lines.push('', ...inputMarkdown(input));
	}
	return `${lines.join('\n')}\n`;
}
