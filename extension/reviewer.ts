import * as vscode from 'vscode';
import type { PatchOutline } from '../analyzer/engine';
import type { InputReview } from '../analyzer/review';
import { type AnalysisClient, Cancelled } from './analysis/client';
import type { Host } from './host';
import { isReviewedByItself } from './recognise';
import { Seeker } from './seeker';
import type { Reviews } from './reviews';
import type { Suppressions } from './suppressions';
import { settings } from './settings';
import { treeFor } from './tree-source';
import { byRank } from './view/principal';
import { type NoDiff, type SourceDiff, sourceDiff, watchHeads } from './working-tree';

const { t } = vscode.l10n;

/** Typing pauses this long before a document is reviewed again. */
const SETTLE_MS = 400;
/** A document longer than this is reviewed only when asked for. */
const BY_ITSELF_CHARACTERS = 8_000_000;

export interface ReviewOptions {
	/** Text of a scenario: *Simulate with…*. Its result joins what is known of the document. */
	readonly scenario?: string;
}

/** Starts, restarts and cancels the reviews of documents, and puts the results in the store. */
export class Reviewer implements vscode.Disposable {
	private readonly subscriptions: vscode.Disposable[] = [];
	private readonly running = new Map<string, AbortController>();
	private readonly seeker: Seeker;
	private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
	/** Documents the user asked to be reviewed: kept up to date though nothing says that they are patches. */
	private readonly asked = new Set<string>();
	/** By document: the other sides that were told of it. */
	private readonly originals = new Map<string, readonly vscode.Uri[]>();
	/** From the first C file on: a commit changes what it is compared with. */
	private heads: vscode.Disposable | undefined;

	constructor(private readonly host: Host, private readonly client: AnalysisClient, private readonly reviews: Reviews, private readonly suppressions: Suppressions) {
		this.seeker = new Seeker(client, reviews);
		this.subscriptions.push(
			vscode.workspace.onDidOpenTextDocument((document) => this.opened(document)),
			vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length) this.edited(document); }),
			vscode.workspace.onDidCloseTextDocument((document) => this.closed(document.uri)),
			vscode.workspace.onDidChangeConfiguration((event) => { if (event.affectsConfiguration('kernelRaceReview')) this.again(); }),
			vscode.workspace.onDidGrantWorkspaceTrust(() => this.again()),
			suppressions.onDidChange(() => this.again()),
			...this.watchKnowledge(),
		);
		// Not within activation: others wait for that.
		const first = setTimeout(() => { for (const document of vscode.workspace.textDocuments) this.opened(document); }, 0);
		this.subscriptions.push({ dispose: () => clearTimeout(first) });
	}

	/** Reviews the document now. Resolves when it is done, cancelled or has failed; the store tells which. */
	async review(document: vscode.TextDocument, options: ReviewOptions = {}): Promise<void> {
		const { uri, version } = document;
		const key = uri.toString();
		this.asked.add(key);
		this.cancel(uri);
		const abort = new AbortController();
		this.running.set(key, abort);
		const before = this.reviews.get(uri);
		const shown = before?.shown ?? new Map();
		// What was known stays on the screen until the new answer is there.
		this.reviews.set({ uri, version, state: 'reviewing', inputs: before?.inputs ?? [], shown });
		const fresh: InputReview[] = [];
		const outlines = new Map<number, PatchOutline>();
		try {
			if (document.languageId === 'c') this.heads ??= watchHeads((root) => this.againUnder(root));
			const compared = document.languageId === 'c' || document.languageId === 'cpp' ? await sourceDiff(document) : null;
			if (document.languageId === 'c' && typeof compared === 'string') {
				if (this.running.get(key) === abort) this.reviews.set({ uri, version, state: 'done', inputs: [], shown, problem: noDiffWords(compared) });
				return;
			}
			const source = typeof compared === 'string' ? null : compared;
			const text = source?.text ?? document.getText();
			const tree = source?.tree ?? await treeFor(this.host, uri, text);
			const known = options.scenario === undefined ? [] : (before?.inputs ?? []);
			const finish = (raw: InputReview): InputReview => {
				const review = source ? onDocument(raw, source) : raw;
				const old = known.find(({ from }) => from === review.from);
				return this.suppressions.apply(old ? joined(old, review) : review);
			};
			const inputs = await this.client.run(
				{ kind: 'review', name: source?.name ?? vscode.workspace.asRelativePath(uri), document: text, tree, scenario: options.scenario },
				{
					signal: abort.signal,
					progress: (progress) => { if (this.running.get(key) === abort) this.reviews.update(uri, { progress }); },
					outlined: (outline) => {
						if (this.running.get(key) !== abort) return;
						outlines.set(outline.from, source ? outlineOnDocument(outline, source) : outline);
						this.reviews.update(uri, { outlines: [...outlines.values()] });
					},
					reviewed: (review) => {
						if (this.running.get(key) !== abort) return;
						fresh.push(finish(review));
						if (!known.length) this.reviews.set({ uri, version, state: 'reviewing', inputs: [...fresh], outlines: [...outlines.values()], shown });
					},
				},
			);
			if (this.running.get(key) !== abort) return;
			this.reviews.set({ uri, version, state: abort.signal.aborted ? 'cancelled' : 'done', inputs: inputs.map(finish), shown });
			if (source) this.tellOriginals(uri, source, inputs);
			if (!abort.signal.aborted && options.scenario === undefined) void this.seeker.seek(uri, inputs, finish);
		} catch (error) {
			if (this.running.get(key) !== abort) return;
			if (error instanceof Cancelled) this.reviews.set({ uri, version, state: 'cancelled', inputs: fresh.length ? fresh : (before?.inputs ?? []), shown });
			else this.reviews.set({ uri, version, state: 'failed', inputs: fresh, shown, problem: error instanceof Error ? error.message : String(error) });
		} finally {
			if (this.running.get(key) === abort) this.running.delete(key);
		}
	}

	/** Stops the document's review; what is done so far is kept. */
	cancel(uri: vscode.Uri): void {
		const key = uri.toString();
		clearTimeout(this.timers.get(key));
		this.timers.delete(key);
		this.running.get(key)?.abort();
		this.seeker.cancel(uri);
	}

	dispose(): void {
		for (const timer of this.timers.values()) clearTimeout(timer);
		for (const abort of this.running.values()) abort.abort();
		this.seeker.dispose();
		this.heads?.dispose();
		for (const subscription of this.subscriptions) subscription.dispose();
	}

	private opened(document: vscode.TextDocument): void {
		if (!this.isWanted(document) || this.reviews.get(document.uri)) return;
		void this.review(document);
	}

	private isWanted(document: vscode.TextDocument): boolean {
		if (this.asked.has(document.uri.toString())) return true;
		if (document.uri.scheme === 'git' || document.uri.scheme === 'output') return false;
		if (!settings().automatic) return false;
		if (document.languageId === 'c') return settings().workingTree && document.uri.scheme === 'file';
		return document.getText().length <= BY_ITSELF_CHARACTERS && isReviewedByItself(document);
	}

	private edited(document: vscode.TextDocument): void {
		if (!this.isWanted(document)) return;
		const key = document.uri.toString();
		clearTimeout(this.timers.get(key));
		this.timers.set(key, setTimeout(() => {
			this.timers.delete(key);
			if (!document.isClosed) void this.review(document);
		}, SETTLE_MS));
	}

	/** The other side of the diff editor: what failed there, on its own lines. */
	private tellOriginals(uri: vscode.Uri, source: SourceDiff, inputs: readonly InputReview[]): void {
		const before = inputs.map((review) => this.suppressions.apply(onDocument(review, { ...source, lineOf: (line) => source.originalLineOf(line) })));
		const shown = new Map(before.flatMap(({ from, scenarios }) => {
			const failing = byRank(scenarios).find(({ pre }) => pre?.failures.length);
			return failing ? [[from, { scenario: failing.id, side: 'pre', kind: 'failure', index: 0 }] as const] : [];
		}));
		for (const original of source.originals) this.reviews.set({ uri: original, version: 0, state: 'done', inputs: before, shown });
		this.originals.set(uri.toString(), source.originals);
	}

	private closed(uri: vscode.Uri): void {
		for (const original of this.originals.get(uri.toString()) ?? []) this.reviews.delete(original);
		this.originals.delete(uri.toString());
		this.cancel(uri);
		this.running.delete(uri.toString());
		this.asked.delete(uri.toString());
		this.reviews.delete(uri);
	}

	/** Rows and models of the user's own that change are read again. */
	private watchKnowledge(): readonly vscode.Disposable[] {
		const watcher = vscode.workspace.createFileSystemWatcher('**/.race-review/*.{yaml,yml,c}');
		const changed = (): void => {
			this.client.reset();
			this.again();
		};
		return [watcher, watcher.onDidChange(changed), watcher.onDidCreate(changed), watcher.onDidDelete(changed)];
	}

	private againUnder(root: vscode.Uri): void {
		for (const document of vscode.workspace.textDocuments) if (document.languageId === 'c' && document.uri.path.startsWith(`${root.path}/`) && this.isWanted(document)) this.edited(document);
	}

	private again(): void {
		for (const document of vscode.workspace.textDocuments) if (this.isWanted(document)) this.edited(document);
	}
}

function noDiffWords(why: NoDiff): string {
	switch (why) {
		case 'no-git': return t('Race review: a C file is compared with HEAD, and there is no git here; open a patch or a diff of it instead');
		case 'not-in-git': return t('Race review: git does not know this file, so there is nothing to compare it with');
		case 'as-in-head': return t('Race review: as in HEAD: nothing to review');
	}
}

/** What was known of a patch, with the scenarios that the user asked for in front. */
function joined(old: InputReview, asked: InputReview): InputReview {
	const ids = new Set(asked.scenarios.map(({ id }) => id));
	const scenarios = [...asked.scenarios, ...old.scenarios.filter(({ id }) => !ids.has(id))];
	const functions = old.functions.map((changed) => {
		const more = asked.scenarios.filter(({ id, threads }) => !changed.scenarios.includes(id) && threads.some(({ entry }) => entry === changed.name)).map(({ id }) => id);
		return more.length ? { ...changed, scenarios: [...changed.scenarios, ...more] } : changed;
	});
	return { ...old, scenarios, functions, problems: [...new Set([...old.problems, ...asked.problems])] };
}

const outlineOnDocument = (outline: PatchOutline, source: SourceDiff): PatchOutline => ({
	...outline, from: 1, to: source.lines,
	functions: outline.functions.map((changed) => ({ ...changed, inputLine: changed.inputLine === null ? null : source.lineOf(changed.inputLine) })),
});

/** A review of a generated diff, told in the lines of the source it was made from. */
function onDocument(review: InputReview, source: SourceDiff): InputReview {
	const line = (at: number | null): number | null => (at === null ? null : source.lineOf(at));
	const map = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(map);
		if (typeof value !== 'object' || value === null) return value;
		return Object.fromEntries(Object.entries(value).flatMap(([key, entry]) => {
			// Columns are the diff's, not the file's.
			if (key === 'inputFrom' || key === 'inputTo') return [];
			if (key === 'inputLine') return [[key, line(typeof entry === 'number' ? entry : null)]];
			return [[key, map(entry)]];
		}));
	};
	return { ...(map(review) as InputReview), from: 1, to: source.lines };
}

