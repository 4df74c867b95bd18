import { ON_AWAIT, ON_GRACE, ON_JOIN, ON_LOCK, ON_SLEEP } from '../machine/compiled';
import { coveredBy } from '../machine/contexts';
import { RUNNING } from '../machine/layout';
import type { Machine } from '../machine/machine';
import { heldBackBy, waitingAt } from '../machine/waiting';
import { emptyFootprint, type Footprint } from './footprint';

/** What blocked threads look at: who writes any of it may unblock them. */
export class Guards {
	private readonly scratch: Footprint[];
	/** Per thread and place where it always waits for the same cell what it looks at; undefined where nobody has asked yet. */
	private readonly fixed: (Footprint | undefined)[][];

	constructor(private readonly m: Machine) {
		const words = m.readSet.length;
		this.scratch = m.threads.map(() => emptyFootprint(words));
		this.fixed = m.threads.map(() => []);
	}

	/** Of a thread that is blocked in the machine's current state. Good until asked of the same thread again. */
	of(t: number): Footprint {
		const { m } = this;
		const control = m.control(t);
		if (control < RUNNING || (m.layout.anyInterrupt && coveredBy(m, t) >= 0)) return this.now(t);
		const rest = control - RUNNING;
		const cell = m.threads[t]!.pinned[rest]! - 1;
		if (cell < 0) return this.now(t);
		const known = this.fixed[t]![rest];
		if (known !== undefined) return known;
		const print = emptyFootprint(m.readSet.length);
		look(print, cell);
		this.fixed[t]![rest] = print;
		return print;
	}

	private now(t: number): Footprint {
		const { m } = this;
		const { layout } = m;
		const print = this.scratch[t]!;
		print.reads.fill(0);
		const control = m.control(t);
		if (control < RUNNING) {
			if (heldBackBy(m, t) !== 0) for (let domain = 0; domain < layout.domains; domain++) look(print, layout.domainResource + domain);
			return print;
		}
		if (coveredBy(m, t) >= 0) {
			look(print, layout.processorResource + t);
			return print;
		}
		const rest = control - RUNNING;
		const op = m.threads[t]!.ops[m.threads[t]!.restPc[rest]!]!;
		switch (m.threads[t]!.waitsFor[rest]) {
			case ON_LOCK: case ON_AWAIT: case ON_SLEEP: {
				const cell = waitingAt(m, t, rest);
				if (cell < 0) break;
				look(print, cell);
				// Freeing what it waits for ends the wait too.
				if (layout.objectOf[cell]! >= 0) look(print, layout.objectResource + layout.objectOf[cell]!);
				break;
			}
			case ON_JOIN: if (op.op === 'join') look(print, layout.threadResource + op.thread); break;
			case ON_GRACE: if (op.op === 'grace-wait') look(print, layout.domainResource + op.domain); break;
			default: break;
		}
		return print;
	}
}

function look(print: Footprint, resource: number): void {
	print.reads[resource >> 5] = print.reads[resource >> 5]! | (1 << (resource & 31));
}
