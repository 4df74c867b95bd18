import * as vscode from 'vscode';
import type { PatchOutline } from '../analyzer/engine';
import type { InputReview } from '../analyzer/review';
import { COMMANDS, type PlaceArgument } from './command-ids';
import type { DocumentReview, Reviews } from './reviews';
import { settings } from './settings';
import { placeOfSuggestion, suggestedIn, suggestionLine, takesEdits } from './suggestions';
import { byRank, openingRun, principal } from './view/principal';
import { assumptionCount, countWords, functionLens, outcomeWords, sidesWords } from './words';

const { t } = vscode.l10n;

/** How long the editor is kept waiting for lenses while the document is being parsed: an answer that comes too early is asked for again a good deal later. */
const PARSING_MS = 2_000;
/** Verdicts that come in quick succession are drawn together: each drawing that is asked for puts off the one before it. */
const TOGETHER_MS = 150;
/** The editor may keep a lens that was replaced while it was being drawn: it is asked to look once more. */
const SETTLED_MS = 400;

/** A lens over each changed function, and one at the top of each patch: from the parse alone at first, with the verdicts as they come. */
export class Lenses implements vscode.CodeLensProvider, vscode.Disposable {
	private readonly changed = new vscode.EventEmitter<void>();
	readonly onDidChangeCodeLenses = this.changed.event;
	private readonly subscriptions: vscode.Disposable[];
	/** By document: the words last given, to tell news from noise. */
	private readonly given = new Map<string, string>();
	private timer: ReturnType<typeof setTimeout> | undefined;
	private settled: ReturnType<typeof setTimeout> | undefined;

	constructor(private readonly reviews: Reviews) {
		this.subscriptions = [
			reviews.onDidChange((uri) => this.tell(uri)),
			vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('kernelRaceReview.codeLens')) this.changed.fire(); }),
			vscode.languages.registerCodeLensProvider({ scheme: '*' }, this),
		];
	}

	async provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
		if (!settings().codeLens) return [];
		await this.parsed(document.uri, token);
		const lenses = lensesOf(this.reviews.get(document.uri), document);
		this.given.set(document.uri.toString(), wordsOf(lenses));
		return lenses;
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
		clearTimeout(this.timer);
		clearTimeout(this.settled);
		this.changed.dispose();
	}

	/** Resolves once there is something to show of a document that is being reviewed. */
	private parsed(uri: vscode.Uri, token: vscode.CancellationToken): Promise<void> {
		const empty = (): boolean => {
			const known = this.reviews.get(uri);
			return known?.state === 'reviewing' && !known.inputs.length && !known.outlines?.length;
		};
		if (!empty()) return Promise.resolve();
		return new Promise((resolve) => {
			const done = (): void => {
				clearTimeout(timer);
				for (const subscription of subscriptions) subscription.dispose();
				resolve();
			};
			const timer = setTimeout(done, PARSING_MS);
			const subscriptions = [this.reviews.onDidChange(() => { if (!empty()) done(); }), token.onCancellationRequested(done)];
		});
	}

	private tell(uri: vscode.Uri): void {
		const key = uri.toString();
		const known = this.reviews.get(uri);
		if (!known) this.given.delete(key);
		const before = this.given.get(key);
		// The editor has not asked yet and is about to: telling it now would make it wait anew.
		if (before === undefined) return;
		const shown = vscode.workspace.textDocuments.find((document) => document.uri.toString() === key);
		if (!shown || wordsOf(lensesOf(known, shown)) === before) return;
		this.timer ??= setTimeout(() => {
			this.timer = undefined;
			this.changed.fire();
			clearTimeout(this.settled);
			this.settled = setTimeout(() => this.changed.fire(), SETTLED_MS);
		}, TOGETHER_MS);
	}
}

const wordsOf = (lenses: readonly vscode.CodeLens[]): string => JSON.stringify(lenses.map(({ range, command }) => [range.start.line, command?.title, command?.command, command?.arguments]));

function lensesOf(known: DocumentReview | undefined, document: vscode.TextDocument): vscode.CodeLens[] {
	if (!known) return [];
	const at = (line: number): vscode.Range => {
		const zero = Math.min(Math.max(line, 1), document.lineCount) - 1;
		return new vscode.Range(zero, 0, zero, 0);
	};
	const done = new Set(known.inputs.map(({ from }) => from));
	return [
		...stateLens(known, at),
		...known.inputs.flatMap((review) => [...patchLenses(known.uri, review, at), ...functionLenses(known.uri, review, at), ...suggestionLenses(known.uri, review, at, takesEdits(document))]),
		...(known.state === 'reviewing' ? (known.outlines ?? []).filter(({ from }) => !done.has(from)).flatMap((outline) => outlineLenses(known.uri, outline, at)) : []),
	];
}

type At = (line: number) => vscode.Range;

function stateLens(known: DocumentReview, at: At): vscode.CodeLens[] {
	switch (known.state) {
		case 'reviewing':
			return known.inputs.length || known.outlines?.length ? [] : [new vscode.CodeLens(at(1), { title: t('$(sync~spin) Race review: looking for interleavings… (cancel)'), command: COMMANDS.cancel, arguments: [known.uri] })];
		case 'failed':
			return [new vscode.CodeLens(at(1), { title: t('$(error) Race review: the review could not be made'), tooltip: known.problem, command: COMMANDS.showLog })];
		case 'cancelled':
			return [new vscode.CodeLens(at(1), { title: t('$(debug-stop) Race review: cancelled; review again'), command: COMMANDS.review, arguments: [known.uri] })];
		case 'done':
			return known.inputs.length ? [] : [new vscode.CodeLens(at(1), { title: known.problem ?? t('Race review: this is no patch'), command: '' })];
	}
}

/** A patch in work: what changed, and what is known of it so far. A click cancels. */
function outlineLenses(uri: vscode.Uri, { from, functions }: PatchOutline, at: At): vscode.CodeLens[] {
	const lens = (line: number, title: string): vscode.CodeLens => new vscode.CodeLens(at(line), { title, tooltip: t('Click to cancel'), command: COMMANDS.cancel, arguments: [uri] });
	return [
		lens(from, t('$(sync~spin) Race review: looking for interleavings… (cancel)')),
		...functions.flatMap(({ name, inputLine, pre, post }) => (inputLine === null ? [] : [lens(inputLine, `${name}(): ${pre || post ? `${sidesWords(pre, post)} …` : '…'}`)])),
	];
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
	const counts = worst ? t('before: {0}, after: {1}', countWords(worst.pre, worst), countWords(worst.post, worst)) : t('no scenario found');
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

/** Over the first line of each edit that would end a failure. A mail is not edited. */
function suggestionLenses(uri: vscode.Uri, review: InputReview, at: At, insertable: boolean): vscode.CodeLens[] {
	return suggestedIn(review).flatMap((scenario) => {
		const range = at(suggestionLine(scenario, review.from));
		const place = placeOfSuggestion(uri, review, scenario);
		const tooltip = scenario.suggested?.found;
		return [
			new vscode.CodeLens(range, { title: t('$(lightbulb) Would end it: {0}', scenario.suggestion ?? ''), tooltip, command: COMMANDS.showSuggestion, arguments: [place] }),
			...(insertable ? [new vscode.CodeLens(range, { title: t('Insert'), tooltip, command: COMMANDS.insertSuggestion, arguments: [place] })] : []),
		];
	});
}
