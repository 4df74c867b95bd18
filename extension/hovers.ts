import * as vscode from 'vscode';
import { runBy } from '../analyzer/present';
import { COMMANDS, type PlaceArgument } from './command-ids';
import type { Mark } from './view/marks';
import { openingRun } from './view/principal';
import { countWords, outcomeWords, verdictSymbol } from './words';

const { t } = vscode.l10n;

/** Steps and assumptions listed before the rest is counted. */
const LISTED = 6;

/** Text of the patch as inline code: nothing in it can end the code or start a link. */
function code(text: string): string {
	const line = text.replace(/\s+/g, ' ');
	const fence = '`'.repeat(1 + Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)));
	return fence.length > 1 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

function link(title: string, command: string, place: PlaceArgument): string {
	return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([place]))})`;
}

/** What is known of a marked line: struct and lock, both paths, the window, what is assumed. */
export function markHover(uri: vscode.Uri, mark: Mark): vscode.MarkdownString {
	const text = new vscode.MarkdownString(undefined, true);
	text.isTrusted = { enabledCommands: [COMMANDS.stepThrough, COMMANDS.copyTable, COMMANDS.showAssumptions, COMMANDS.showSuggestion] };
	const { scenario, review } = mark;
	const side = scenario.post?.failures.length ? scenario.post : scenario.pre;
	const failure = side?.failures[0];
	const threads = scenario.threads.map((thread) => `${thread.name} ${thread.called ?? code(runBy(thread))}`).join(', ');
	text.appendMarkdown(`**${t('Race review: {0}', outcomeWords(scenario.outcome))}**: ${threads}\n\n`);
	text.appendMarkdown(`${t('before')} ${verdictSymbol(scenario.pre?.verdict ?? null)} ${countWords(scenario.pre, scenario)}; ${t('after')} ${verdictSymbol(scenario.post?.verdict ?? null)} ${countWords(scenario.post, scenario)}\n\n`);
	if (failure) {
		text.appendMarkdown(`${code(failure.check)} ${code(failure.message)}\n\n`);
		if (failure.object) text.appendMarkdown(`- ${t('object')}: ${code(failure.object)}\n`);
		if (failure.lock) text.appendMarkdown(`- ${t('lock')}: ${code(failure.lock)}\n`);
		if (failure.window?.from != null && failure.window.to != null) text.appendMarkdown(`- ${t('window: lines {0} to {1}', failure.window.from, failure.window.to)}\n`);
	}
	for (const step of mark.steps.slice(0, LISTED)) text.appendMarkdown(`- ${t('step {0}', step.number)}: ${code(step.thread)} ${code(step.operation)}${step.breaks ? ` **✗ ${t('breaks here')}**` : ''}\n`);
	if (mark.steps.length > LISTED) text.appendMarkdown(`- ${t('{0} more', mark.steps.length - LISTED)}\n`);
	if (mark.failuresWithout) text.appendMarkdown(`- ${mark.failuresWithout === 1 ? t('load-bearing: without this line 1 failure comes back') : t('load-bearing: without this line {0} failures come back', mark.failuresWithout)}\n`);
	if (scenario.suggestion) text.appendMarkdown(`- ${t('would end it')}: ${code(scenario.suggestion)}\n`);
	if (mark.assumption) text.appendMarkdown(`- ${t('assumed')}: ${code(mark.assumption)}\n`);
	const run = openingRun(scenario);
	const place: PlaceArgument = { uri, patch: review.from, ...(run ? { run } : {}) };
	const links = [
		...(run ? [link(t('Step through'), COMMANDS.stepThrough, place), link(t('Copy CPU table'), COMMANDS.copyTable, place)] : []),
		...(scenario.suggested ? [link(t('What would end it'), COMMANDS.showSuggestion, place)] : []),
		link(t('What is assumed'), COMMANDS.showAssumptions, place),
	];
	text.appendMarkdown(`\n${links.join(' · ')}`);
	return text;
}
