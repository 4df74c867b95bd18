import { parentPort } from 'node:worker_threads';
import type { ToWorker } from './analysis/messages';
import { openFolder } from './analysis/folder-tree';
import { serve } from './analysis/serve';

const port = parentPort;
if (!port) throw new Error('worker.node runs as a worker thread only');
const receive = serve((message) => port.postMessage(message), openFolder);
port.on('message', (message: ToWorker) => receive(message));
port.postMessage({ kind: 'up' });
