import { CHOICE_STRIDE } from '../exploration';
import { CUT, FAILED, type Machine, NOT_NOW } from '../machine/machine';
import { abandon, initialize, step } from '../machine/stepping';
import { Edges, longer, TO_CUT } from './edges';
import { conflict, copyFootprint, emptyFootprint, type Footprint } from './footprint';
import { Remembered } from './remembered';
import { type KeyedFault, keyed } from './schedules';
import type { Explored } from './search';
import { StateStore } from './store';
import { judgeTerminal } from './terminal';

/** Edges of a state that sleep sets can hold; a state with more is counted with some of its traces twice, and marked so. */
export const MOST_ENTRIES = 31;
const FIRST_EDGES = 512;

/** The state graph of a program, each state expanded once, when first asked for. The initial state is number 0. */
export class Graph implements Explored {
	readonly store: StateStore;
	/** Of states that were expanded. What is cut short leads to `TO_CUT`. */
	readonly edges = new Edges();
	readonly cuts = new Set<string>();
	outOfObjects = false;
	tooLong = false;
	/** Whether all states had few enough edges for sleep sets. */
	narrow = true;
	/** Per edge the bits of the edges of its state (the first is bit 0) that it commutes with. */
	private commutes = new Int32Array(FIRST_EDGES);
	/** Per failure of `edges` the state behind it, in which its thread stands still for ever. */
	private readonly behind: number[] = [];
	/** Per edge of the state that is being expanded what its step touches, and room for that. */
	private readonly prints: Footprint[] = [];
	private readonly room: Footprint[] = [];
	/** Per staged state the edge that leads to it, or ~failure. */
	private readonly by: number[] = [];

	constructor(readonly m: Machine, private readonly remembered: Remembered = new Remembered(m)) {
		this.store = new StateStore(m.words.length);
		initialize(m);
		this.store.add(m.words);
	}

	get bytes(): number {
		return this.store.bytes + this.edges.bytes + this.commutes.byteLength;
	}

	/** The state that an edge leads to; behind a failure the one in which its thread stands still. */
	target(edge: number): number {
		const to = this.edges.to[edge]!;
		return to >= 0 || to === TO_CUT ? to : this.behind[~to]!;
	}

	/** Whether the edge's step fails. */
	fails(edge: number): boolean {
		const to = this.edges.to[edge]!;
		return to < 0 && to !== TO_CUT;
	}

	commuting(edge: number): number {
		return this.commutes[edge]!;
	}

	expand(state: number): void {
		const { m, store, edges, remembered, by } = this;
		if (edges.has(state)) return;
		store.copy(state, m.words);
		const enabled = remembered.enabled();
		edges.begin(state, enabled);
		if (enabled === 0) {
			edges.terminal.set(state, this.judge());
			return;
		}
		const first = edges.count;
		store.stageFrom(m.words);
		for (let todo = enabled; todo !== 0; todo &= todo - 1) {
			const thread = 31 - Math.clz32(todo & -todo);
			const effect = remembered.effects[thread]!;
			if (effect >= 0) {
				this.prints[edges.count - first] = remembered.footprint(effect);
				by[store.staged] = edges.add(state, thread, TO_CUT);
				store.stageChanged(m.words, remembered.writes, remembered.firstWrite(effect), remembered.ends[effect]!);
			} else this.execute(state, thread, first);
		}
		const { staged } = store;
		store.addStaged();
		for (let i = 0; i < staged; i++) {
			const number = store.added[i]! >= 0 ? store.added[i]! : ~store.added[i]!;
			if (by[i]! >= 0) edges.to[by[i]!] = number;
			else this.behind[~by[i]!] = number;
		}
		this.compare(first, edges.count);
	}

	/** Takes the step of a thread with all its choices, from the machine's state and back to it. */
	private execute(state: number, thread: number, first: number): void {
		const { m, store, edges, by } = this;
		m.tracking = true;
		for (let choice = 0; choice >= 0;) {
			const outcome = step(m, thread, choice);
			const entry = thread + CHOICE_STRIDE * choice;
			choice = m.nextChoice();
			if (outcome !== NOT_NOW) {
				this.keep(edges.count - first);
				if (outcome === FAILED) {
					by[store.staged] = ~edges.faults.length;
					edges.addFault(state, entry, keyed(m, m.fault!));
					abandon(m, thread);
				} else {
					const edge = edges.add(state, entry, TO_CUT);
					if (outcome !== CUT) by[store.staged] = edge;
				}
				if (outcome !== CUT) store.stage(m.words);
				else {
					this.cuts.add(m.cutWhy);
					this.outOfObjects ||= m.outOfObjects;
					this.tooLong ||= m.tooLong;
				}
			}
			store.copy(state, m.words);
		}
		m.tracking = false;
	}

	/** Keeps what the machine's last step touched. */
	private keep(at: number): void {
		const { m } = this;
		while (this.room.length <= at) this.room.push(emptyFootprint(m.readSet.length));
		this.prints[at] = this.room[at]!;
		copyFootprint(m, this.room[at]!);
	}

	/** Finds out which edges of a state commute. */
	private compare(first: number, end: number): void {
		const { edges, prints } = this;
		while (end > this.commutes.length) this.commutes = longer(this.commutes);
		if (end - first > MOST_ENTRIES) this.narrow = false;
		const { commutes } = this;
		for (let i = first; i < end; i++) {
			let others = 0;
			for (let j = first; j < i && i - first < MOST_ENTRIES; j++) {
				if (edges.entry[i]! % CHOICE_STRIDE === edges.entry[j]! % CHOICE_STRIDE || conflict(prints[i - first]!, prints[j - first]!)) continue;
				others |= 1 << (j - first);
				commutes[j] = commutes[j]! | (1 << (i - first));
			}
			commutes[i] = others;
		}
	}

	private judge(): readonly KeyedFault[] {
		const { m } = this;
		const words = m.words.slice();
		const faults = [...judgeTerminal(m)];
		m.words.set(words);
		return faults.map((fault) => keyed(m, fault));
	}
}
