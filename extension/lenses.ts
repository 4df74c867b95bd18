import * as vscode from 'vscode';
import type { InputReview } from '../analyzer/review';
import { COMMANDS, type PlaceArgument } from './command-ids';
import type { DocumentReview, Reviews } from './reviews';
import { settings } from './settings';
import { byRank, openingRun, principal } from './view/principal';
import { assumptionCount, countWords, functionLens, outcomeWords } from './words';

const { t } = vscode.l10n;

const SETTLED_MS = 400;

/** A lens over each changed function, and one at the top of each patch. */
export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
	private readonly changed = new vscode.EventEmitter<void>();
	readonly onDidChangeCodeLenses = this.changed.event;
	private readonly subscriptions: vscode.Disposable[];
	private settled: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly reviews: Reviews) {
		this.subscriptions = [
			reviews.onDidChange(() => {
				this.changed.fire();
				// The editor may keep a lens of the same line that was replaced while it was being drawn.
				clearTimeout(this.settled);
				this.settled = setTimeout(() => this.changed.fire(), SETTLED_MS);
			}),
			vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('kernelRaceReview.codeLens')) this.changed.fire(); }),
			vscode.languages.registerCodeLensProvider({ scheme: '*' }, this),
		];
	}

	provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
		const known = this.reviews.get(document.uri);
		if (!known || !settings().codeLens) return [];
		const last = document.lineCount;
		const at = (line: number): vscode.Range => {
			const zero = Math.min(Math.max(line, 1), last) - 1;
			return new vscode.Range(zero, 0, zero, 0);
		};
		return [...stateLens(known, at), ...known.inputs.flatMap((review) => [...patchLenses(document.uri, review, at), ...functionLenses(document.uri, review, at)])];
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
		clearTimeout(this.settled);
		this.changed.dispose();
	}
}

type At = (line: number) => vscode.Range;

function stateLens(known: DocumentReview, at: At): vscode.CodeLens[] {
	switch (known.state) {
		case 'reviewing':
			return known.inputs.length ? [] : [new vscode.CodeLens(at(1), { title: t('$(sync~spin) Race review: looking for interleavings… (cancel)'), command: COMMANDS.cancel, arguments: [known.uri] })];
		case 'failed':
			return [new vscode.CodeLens(at(1), { title: t('$(error) Race review: the review could not be made'), tooltip: known.problem, command: COMMANDS.showLog })];
		case 'cancelled':
			return [new vscode.CodeLens(at(1), { title: t('$(debug-stop) Race review: cancelled; review again'), command: COMMANDS.review, arguments: [known.uri] })];
		case 'done':
			return known.inputs.length ? [] : [new vscode.CodeLens(at(1), { title: known.problem ?? t('Race review: this is no patch'), command: '' })];
	}
}

function patchLenses(uri: vscode.Uri, review: InputReview, at: At): vscode.CodeLens[] {
	const range = at(review.from);
	const patch: PlaceArgument = { uri, patch: review.from };
	const first = principal(review);
	const assumptions = assumptionCount(review);
	if (review.outcome === 'no-diff') {
		return [new vscode.CodeLens(range, { title: t('Race review: {0}', review.problems[0] ?? t('there is no diff of C code here')), command: COMMANDS.showAssumptions, arguments: [patch] })];
	}
	const worst = byRank(review.scenarios)[0];
	const counts = worst ? t('before: {0}, after: {1}', countWords(worst.pre), countWords(worst.post)) : t('no scenario found');
	const lenses = [new vscode.CodeLens(range, {
		title: t('Race review: {0} ({1})', outcomeWords(review.outcome), counts),
		tooltip: worst?.reason,
		command: first ? COMMANDS.stepThrough : COMMANDS.showAssumptions,
		arguments: [first ? { ...patch, run: first.run } : patch],
	})];
	if (first) {
		const place: PlaceArgument = { ...patch, run: first.run };
		lenses.push(
			new vscode.CodeLens(range, { title: t('$(debug-step-over) Step through'), command: COMMANDS.stepThrough, arguments: [place] }),
			new vscode.CodeLens(range, { title: t('Copy CPU table'), command: COMMANDS.copyTable, arguments: [place] }),
			new vscode.CodeLens(range, { title: t('Reply'), command: COMMANDS.copyReply, arguments: [place] }),
		);
	}
	if (assumptions) lenses.push(new vscode.CodeLens(range, { title: assumptions === 1 ? t('1 assumption') : t('{0} assumptions', assumptions), command: COMMANDS.showAssumptions, arguments: [patch] }));
	return lenses;
}

function functionLenses(uri: vscode.Uri, review: InputReview, at: At): vscode.CodeLens[] {
	return review.functions.flatMap((changed) => {
		if (changed.inputLine === null) return [];
		const range = at(changed.inputLine);
		const scenario = byRank(review.scenarios.filter(({ id }) => changed.scenarios.includes(id)))[0];
		const run = scenario ? openingRun(scenario) : null;
		const place: PlaceArgument = { uri, patch: review.from, functions: [changed.name], ...(run ? { run } : {}) };
		const lenses = [new vscode.CodeLens(range, {
			title: `${changed.name}(): ${scenario ? functionLens(scenario) : t('in no scenario')}`,
			tooltip: scenario?.reason,
			command: run ? COMMANDS.stepThrough : COMMANDS.simulateWith,
			arguments: [place],
		})];
		if (run) lenses.push(new vscode.CodeLens(range, { title: t('Simulate'), command: COMMANDS.simulate, arguments: [place] }));
		lenses.push(new vscode.CodeLens(range, { title: t('Simulate with…'), command: COMMANDS.simulateWith, arguments: [place] }));
		return lenses;
	});
}
