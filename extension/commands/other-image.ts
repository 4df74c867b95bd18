import * as vscode from 'vscode';
import { stepsOf } from '../view/principal';
import type { Place } from './place';

const { t } = vscode.l10n;

/** *Open the other image*: the file of the tree that the patch's step stands in, at its line. */
export async function openOtherImage({ scenario, run }: Place): Promise<void> {
	const steps = run ? (stepsOf(scenario, run) ?? []) : [];
	// The patch's own files first: a schedule may end in a model of another.
	const place = steps.findLast(({ file, line, inputLine }) => file !== null && line !== null && inputLine !== null) ?? steps.findLast(({ file, line }) => file !== null && line !== null);
	const file = place?.file;
	if (!file || file.split('/').includes('..') || file.startsWith('/')) {
		void vscode.window.showInformationMessage(t('No file of the tree is known for this scenario.'));
		return;
	}
	for (const folder of vscode.workspace.workspaceFolders ?? []) {
		const uri = vscode.Uri.joinPath(folder.uri, file);
		try {
			await vscode.workspace.fs.stat(uri);
		} catch {
			continue;
		}
		const position = new vscode.Position(Math.max(0, (place?.line ?? 1) - 1), 0);
		await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, selection: new vscode.Range(position, position) });
		return;
	}
	void vscode.window.showInformationMessage(t('{0} is in no folder that is open. Open the kernel tree that the patch is for.', file));
}
