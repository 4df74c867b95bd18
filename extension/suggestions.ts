import * as vscode from 'vscode';
import { suggestedLines } from '../analyzer/present';
import type { InputReview, ScenarioReview } from '../analyzer/review';
import { COMMANDS, type PlaceArgument } from './command-ids';
import type { Reviews } from './reviews';
import { failureLine, openingRun } from './view/principal';

const { t } = vscode.l10n;

/** Read-only documents that tell a suggestion. */
const SCHEME = 'race-review-suggestion';
/** Suggestions whose documents may still be open. */
const TOLD_BOUND = 50;

/** A C file of the working tree takes a suggestion; a mail is what somebody else has written. */
export const takesEdits = (document: vscode.TextDocument): boolean => document.uri.scheme !== 'git' && (document.languageId === 'c' || document.languageId === 'cpp');

/** Scenarios of a patch with a suggestion, each suggestion once. */
export function suggestedIn({ scenarios }: InputReview): readonly ScenarioReview[] {
	const seen = new Set<string>();
	return scenarios.filter(({ suggestion, suggested, suppressed }) => {
		if (suggestion === undefined || !suggested || suppressed !== undefined || seen.has(suggestion)) return false;
		seen.add(suggestion);
		return true;
	});
}

/** The line of the document over which a suggestion stands: the first of its lines that is there, else that of the failure. */
export function suggestionLine({ suggested, post }: ScenarioReview, otherwise: number): number {
	const [failure] = post?.failures ?? [];
	return suggested?.edits.find(({ inputLine }) => inputLine !== null)?.inputLine ?? (failure ? failureLine(failure, otherwise) : otherwise);
}

/** The suggestion as an edit of the file under review; null where its lines are not what it was made for. */
export function editOf(document: vscode.TextDocument, { suggested }: ScenarioReview): vscode.WorkspaceEdit | null {
	if (!suggested || !takesEdits(document)) return null;
	const edit = new vscode.WorkspaceEdit();
	const end = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
	for (const { line, before, after } of suggested.edits) {
		if (line === null || line - 1 + before.length > document.lineCount || before.some((text, index) => document.lineAt(line - 1 + index).text.trimEnd() !== text.trimEnd())) return null;
		edit.replace(document.uri, new vscode.Range(line - 1, 0, line - 1 + before.length, 0), after.map((text) => `${text}${end}`).join(''));
	}
	return edit;
}

/** Shows what would end a failure: as a quick fix on its lines, and as a document of its own. */
export class Suggestions implements vscode.CodeActionProvider, vscode.TextDocumentContentProvider, vscode.Disposable {
	private readonly told = new Map<string, string>();
	private readonly subscriptions: readonly vscode.Disposable[];
	private count = 0;

	constructor(private readonly reviews: Reviews) {
		this.subscriptions = [
			vscode.languages.registerCodeActionsProvider({ scheme: '*' }, this, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
			vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
		];
	}

	dispose(): void {
		for (const subscription of this.subscriptions) subscription.dispose();
	}

	provideTextDocumentContent(uri: vscode.Uri): string {
		return this.told.get(uri.toString()) ?? '';
	}

	provideCodeActions(document: vscode.TextDocument, range: vscode.Range, { diagnostics }: vscode.CodeActionContext): vscode.CodeAction[] {
		const known = this.reviews.get(document.uri);
		if (!known || known.version !== document.version) return [];
		const lines = (from: number, to: number): boolean => from - 1 <= range.end.line && to - 1 >= range.start.line;
		return known.inputs.flatMap((review) => suggestedIn(review).flatMap((scenario): vscode.CodeAction[] => {
			const failing = (scenario.post?.failures ?? []).map((failure) => failureLine(failure, review.from));
			const edited = (scenario.suggested?.edits ?? []).flatMap(({ inputLine, before }) => (inputLine === null ? [] : [[inputLine, inputLine + Math.max(0, before.length - 1)] as const]));
			if (![...failing.map((line) => [line, line] as const), ...edited].some(([from, to]) => lines(from, to))) return [];
			const title = scenario.suggestion ?? '';
			const edit = editOf(document, scenario);
			const show = new vscode.CodeAction(t('Show what would end it: {0}', title), vscode.CodeActionKind.QuickFix);
			show.command = { title: show.title, command: COMMANDS.showSuggestion, arguments: [placeOfSuggestion(document.uri, review, scenario)] };
			if (!edit) return [show];
			const insert = new vscode.CodeAction(t('Insert what would end it: {0}', title), vscode.CodeActionKind.QuickFix);
			insert.edit = edit;
			insert.diagnostics = diagnostics.filter(({ source }) => source === 'race-review');
			return [insert, show];
		}));
	}

	/** Beside the document: the words, the lines, and how it was found. */
	async show({ suggestion, suggested, ...scenario }: ScenarioReview): Promise<void> {
		const lines = suggestedLines({ ...scenario, ...(suggested ? { suggested } : {}) });
		const failure = scenario.post?.failures[0]?.message ?? '';
		const text = [failure, t('would end it: {0}', suggestion ?? ''), '', ...lines, '', suggested?.found ?? ''].join('\n');
		const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${++this.count}/${t('What would end it')}.diff` });
		this.told.set(uri.toString(), `${text}\n`);
		for (const oldest of this.told.keys()) {
			if (this.told.size <= TOLD_BOUND) break;
			this.told.delete(oldest);
		}
		await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
	}
}

export function placeOfSuggestion(uri: vscode.Uri, review: InputReview, scenario: ScenarioReview): PlaceArgument {
	const run = openingRun(scenario);
	return { uri, patch: review.from, ...(run ? { run } : {}) };
}
