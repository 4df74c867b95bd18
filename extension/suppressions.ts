import * as vscode from 'vscode';
import type { InputReview } from '../analyzer/review';
import { applySuppressions, parseSuppressions, SUPPRESSION_FILE, type Suppression, suppressionLine } from '../analyzer/suppressions';

const HEADING = '# What was looked at and is no bug: check, functions, reason. Read by race-review and the editor alike.\n';
const decoder = new TextDecoder();

/** The workspace's suppression files, kept up to date, and added to by *Mark as not a bug…*. */
export class Suppressions implements vscode.Disposable {
	private known: readonly Suppression[] = [];
	private readonly changed = new vscode.EventEmitter<void>();
	readonly onDidChange = this.changed.event;
	private readonly watcher = vscode.workspace.createFileSystemWatcher(`**/${SUPPRESSION_FILE}`);
	/** A folder that goes takes its files with it, without a word of them. */
	private readonly folders = vscode.workspace.createFileSystemWatcher(`**/${SUPPRESSION_FILE.slice(0, SUPPRESSION_FILE.lastIndexOf('/'))}`, true, true);
	private readonly diagnostics = vscode.languages.createDiagnosticCollection('kernel-race-review-suppressions');

	constructor() {
		const again = (): void => { void this.load().then(() => this.changed.fire()); };
		this.watcher.onDidChange(again);
		this.watcher.onDidCreate(again);
		this.watcher.onDidDelete(again);
		this.folders.onDidDelete(again);
	}

	/** Reads the files. A line that cannot be read is told in Problems. */
	async load(): Promise<void> {
		const known: Suppression[] = [];
		this.diagnostics.clear();
		for (const folder of vscode.workspace.workspaceFolders ?? []) {
			const uri = vscode.Uri.joinPath(folder.uri, SUPPRESSION_FILE);
			let text: string;
			try {
				text = decoder.decode(await vscode.workspace.fs.readFile(uri));
			} catch {
				// None: the usual case.
				continue;
			}
			const { suppressions, problems } = parseSuppressions(text);
			known.push(...suppressions);
			this.diagnostics.set(uri, problems.map(({ line, message }) => new vscode.Diagnostic(new vscode.Range(line - 1, 0, line - 1, 1_000), message, vscode.DiagnosticSeverity.Warning)));
		}
		this.known = known;
	}

	apply(review: InputReview): InputReview {
		return applySuppressions(review, this.known);
	}

	/** Adds lines to the first workspace folder's file (made when missing) and shows it. False when no folder is open. */
	async add(checks: readonly string[], functions: readonly string[], reason: string): Promise<boolean> {
		const folder = vscode.workspace.workspaceFolders?.[0];
		if (!folder) return false;
		const uri = vscode.Uri.joinPath(folder.uri, SUPPRESSION_FILE);
		let text: string;
		try {
			text = decoder.decode(await vscode.workspace.fs.readFile(uri));
		} catch {
			text = HEADING;
		}
		if (!text.endsWith('\n')) text += '\n';
		for (const check of new Set(checks)) text += `${suppressionLine(check, functions, reason)}\n`;
		await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
		await this.load();
		this.changed.fire();
		return true;
	}

	dispose(): void {
		this.changed.dispose();
		this.watcher.dispose();
		this.folders.dispose();
		this.diagnostics.dispose();
	}
}
