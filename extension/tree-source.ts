import * as vscode from 'vscode';
import type { TreeSource } from './analysis/messages';
import type { Host } from './host';
import { settings } from './settings';
import { pathsIn } from './view/paths';

/** Files that only a kernel tree has at its root. */
const KERNEL_ROOT = ['Kbuild', 'MAINTAINERS', 'Kconfig'];
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const decoder = new TextDecoder();

async function exists(uri: vscode.Uri): Promise<boolean> {
	try {
		await vscode.workspace.fs.stat(uri);
		return true;
	} catch {
		return false;
	}
}

/** By folder, for a while: every review asks, and asking a remote disk takes longer than parsing a patch. */
const looked = new Map<string, { readonly until: number; readonly answer: Promise<boolean> }>();
const LOOKED_MS = 30_000;

function isKernelTree(folder: vscode.Uri): Promise<boolean> {
	const key = folder.toString();
	const known = looked.get(key);
	if (known && Date.now() < known.until) return known.answer;
	const answer = Promise.all(KERNEL_ROOT.map((name) => exists(vscode.Uri.joinPath(folder, name)))).then((all) => all.every(Boolean));
	looked.set(key, { until: Date.now() + LOOKED_MS, answer });
	return answer;
}

/** Looks at the workspace folders ahead of the first review. */
export function lookForTrees(): void {
	if (!settings().tree) for (const { uri } of vscode.workspace.workspaceFolders ?? []) void isKernelTree(uri);
}

/** The tree that `kernelRaceReview.tree` names, else the workspace folder that is a kernel tree (the document's own first). */
async function treeFolder(document: vscode.Uri): Promise<vscode.Uri | null> {
	const folders = vscode.workspace.workspaceFolders ?? [];
	const named = settings().tree;
	if (named) {
		const base = folders[0]?.uri;
		if (base && !named.startsWith('/') && !/^[a-z]:/i.test(named)) return vscode.Uri.joinPath(base, named);
		return base ? base.with({ path: named }) : vscode.Uri.file(named);
	}
	const own = vscode.workspace.getWorkspaceFolder(document);
	const ordered = own ? [own, ...folders.filter((folder) => folder !== own)] : folders;
	for (const folder of ordered) if (await isKernelTree(folder.uri)) return folder.uri;
	return null;
}

/**
 * Where the analysis finds the sources a patch applies to; null: there is no tree, and the patch is read as fragments. In an untrusted
 * workspace git is not run. A folder that is not on this machine's disk is read ahead: the files that the patch names.
 */
export async function treeFor(host: Host, document: vscode.Uri, diff: string): Promise<TreeSource | null> {
	const folder = await treeFolder(document);
	if (!folder) return null;
	if (host.readsFolders && folder.scheme === 'file') {
		return { kind: 'folder', path: folder.fsPath, git: vscode.workspace.isTrusted && await exists(vscode.Uri.joinPath(folder, '.git')) };
	}
	const files: Record<string, string> = {};
	await Promise.all(pathsIn(diff).map(async (path) => {
		try {
			const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, path));
			if (bytes.length <= MAX_FILE_BYTES) files[path] = decoder.decode(bytes);
		} catch {
			// Not in this tree: the patch's own lines have to do.
		}
	}));
	return { kind: 'files', files };
}
