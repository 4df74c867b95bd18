import * as vscode from 'vscode';
import type { FromWorker, WorkerLink } from './analysis/messages';
import { activateIn, type ExtensionApi } from './activate';
import { inThreadLink } from './analysis/link';
import type { Host } from './host';

/** A worker may only be started from the host's own origin: the script's text goes through a blob. */
async function connect(extension: vscode.Uri): Promise<WorkerLink> {
	if (typeof Worker === 'undefined') return inThreadLink();
	const script = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', 'worker.web.js'));
	const url = URL.createObjectURL(new Blob([new Uint8Array(script)], { type: 'text/javascript' }));
	const worker = new Worker(url);
	return {
		post: (message) => worker.postMessage(message),
		onMessage: (listener) => worker.addEventListener('message', (event: MessageEvent<FromWorker>) => listener(event.data)),
		onFailure: (listener) => worker.addEventListener('error', (event) => listener(new Error(event.message || 'the analysis worker failed'))),
		terminate: () => {
			worker.terminate();
			URL.revokeObjectURL(url);
		},
	};
}

const host: Host = { kind: 'web', connect, readsFolders: false, formatPatches: null };

export function activate(context: vscode.ExtensionContext): ExtensionApi {
	return activateIn(context, host);
}
