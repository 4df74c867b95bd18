import type { FromWorker, ToWorker } from './analysis/messages';
import { serve } from './analysis/serve';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const post = (message: FromWorker): void => scope.postMessage(message);
const receive = serve(post, null);
scope.addEventListener('message', (event: MessageEvent<ToWorker>) => receive(event.data));
post({ kind: 'up' });
