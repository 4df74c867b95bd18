import { CHOICE_STRIDE } from '../exploration';
import { DONE, FAILED, type Machine } from '../machine/machine';
import { initialize } from '../machine/stepping';
import { Edges, TO_CUT } from './edges';
import { Remembered } from './remembered';
import { keyed } from './schedules';
import type { Explored } from './search';
import { StateStore } from './store';
import { judgeTerminal } from './terminal';

/** The initial state of every graph. */
export const INITIAL = 0;

/** A state graph for searches that come after the first: the one that it has left, where it has kept one, else one that grows as it is asked. */
export class Known implements Explored {
	readonly store: StateStore;
	readonly edges: Edges;

	constructor(private readonly m: Machine, private readonly remembered: Remembered = new Remembered(m), explored?: Explored) {
		this.store = explored?.store ?? new StateStore(m.words.length);
		this.edges = explored?.edges ?? new Edges();
		if (explored !== undefined) return;
		initialize(m);
		this.store.add(m.words);
	}

	/** Finds out, once, what can be done in a state: from then on `edges` tells. */
	look(state: number): void {
		const { m, store, edges } = this;
		if (edges.has(state)) return;
		store.copy(state, m.words);
		const enabled = this.remembered.enabled();
		edges.begin(state, enabled);
		if (enabled === 0) edges.terminal.set(state, judgeTerminal(m).map((fault) => keyed(m, fault)));
		for (let todo = enabled; todo !== 0; todo &= todo - 1) {
			const thread = 31 - Math.clz32(todo & -todo);
			for (let choice = 0; choice >= 0;) {
				store.copy(state, m.words);
				const outcome = this.remembered.take(thread, choice);
				const entry = thread + CHOICE_STRIDE * choice;
				choice = m.nextChoice();
				if (outcome === FAILED) edges.addFault(state, entry, keyed(m, m.fault!));
				else if (outcome === DONE) edges.add(state, entry, store.add(m.words));
			}
		}
	}

	/** The state that an entry leads to from a state, or below 0 when it leads to none. */
	after(state: number, entry: number): number {
		this.look(state);
		const { edges } = this;
		const end = edges.endOf(state);
		for (let edge = edges.firstOf(state); edge < end; edge++) if (edges.entry[edge] === entry) return edges.to[edge]!;
		return TO_CUT;
	}
}
