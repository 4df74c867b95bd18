import { serve } from './serve';
import type { FromWorker, WorkerLink } from './messages';

/** The analysis in this very thread, for hosts without workers: the engine's own awaits let other work in between. */
export function inThreadLink(): WorkerLink {
	let listener: (message: FromWorker) => void = () => undefined;
	let ended = false;
	const receive = serve((message) => setTimeout(() => { if (!ended) listener(message); }, 0), null);
	return {
		post: (message) => { setTimeout(() => { if (!ended) receive(message); }, 0); },
		onMessage: (next) => { listener = next; },
		onFailure: () => undefined,
		terminate: () => { ended = true; },
	};
}
