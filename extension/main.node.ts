import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { FromWorker, WorkerLink } from './analysis/messages';
import { rangeAsMails } from '../disk/git';
import { activateIn, type ExtensionApi } from './activate';
import type { Host } from './host';

async function connect(extension: vscode.Uri): Promise<WorkerLink> {
	const worker = new Worker(vscode.Uri.joinPath(extension, 'dist', 'worker.cjs').fsPath);
	return {
		post: (message) => worker.postMessage(message),
		onMessage: (listener) => { worker.on('message', (message: FromWorker) => listener(message)); },
		onFailure: (listener) => {
			worker.on('error', listener);
			worker.on('exit', (code) => { if (code !== 0) listener(new Error(`the analysis worker ended with ${code}`)); });
		},
		terminate: () => {
			worker.removeAllListeners();
			void worker.terminate();
		},
	};
}

async function formatPatches(repository: string, range: string): Promise<string> {
	const { status, stdout, stderr } = await rangeAsMails(repository, range);
	if (status !== 0) throw new Error(stderr);
	return stdout.toString('utf8');
}

const host: Host = { kind: 'node', connect, readsFolders: true, formatPatches };

export function activate(context: vscode.ExtensionContext): ExtensionApi {
	return activateIn(context, host);
}
