import * as vscode from 'vscode';
import type { InputReview, ScenarioReview } from '../../analyzer/review';
import { type Fate, fatesOf, seriesOf } from '../../analyzer/series';
import { type AnalysisClient, Cancelled } from '../analysis/client';
import { COMMANDS } from '../command-ids';
import type { Host } from '../host';
import type { Suppressions } from '../suppressions';
import { treeFor } from '../tree-source';
import { byRank, contextSwitches } from '../view/principal';
import { countWords, nameOf, outcomeWords } from '../words';
import { RangeDocuments } from './range-documents';
import { askForSeries, type SeriesDocument, type SeriesSource } from './sources';

const { t } = vscode.l10n;

interface PatchOf {
	readonly series: SeriesSource;
	readonly document: number;
}

/** A run in work. */
interface Going {
	readonly run: vscode.TestRun;
	readonly client: AnalysisClient;
	readonly signal: AbortSignal;
}

/** Patch series in the Testing view: series, patch, scenario. What is done stays when a run is cancelled; one patch can be run again. */
export class SeriesTests implements vscode.Disposable {
	private readonly controller = vscode.tests.createTestController('kernelRaceReview.series', t('Patch series'));
	private readonly ranges = new RangeDocuments();
	private readonly series = new Map<string, SeriesSource>();
	private readonly patches = new WeakMap<vscode.TestItem, PatchOf>();
	/** A patch's item, by its review. */
	private readonly items = new WeakMap<InputReview, vscode.TestItem>();
	private readonly subscriptions: vscode.Disposable[];

	/** `connect`: an analysis of its own for each run, which waits for no document's review. */
	constructor(private readonly host: Host, private readonly connect: () => AnalysisClient, private readonly suppressions: Suppressions) {
		this.controller.createRunProfile(t('Review'), vscode.TestRunProfileKind.Run, (request, token) => this.run(request, token), true);
		this.controller.resolveHandler = (item) => { if (item) this.resolve(item); };
		this.subscriptions = [this.controller, this.ranges, vscode.commands.registerCommand(COMMANDS.checkSeries, () => this.check())];
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
	}

	private async check(): Promise<void> {
		let source: SeriesSource | undefined;
		try {
			source = await askForSeries(this.host, this.ranges);
		} catch (error) {
			void vscode.window.showErrorMessage(t('The series could not be read: {0}', error instanceof Error ? error.message : String(error)));
			return;
		}
		if (!source) return;
		if (!source.documents.length) {
			void vscode.window.showInformationMessage(t('{0} holds no patch.', source.label));
			return;
		}
		this.series.set(source.id, source);
		const item = this.controller.createTestItem(source.id, source.label, source.documents[0]?.uri);
		// One document is its series: its patches stand right under it.
		if (source.documents.length === 1) this.patches.set(item, { series: source, document: 0 });
		else item.canResolveChildren = true;
		this.controller.items.add(item);
		this.resolve(item);
		// A busy window comes to it later; the run does not wait.
		void vscode.commands.executeCommand('workbench.view.testing.focus');
		const cancellation = new vscode.CancellationTokenSource();
		await this.run(new vscode.TestRunRequest([item]), cancellation.token);
	}

	/** Children of a series before it was run: its documents, for what has to be read is known only then. */
	private resolve(item: vscode.TestItem): void {
		const source = this.series.get(item.id);
		if (!source || source.documents.length === 1 || item.children.size) return;
		for (const [index, document] of source.documents.entries()) item.children.add(this.documentItem(source, document, index));
	}

	private documentItem(source: SeriesSource, document: SeriesDocument, index: number): vscode.TestItem {
		const item = this.controller.createTestItem(`${source.id}#${index}`, document.name, document.uri);
		this.patches.set(item, { series: source, document: index });
		return item;
	}

	private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
		const run = this.controller.createTestRun(request);
		const client = this.connect();
		const abort = new AbortController();
		token.onCancellationRequested(() => abort.abort());
		run.token.onCancellationRequested(() => abort.abort());
		try {
			for (const item of request.include ?? [...this.controller.items].map(([, child]) => child)) {
				if (abort.signal.aborted) break;
				await this.runItem({ run, client, signal: abort.signal }, item);
			}
		} finally {
			client.dispose();
			run.end();
		}
	}

	private async runItem(going: Going, item: vscode.TestItem): Promise<void> {
		const { run, signal } = going;
		const source = this.series.get(item.id);
		if (source && source.documents.length > 1) {
			const documents = [...item.children].map(([, child]) => child);
			for (const child of documents) run.enqueued(child);
			const all: InputReview[] = [];
			for (const [index, child] of documents.entries()) {
				if (signal.aborted) break;
				all.push(...await this.runDocument(going, child, { series: source, document: this.patches.get(child)?.document ?? index }));
			}
			this.conclude(going, item, all);
			return;
		}
		const patch = this.patches.get(item) ?? (ancestor(item, (each) => this.patches.get(each)));
		if (patch) {
			const reviews = await this.runDocument(going, this.patches.has(item) ? item : ancestor(item, (each) => (this.patches.has(each) ? each : undefined)) ?? item, patch);
			if (source) this.conclude(going, item, reviews);
		}
	}

	private async runDocument({ run, client, signal }: Going, item: vscode.TestItem, patch: PatchOf): Promise<readonly InputReview[]> {
		const document = patch.series.documents[patch.document];
		if (!document) return [];
		run.started(item);
		const began = Date.now();
		const before = patch.series.documents.slice(0, patch.document).map(({ text }) => text);
		let count = 0;
		const add = (raw: InputReview): InputReview => {
			const review = this.suppressions.apply(raw);
			this.report(run, item, document, review, count++);
			return review;
		};
		item.children.replace([]);
		try {
			const tree = await treeFor(this.host, document.uri, document.text);
			const told: InputReview[] = [];
			const reviews = await client.run({ kind: 'review', name: document.name, document: document.text, tree, after: before }, { signal, reviewed: (review) => told.push(add(review)) });
			for (const review of reviews.slice(told.length)) told.push(add(review));
			if (signal.aborted) run.skipped(item);
			else if (told.some(({ outcome }) => outcome === 'introduces' || outcome === 'still-fails')) run.failed(item, new vscode.TestMessage(told.map(({ outcome }) => outcomeWords(outcome)).join(', ')), Date.now() - began);
			else if (told.every(({ outcome }) => outcome === 'inconclusive' || outcome === 'no-diff')) run.skipped(item);
			else run.passed(item, Date.now() - began);
			return told;
		} catch (error) {
			if (error instanceof Cancelled) run.skipped(item);
			else run.errored(item, new vscode.TestMessage(error instanceof Error ? error.message : String(error)));
			return [];
		}
	}

	/** What only the whole series shows: which failures a later patch ends, and what is left at its end. Of one that was stopped: how far it came. */
	private conclude({ run, signal }: Going, series: vscode.TestItem, reviews: readonly InputReview[]): void {
		run.appendOutput(matrix(reviews));
		if (signal.aborted) {
			series.description = reviews.length === 1 ? t('stopped after 1 patch') : t('stopped after {0} patches', reviews.length);
			return;
		}
		const fates = fatesOf(reviews);
		for (const fate of fates) {
			const patch = this.items.get(fate.input);
			const scenario = patch?.children.get(`${patch.id}/${fate.scenario}`);
			for (const item of [patch, scenario]) if (item) item.description = [item.description, fateWords(fate)].filter(Boolean).join('; ');
		}
		const left = fates.filter(({ what }) => what === 'left').length;
		series.description = reviews.length < 2 ? undefined : left === 1 ? t('1 failure left at its end') : left ? t('{0} failures left at its end', left) : fates.length ? t('no failure left at its end') : undefined;
	}

	private report(run: vscode.TestRun, parent: vscode.TestItem, document: SeriesDocument, review: InputReview, index: number): void {
		const item = this.controller.createTestItem(`${parent.id}/${index}`, review.subject || review.input, document.uri);
		item.description = outcomeWords(review.outcome);
		item.range = new vscode.Range(Math.max(0, review.from - 1), 0, Math.max(0, review.from - 1), 0);
		parent.children.add(item);
		this.items.set(review, item);
		for (const scenario of byRank(review.scenarios)) {
			const child = this.controller.createTestItem(`${item.id}/${scenario.id}`, scenario.threads.map(nameOf).join(' | '), document.uri);
			child.description = scenario.suppressed ?? t('before: {0}, after: {1}', countWords(scenario.pre, scenario), countWords(scenario.post, scenario));
			const line = scenario.threads.find(({ inputLine }) => inputLine !== null)?.inputLine ?? review.from;
			child.range = new vscode.Range(Math.max(0, line - 1), 0, Math.max(0, line - 1), 0);
			item.children.add(child);
			if (scenario.suppressed !== undefined || scenario.outcome === 'inconclusive') run.skipped(child);
			else if (scenario.outcome === 'introduces' || scenario.outcome === 'still-fails') run.failed(child, failureMessage(document, scenario));
			else run.passed(child);
		}
		if (review.outcome === 'introduces' || review.outcome === 'still-fails') run.failed(item, new vscode.TestMessage(outcomeWords(review.outcome)));
		else if (review.outcome === 'inconclusive' || review.outcome === 'no-diff') run.skipped(item);
		else run.passed(item);
	}
}

function fateWords({ what, by }: Fate): string {
	switch (what) {
		case 'fixed': return t('fixed by {0}', by);
		case 'brought': return t('brought by {0}', by);
		case 'left': return t('there at the end of the series');
	}
}

/** What the nearest ancestor has. */
function ancestor<T>(item: vscode.TestItem, of: (item: vscode.TestItem) => T | undefined): T | undefined {
	for (let at = item.parent; at; at = at.parent) {
		const found = of(at);
		if (found) return found;
	}
	return undefined;
}

function failureMessage(document: SeriesDocument, scenario: ScenarioReview): vscode.TestMessage {
	const failure = scenario.post?.failures[0];
	const message = new vscode.TestMessage(failure ? `${failure.check}: ${failure.message}` : outcomeWords(scenario.outcome));
	const last = failure?.steps.findLast(({ inputLine }) => inputLine !== null);
	const { uri } = document;
	if (last?.inputLine != null) message.location = new vscode.Location(uri, new vscode.Position(last.inputLine - 1, 0));
	if (failure) {
		message.stackTrace = [...contextSwitches(failure.steps)].reverse().flatMap((at) => {
			const step = failure.steps[at];
			return step?.inputLine ? [new vscode.TestMessageStackFrame(`${scenario.threads[step.thread]?.name ?? ''}: ${step.operation}`, uri, new vscode.Position(step.inputLine - 1, 0))] : [];
		});
	}
	return message;
}

/** The series' report: a row per patch, its scenarios behind it. */
function matrix(reviews: readonly InputReview[]): string {
	const lines = reviews.flatMap((review) => [
		`${review.outcome.padEnd(13)} ${review.subject || review.input}`,
		...byRank(review.scenarios).map((scenario) => `    ${scenario.outcome.padEnd(13)} ${scenario.threads.map(nameOf).join(' | ')}  ${t('before: {0}, after: {1}', countWords(scenario.pre, scenario), countWords(scenario.post, scenario))}`),
	]);
	return `${[...lines, '', ...seriesOf(reviews)].join('\r\n')}\r\n`;
}
