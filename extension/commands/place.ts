import * as vscode from 'vscode';
import type { InputReview, ScenarioReview } from '../../analyzer/review';
import type { PlaceArgument } from '../command-ids';
import type { Reviews } from '../reviews';
import { byRank, openingRun, type RunRef } from '../view/principal';

/** What a command works on. */
export interface Place {
	readonly uri: vscode.Uri;
	readonly review: InputReview;
	readonly scenario: ScenarioReview;
	readonly run: RunRef | null;
}

/** A command's argument may come from a `command:` link, where a Uri has lost its class. */
export function uriOf(value: unknown): vscode.Uri | undefined {
	if (value instanceof vscode.Uri) return value;
	if (typeof value === 'object' && value !== null && 'scheme' in value && 'path' in value) return vscode.Uri.from(value as { scheme: string; path: string });
	return undefined;
}

/** The document that a command's argument is or names: a Uri from a menu, a place of ours, an item of the Testing view. */
export const documentOf = (argument: unknown): vscode.Uri | undefined =>
	uriOf(argument) ?? (typeof argument === 'object' && argument !== null && 'uri' in argument ? uriOf(argument.uri) : undefined);

/** The line (1-based) at which an item of the Testing view stands in its document; undefined for any other argument. */
export function itemLine(argument: unknown): number | undefined {
	if (typeof argument !== 'object' || argument === null || 'patch' in argument || !('uri' in argument) || !('range' in argument)) return undefined;
	return argument.range instanceof vscode.Range ? argument.range.start.line + 1 : 1;
}

/**
 * A command's argument as a place: our own; the document and line of an item of the Testing view; undefined for a menu of the editor, which hands over
 * the document's Uri: the cursor says more.
 */
export function placeArgument(reviews: Reviews, argument: unknown): PlaceArgument | undefined {
	if (typeof argument !== 'object' || argument === null) return undefined;
	if ('patch' in argument) return argument as PlaceArgument;
	const line = itemLine(argument);
	if (line === undefined || !('uri' in argument)) return undefined;
	const uri = uriOf(argument.uri);
	const review = uri && reviews.patchAt(uri, line);
	const scenario = 'id' in argument ? review?.scenarios.find(({ id }) => String(argument.id).endsWith(`/${id}`)) : undefined;
	const run = scenario && openingRun(scenario);
	return uri && review ? { uri, patch: review.from, ...(run ? { run } : {}) } : undefined;
}

/** The document a command without an argument means: the active editor's, else the one whose review is open. */
export function activeDocument(reviews: Reviews): vscode.Uri | undefined {
	const active = vscode.window.activeTextEditor?.document.uri;
	if (active) return active;
	return vscode.window.visibleTextEditors.map(({ document }) => document.uri).find((uri) => reviews.get(uri)) ?? reviews.all().at(-1)?.uri;
}

/** The patch at the cursor; where there is nothing to step through (a cover letter) the patch with the worst of the document's scenarios. */
function withScenarios(inputs: readonly InputReview[], here: InputReview | undefined): InputReview | undefined {
	if (here?.scenarios.length) return here;
	const [worst] = byRank(inputs.flatMap(({ scenarios }) => scenarios));
	return inputs.find(({ scenarios }) => worst && scenarios.includes(worst)) ?? here;
}

/** The scenario that the argument names, or that stands at the cursor: the one of the function there, else the worst of the patch. */
export function placeOf(reviews: Reviews, argument: PlaceArgument | undefined): Place | null {
	const uri = uriOf(argument?.uri) ?? activeDocument(reviews);
	const known = uri && reviews.get(uri);
	if (!uri || !known) return null;
	const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
	const line = (editor?.selection.active.line ?? 0) + 1;
	const review = argument ? known.inputs.find(({ from }) => from === argument.patch) : withScenarios(known.inputs, reviews.patchAt(uri, line));
	if (!review) return null;
	const run = argument?.run ?? (argument ? undefined : known.shown.get(review.from));
	const named = run && review.scenarios.find(({ id }) => id === run.scenario);
	if (run && named) return { uri, review, scenario: named, run };
	const here = argument ? undefined : review.functions.filter(({ inputLine }) => inputLine !== null && inputLine <= line).at(-1);
	const candidates = here?.scenarios.length ? review.scenarios.filter(({ id }) => here.scenarios.includes(id)) : review.scenarios;
	const ranked = byRank(candidates);
	const scenario = ranked.find((candidate) => openingRun(candidate)) ?? ranked[0];
	return scenario ? { uri, review, scenario, run: openingRun(scenario) } : null;
}
