import * as v from 'valibot';
import * as vscode from 'vscode';
import type { InputReview, ScenarioReview } from '../../analyzer/review';
import { nameOf } from '../words';
import { type FromView, FromViewSchema, type ToView } from '../../webview/protocol';
import { COMMANDS, type PlaceArgument } from '../command-ids';
import type { Decorations } from '../decorations';
import type { Reviews } from '../reviews';
import { settings } from '../settings';
import { comesToLine, openingRun, type RunRef, runKey, stepsOf } from '../view/principal';
import type { FreeChooser } from './chooser';
import { stepperModel, stepperStrings } from './model';
import { OwnMoves } from './own-moves';
import { stepperPage } from './page';

const { t } = vscode.l10n;

const STEPPER_VIEW = 'kernelRaceReview.stepper';

const KeySchema = v.object({ uri: v.string(), patch: v.number(), scenario: v.string() });
type Place = v.InferOutput<typeof KeySchema>;

/** Without it there is nothing to open the stepper beside, and the document that its cursor leads to would cover it. */
async function showDocument(uri: vscode.Uri, line: number): Promise<void> {
	if (vscode.window.visibleTextEditors.some(({ document }) => document.uri.toString() === uri.toString())) return;
	const start = new vscode.Position(line - 1, 0);
	await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, preview: false, selection: new vscode.Range(start, start) });
}

/** The stepper's panel: one, beside the document; it shows the scenario asked for last, and shares its cursor with the editor. */
export class StepperPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
	private panel: vscode.WebviewPanel | null = null;
	private place: Place | null = null;
	private wanted: { readonly run: string; readonly step: number | null } = { run: '', step: null };
	private ready = false;
	private chooseWhenReady: 'pre' | 'post' | null = null;
	/** The line last sent to or received from the stepper: moving the editor's cursor there is no news to it. */
	private line: number | null = null;
	private readonly own = new OwnMoves();
	private readonly subscriptions: vscode.Disposable[];

	constructor(
		private readonly extension: vscode.Uri,
		private readonly reviews: Reviews,
		private readonly decorations: Decorations,
		private readonly chooser: FreeChooser,
	) {
		this.subscriptions = [
			vscode.window.registerWebviewPanelSerializer(STEPPER_VIEW, this),
			reviews.onDidChange((uri) => { if (uri.toString() === this.place?.uri) this.refresh(); }),
			vscode.window.onDidChangeTextEditorSelection((event) => {
				if (event.textEditor.document.uri.toString() !== this.place?.uri || event.kind === undefined) return;
				const line = event.selections[0]?.active.line;
				if (line === undefined || this.own.isOwn(line + 1) || line + 1 === this.line) return;
				this.line = line + 1;
				this.send({ kind: 'cursor', line: line + 1 });
			}),
		];
	}

	/** Opens (or turns) the stepper to a scenario's run, at a step. */
	async show(uri: vscode.Uri, review: InputReview, scenario: ScenarioReview, run: RunRef | null, step = 0): Promise<void> {
		this.place = { uri: uri.toString(), patch: review.from, scenario: scenario.id };
		const opened = run ?? openingRun(scenario);
		this.wanted = { run: opened ? runKey(opened) : '', step };
		if (opened && opened.kind !== 'replay') this.reviews.show(uri, review, opened);
		if (!this.panel) {
			await showDocument(uri, review.from);
			this.adopt(vscode.window.createWebviewPanel(STEPPER_VIEW, t('Race stepper'), { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false }, { enableFindWidget: true, ...this.options() }));
		} else this.panel.reveal(undefined, false);
		this.panel!.title = t('Race: {0}', scenario.threads.map(nameOf).join(' | '));
		this.refresh();
	}

	/** Puts the stepper into *you choose* on the scenario it shows. */
	async choose(side: 'pre' | 'post'): Promise<void> {
		if (this.ready) await this.onMessage({ kind: 'choose', side, entry: null });
		else this.chooseWhenReady = side;
	}

	async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
		const key = v.safeParse(v.object({ key: v.string() }), state);
		let place: unknown;
		try {
			place = key.success ? JSON.parse(key.output.key) : null;
		} catch {
			place = null;
		}
		const parsed = v.safeParse(KeySchema, place);
		if (!parsed.success) {
			panel.dispose();
			return;
		}
		this.place = parsed.output;
		this.wanted = { run: '', step: null };
		panel.webview.options = this.options();
		this.adopt(panel);
		const uri = vscode.Uri.parse(parsed.output.uri);
		try {
			const document = await vscode.workspace.openTextDocument(uri);
			if (!this.reviews.get(uri)) await vscode.commands.executeCommand(COMMANDS.review, document.uri);
		} catch {
			this.send({ kind: 'stale', message: t('The document is no longer there.') });
		}
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
		this.panel?.dispose();
	}

	private options(): vscode.WebviewOptions {
		return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.extension, 'dist')] };
	}

	private adopt(panel: vscode.WebviewPanel): void {
		this.panel?.dispose();
		this.panel = panel;
		this.ready = false;
		panel.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'icon.svg');
		panel.webview.onDidReceiveMessage((raw: unknown) => {
			const message = v.safeParse(FromViewSchema, raw);
			if (message.success) void this.onMessage(message.output);
		});
		panel.onDidDispose(() => {
			if (this.panel !== panel) return;
			this.panel = null;
			this.ready = false;
			if (this.place) this.decorations.point(vscode.Uri.parse(this.place.uri), null);
		});
		panel.webview.html = stepperPage(panel.webview, this.extension);
	}

	private send(message: ToView): void {
		if (this.ready) void this.panel?.webview.postMessage(message);
	}

	private current(): { readonly uri: vscode.Uri; readonly review: InputReview; readonly scenario: ScenarioReview } | null {
		if (!this.place) return null;
		return this.reviews.find(vscode.Uri.parse(this.place.uri), this.place.patch, this.place.scenario) ?? null;
	}

	private refresh(): void {
		if (!this.ready) return;
		const found = this.current();
		if (!found) {
			if (this.reviews.get(vscode.Uri.parse(this.place?.uri ?? ''))?.state === 'done') this.send({ kind: 'stale', message: t('The document has changed; this scenario is no longer in its review.') });
			return;
		}
		const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === found.uri.toString());
		const source = (line: number): string => (document && line <= document.lineCount ? document.lineAt(line - 1).text : '');
		const model = stepperModel(found.uri, found.review, found.scenario, source, true, settings().playbackSpeed);
		this.send({ kind: 'show', model, run: this.wanted.run, step: this.wanted.step, strings: stepperStrings() });
		// A later refresh keeps the reader's place.
		this.wanted = { ...this.wanted, step: null };
	}

	private async onMessage(message: FromView): Promise<void> {
		switch (message.kind) {
			case 'ready':
				this.ready = true;
				this.refresh();
				if (this.chooseWhenReady) await this.onMessage({ kind: 'choose', side: this.chooseWhenReady, entry: null });
				this.chooseWhenReady = null;
				break;
			case 'at':
				await this.follow(message.run, message.step, message.line);
				break;
			case 'open':
				await this.reveal(message.line, false);
				break;
			case 'copyTable':
			case 'reply': {
				const found = this.current();
				if (!found) break;
				const run = message.kind === 'copyTable' ? this.refOf(found.scenario, message.run) : null;
				const place: PlaceArgument = { uri: found.uri, patch: found.review.from, ...(run ? { run } : {}) };
				await vscode.commands.executeCommand(message.kind === 'reply' ? COMMANDS.copyReply : COMMANDS.copyTable, place);
				break;
			}
			case 'choose':
			case 'undo': {
				if (!this.place) break;
				const answer = message.kind === 'undo' ? await this.chooser.undo(this.place) : await this.chooser.choose(this.place, message.side, message.entry);
				if (answer) this.send(answer);
				break;
			}
		}
	}

	private refOf(scenario: ScenarioReview, key: string): RunRef | null {
		const refs: RunRef[] = (['pre', 'post'] as const).flatMap((side) => [
			...(scenario[side]?.failures ?? []).map((_, index): RunRef => ({ scenario: scenario.id, side, kind: 'failure', index })),
			{ scenario: scenario.id, side, kind: 'passing', index: 0 },
			{ scenario: scenario.id, side, kind: 'replay', index: 0 },
		]);
		return refs.find((ref) => runKey(ref) === key) ?? null;
	}

	/** The stepper moved: the editor's cursor goes along, without taking the focus. */
	private async follow(run: string, step: number, line: number | null): Promise<void> {
		const found = this.current();
		if (!found) return;
		const ref = this.refOf(found.scenario, run);
		const shown = this.reviews.get(found.uri)?.shown.get(found.review.from);
		if (ref && ref.kind !== 'replay' && (!shown || runKey(shown) !== run)) this.reviews.show(found.uri, found.review, ref);
		this.decorations.point(found.uri, line);
		if (line !== null) await this.reveal(line, true);
		else {
			this.line = null;
			// In a model before the first step of the patch's own: that one comes into sight, the cursor stays.
			const next = ref && comesToLine(stepsOf(found.scenario, ref) ?? [], step);
			if (next) this.editor()?.revealRange(new vscode.Range(next - 1, 0, next - 1, 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
		}
	}

	/** Where the reviewed document is in sight. */
	private editor(): vscode.TextEditor | undefined {
		return vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === this.place?.uri);
	}

	private async reveal(line: number, preserveFocus: boolean): Promise<void> {
		const uri = this.place && vscode.Uri.parse(this.place.uri);
		if (!uri) return;
		this.line = line;
		this.own.ask(line);
		const visible = this.editor();
		const position = new vscode.Position(line - 1, 0);
		if (visible && preserveFocus) {
			visible.selection = new vscode.Selection(position, position);
			visible.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
			return;
		}
		const editor = await vscode.window.showTextDocument(uri, { viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One, preserveFocus, selection: new vscode.Range(position, position) });
		this.decorations.point(editor.document.uri, line);
	}
}
