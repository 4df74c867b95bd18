import * as vscode from 'vscode';
import { unifiedDiff } from './view/unified-diff';
import type { TreeSource } from './analysis/messages';

/** What of vscode.git's public API is used; it is optional. */
interface GitApi {
	readonly state: 'uninitialized' | 'initialized';
	readonly onDidChangeState: vscode.Event<string>;
	readonly repositories: readonly GitRepository[];
	readonly onDidOpenRepository: vscode.Event<GitRepository>;
	toGitUri(uri: vscode.Uri, ref: string): vscode.Uri;
	getRepository(uri: vscode.Uri): GitRepository | null;
}

interface GitRepository {
	readonly rootUri: vscode.Uri;
	readonly state: { readonly HEAD: { readonly commit?: string } | undefined; readonly onDidChange: vscode.Event<void> };
}

/** A C file against HEAD, as a diff that the analyzer reads like any other. */
export interface SourceDiff {
	readonly name: string;
	readonly text: string;
	readonly tree: TreeSource | null;
	/** Lines of the document. */
	readonly lines: number;
	/** The document's line for a line of the diff, null where it is in none (both 1-based). */
	lineOf(diffLine: number): number | null;
	/** What the diff editor may show on its other side, and its line for a line of the diff. */
	readonly originals: readonly vscode.Uri[];
	originalLineOf(diffLine: number): number | null;
}

/** What vscode.git shows beside the working tree: the index, which is HEAD where nothing is staged. */
const INDEX = '~';

const decoder = new TextDecoder();

/** Lines around a change: whole functions are wanted, not three lines. */
const CONTEXT_LINES = 100_000;

/** Git looks for repositories when the window opens; a file that is open by then waits for it this long. */
const GIT_READY_MS = 10_000;

async function gitApi(): Promise<GitApi | null> {
	const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
	try {
		const api = (await extension?.activate())?.getAPI(1) ?? null;
		if (api?.state === 'uninitialized') await new Promise<void>((resolve) => {
			const done = (): void => {
				clearTimeout(timer);
				listening.dispose();
				resolve();
			};
			const timer = setTimeout(done, GIT_READY_MS);
			const listening = api.onDidChangeState(done);
		});
		return api;
	} catch {
		// Git is switched off in the settings.
		return null;
	}
}

/** Why there is nothing to review of a C file: no git here, git does not know the file, or it is as in HEAD. */
export type NoDiff = 'no-git' | 'not-in-git' | 'as-in-head';

/** The document's changes against HEAD, or why there are none. */
export async function sourceDiff(document: vscode.TextDocument): Promise<SourceDiff | NoDiff> {
	const git = await gitApi();
	if (!git) return 'no-git';
	const repository = git.getRepository(document.uri);
	if (!repository) return 'not-in-git';
	// Read, not opened: an open document may still have what an older HEAD had.
	const read = async (uri: vscode.Uri): Promise<string | null> => {
		try {
			return decoder.decode(await vscode.workspace.fs.readFile(uri));
		} catch {
			// Git does not know the file there.
			return null;
		}
	};
	const head = git.toGitUri(document.uri, 'HEAD');
	const before = await read(head);
	if (before === null) return 'not-in-git';
	const index = git.toGitUri(document.uri, INDEX);
	const path = document.uri.path.slice(repository.rootUri.path.length + 1);
	const diff = unifiedDiff(before, document.getText(), path, CONTEXT_LINES);
	if (!diff) return 'as-in-head';
	return {
		name: path, text: diff.text, tree: null, lines: document.lineCount, lineOf: (line) => diff.newLines[line - 1] ?? null,
		originals: await read(index) === before ? [head, index] : [head], originalLineOf: (line) => diff.oldLines[line - 1] ?? null,
	};
}

/** Calls `moved` with a repository's folder when its HEAD is another commit than before. */
export function watchHeads(moved: (root: vscode.Uri) => void): vscode.Disposable {
	const subscriptions: vscode.Disposable[] = [];
	let disposed = false;
	const watch = ({ rootUri, state }: GitRepository): void => {
		let last = state.HEAD?.commit;
		subscriptions.push(state.onDidChange(() => {
			const now = state.HEAD?.commit;
			if (now === last) return;
			last = now;
			moved(rootUri);
		}));
	};
	void gitApi().then((git) => {
		if (!git || disposed) return;
		git.repositories.forEach(watch);
		subscriptions.push(git.onDidOpenRepository(watch));
	});
	return {
		dispose: () => {
			disposed = true;
			for (const subscription of subscriptions) subscription.dispose();
		},
	};
}
