import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import type { ToWorker } from './analysis/messages';
import type { TreePort } from '../analyzer/ports';
import { GATHERER } from '../disk/heads-ahead';
import { treePort } from '../disk/tree-port';
import { serve } from './analysis/serve';

const port = parentPort;
if (!port) throw new Error('worker.node runs as a worker thread only');
/** A tree is opened once: what was found of it, and where, is kept for the next review. */
const open = new Map<string, TreePort>();
const openFolder = (path: string, git: boolean): TreePort => {
	const key = `${git} ${path}`;
	const tree = open.get(key) ?? treePort(path, git, join(__dirname, GATHERER));
	open.set(key, tree);
	return tree;
};
const receive = serve((message) => port.postMessage(message), openFolder);
port.on('message', (message: ToWorker) => receive(message));
port.postMessage({ kind: 'up' });
