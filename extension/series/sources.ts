import * as vscode from 'vscode';
import { filesOfSeries, type FolderPort } from '../../analyzer/mail/folder';
import type { Host } from '../host';
import { looksLikePatch } from '../recognise';
import type { RangeDocuments } from './range-documents';

const { t } = vscode.l10n;

/** A series to check: its documents in order, each a patch, an mbox or a mail. */
export interface SeriesSource {
	readonly id: string;
	readonly label: string;
	readonly documents: readonly SeriesDocument[];
}

export interface SeriesDocument {
	readonly name: string;
	readonly uri: vscode.Uri;
	readonly text: string;
}

const decoder = new TextDecoder();
const MOST_DOCUMENTS = 500;

async function read(uri: vscode.Uri): Promise<SeriesDocument> {
	return { name: vscode.workspace.asRelativePath(uri), uri, text: decoder.decode(await vscode.workspace.fs.readFile(uri)) };
}

const KINDS: Partial<Record<vscode.FileType, 'file' | 'folder'>> = { [vscode.FileType.File]: 'file', [vscode.FileType.File | vscode.FileType.SymbolicLink]: 'file', [vscode.FileType.Directory]: 'folder' };

/** A folder of the workspace's file system, for the reader of series. */
const folderOf = (folder: vscode.Uri): FolderPort => ({
	list: async (inner) => (await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder, inner))).map(([name, type]) => ({ name, kind: KINDS[type] ?? 'other' })),
	read: async (file) => decoder.decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, file))),
});

async function folderDocuments(folder: vscode.Uri): Promise<readonly SeriesDocument[]> {
	const files = (await filesOfSeries(folderOf(folder))).slice(0, MOST_DOCUMENTS);
	const documents = await Promise.all(files.map((file) => read(vscode.Uri.joinPath(folder, file))));
	return documents.filter(({ text }) => looksLikePatch(text) || /^Subject:/m.test(text));
}

/** Asks where the series is: the active document, files, a folder, or a git range. Undefined: nothing chosen. */
export async function askForSeries(host: Host, ranges: RangeDocuments): Promise<SeriesSource | undefined> {
	const active = vscode.window.activeTextEditor?.document;
	const repository = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
	type Option = vscode.QuickPickItem & { readonly from: 'active' | 'files' | 'folder' | 'range' };
	const options: Option[] = [
		...(active ? [{ label: t('The active document'), description: vscode.workspace.asRelativePath(active.uri), from: 'active' as const }] : []),
		{ label: t('Files…'), description: t('patches or an mbox'), from: 'files' },
		{ label: t('A folder…'), description: t('patches by name, a quilt series, or a maildir'), from: 'folder' },
		{ label: t('A git range…'), description: repository?.fsPath, from: 'range' },
	];
	const picked = await vscode.window.showQuickPick(options, { title: t('Check a patch series'), placeHolder: t('Where is the series?') });
	switch (picked?.from) {
		case 'active':
			return active && { id: active.uri.toString(), label: vscode.workspace.asRelativePath(active.uri), documents: [{ name: vscode.workspace.asRelativePath(active.uri), uri: active.uri, text: active.getText() }] };
		case 'files': {
			const files = await vscode.window.showOpenDialog({ canSelectMany: true, title: t('Patches of the series'), openLabel: t('Check') });
			if (!files?.length) return undefined;
			const documents = await Promise.all([...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map(read));
			return { id: files.map(String).join('\n'), label: documents.length === 1 ? (documents[0]?.name ?? '') : t('{0} files from {1}', documents.length, documents[0]?.name ?? ''), documents };
		}
		case 'folder': {
			const [folder] = await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, title: t('Folder of the series'), openLabel: t('Check') }) ?? [];
			return folder && { id: folder.toString(), label: vscode.workspace.asRelativePath(folder), documents: await folderDocuments(folder) };
		}
		case 'range': {
			const cannot = !host.formatPatches ? t('A git range needs git, which cannot be run in a browser: save its patches (git format-patch) and pick their folder.')
				: !vscode.workspace.isTrusted ? t('Git is not run in a folder that is not trusted: trust it, or save the patches (git format-patch) and pick their folder.')
					: !repository ? t('Open the folder of the git repository first.') : null;
			if (cannot) {
				void vscode.window.showInformationMessage(cannot);
				return undefined;
			}
			const range = await vscode.window.showInputBox({ title: t('Git range of the series'), placeHolder: 'origin/master..HEAD', validateInput: (text) => (/^[\w./@^~{}-]+(\.\.\.?[\w./@^~{}-]+)?$/.test(text) && !text.startsWith('-') ? undefined : t('For example origin/master..HEAD')) });
			if (!range || !repository || !host.formatPatches) return undefined;
			const text = await host.formatPatches(repository.fsPath, range);
			return { id: `range:${range}`, label: range, documents: [{ name: range, uri: ranges.put(range, text), text }] };
		}
		default:
			return undefined;
	}
}
