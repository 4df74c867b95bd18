import { execFile } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { FromWorker, WorkerLink } from './analysis/messages';
import { activateIn, type ExtensionApi } from './activate';
import type { Host } from './host';

const MAX_SERIES_BYTES = 64 * 1024 * 1024;

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

/** `--no-ext-diff --no-textconv` and no hooks: nothing that the repository names is run. */
function formatPatches(repository: string, range: string): Promise<string> {
	return new Promise((resolve, reject) => {
		execFile('git', ['-c', 'core.fsmonitor=false', 'format-patch', '--stdout', '--no-ext-diff', '--no-textconv', '--end-of-options', range],
			{ cwd: repository, maxBuffer: MAX_SERIES_BYTES }, (error, stdout, stderr) => (error ? reject(new Error(stderr.trim() || error.message)) : resolve(stdout)));
	});
}

const host: Host = { kind: 'node', connect, readsFolders: true, formatPatches };

export function activate(context: vscode.ExtensionContext): ExtensionApi {
	return activateIn(context, host);
}
