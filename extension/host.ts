import * as vscode from 'vscode';
import type { KnowledgeFiles, KnowledgeModel, KnowledgeTable } from '../analyzer/engine';
import type { EngineAssets } from './analysis/client';
import type { WorkerLink } from './analysis/messages';

/** What differs between the Node and the web-worker extension host. */
export interface Host {
	readonly kind: 'node' | 'web';
	/** A worker that runs the analysis. Where none can be had, the same thread. */
	connect(extension: vscode.Uri): Promise<WorkerLink>;
	/** It reads folders of the `file` scheme by itself. */
	readonly readsFolders: boolean;
	/** Diff of a commit range as mails, for *Check a patch series…*; null where git cannot be run. */
	readonly formatPatches: ((repository: string, range: string) => Promise<string>) | null;
}

const decoder = new TextDecoder();

/** Reads the built knowledge and the parser's wasm from the extension's own folder, alike in every host. */
export async function readAssets(extension: vscode.Uri): Promise<EngineAssets> {
	const read = (name: string): Thenable<Uint8Array> => vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', name));
	const [knowledge, runtimeWasm, grammarWasm] = await Promise.all([read('knowledge.json'), read('web-tree-sitter.wasm'), read('tree-sitter-c.wasm')]);
	return { knowledge, own: await userKnowledge(), runtimeWasm, grammarWasm };
}

/** Rows and models of the user's own: `.race-review/*.yaml` and `*.c` of each workspace folder. */
async function userKnowledge(): Promise<KnowledgeFiles> {
	const table: KnowledgeTable[] = [];
	const models: KnowledgeModel[] = [];
	for (const folder of vscode.workspace.workspaceFolders ?? []) {
		const own = vscode.Uri.joinPath(folder.uri, '.race-review');
		let entries: [string, vscode.FileType][];
		try {
			entries = await vscode.workspace.fs.readDirectory(own);
		} catch {
			// No such folder: the usual case.
			continue;
		}
		for (const [name] of entries.sort()) {
			if (!/\.(ya?ml|c)$/.test(name)) continue;
			const text = decoder.decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(own, name)));
			if (name.endsWith('.c')) models.push({ file: `.race-review/${name}`, text });
			else table.push({ file: `.race-review/${name}`, text });
		}
	}
	return { table, models };
}
