import { CHOICE_STRIDE } from '../exploration';
import { CUT, FAILED, type Machine, NOT_NOW } from '../machine/machine';
import { abandon, initialize, step } from '../machine/stepping';
import { Edges } from './edges';
import { Footprints } from './footprint';
import { EXECUTE, Remembered } from './remembered';
import { type KeyedFault, keyed } from './schedules';
import { StateStore } from './store';
import { judgeTerminal } from './terminal';

/** Where an entry leads that is cut short. */
export const TO_CUT = -1;
/** Entries of a state that sleep sets can hold; a state with more is counted with some of its traces twice, and marked so. */
export const MOST_ENTRIES = 31;

/** What can be done in a state. */
export interface Expansion {
	readonly entries: readonly number[];
	/** Per entry the state that it leads to; after a step that fails, the one in which its thread stands still for ever. */
	readonly next: readonly number[];
	/** Per entry the failure of the step, if it fails. */
	readonly fails: readonly (KeyedFault | undefined)[];
	/** Per entry the bits of the entries of this state that it commutes with. */
	readonly commutes: readonly number[];
	/** For a state where nobody can move: what is wrong with it. */
	readonly faults: readonly KeyedFault[];
}

/** The state graph of a program, each state expanded once, when first asked for. */
export class Graph {
	readonly store: StateStore;
	/** The same as `expand` has told so far. */
	readonly edges = new Edges();
	readonly cuts = new Set<string>();
	outOfObjects = false;
	tooLong = false;
	/** Whether all states had few enough entries for sleep sets. */
	narrow = true;
	private readonly expansions: (Expansion | undefined)[] = [];
	private readonly prints: Footprints;

	constructor(readonly m: Machine, private readonly remembered: Remembered = new Remembered(m)) {
		this.store = new StateStore(m.words.length);
		this.prints = new Footprints(m.readSet.length);
		initialize(m);
		this.store.add(m.words);
	}

	/** The initial state is number 0. */
	expand(state: number): Expansion {
		const known = this.expansions[state];
		if (known !== undefined) return known;
		const { m, store, prints, remembered } = this;
		store.copy(state, m.words);
		const enabled = remembered.enabled();
		const entries: number[] = [];
		const next: number[] = [];
		const fails: (KeyedFault | undefined)[] = [];
		m.tracking = true;
		let loaded = true;
		for (let todo = enabled; todo !== 0; todo &= todo - 1) {
			const thread = 31 - Math.clz32(todo & -todo);
			if (loaded) loaded = false;
			else store.copy(state, m.words);
			const effect = remembered.works ? remembered.find(thread) : EXECUTE;
			if (effect >= 0) {
				prints.keep(entries.length, remembered.footprint(effect));
				remembered.apply(effect);
				entries.push(thread);
				fails.push(undefined);
				next.push(store.add(m.words));
				continue;
			}
			for (let choice = 0; choice >= 0;) {
				if (choice > 0) store.copy(state, m.words);
				const outcome = step(m, thread, choice);
				const entry = thread + CHOICE_STRIDE * choice;
				choice = m.nextChoice();
				if (outcome === NOT_NOW) {
					store.copy(state, m.words);
					continue;
				}
				prints.keep(entries.length, { reads: m.readSet, writes: m.writeSet, shares: m.shareSet });
				entries.push(entry);
				fails.push(outcome === FAILED ? keyed(m, m.fault!) : undefined);
				if (outcome === FAILED) abandon(m, thread);
				if (outcome === CUT) {
					this.cuts.add(m.cutWhy);
					this.outOfObjects ||= m.outOfObjects;
					this.tooLong ||= m.tooLong;
				}
				next.push(outcome === CUT ? TO_CUT : store.add(m.words));
			}
		}
		m.tracking = false;
		if (entries.length > MOST_ENTRIES) this.narrow = false;
		const expansion: Expansion = { entries, next, fails, commutes: this.commuting(entries), faults: entries.length === 0 ? this.judge() : [] };
		this.expansions[state] = expansion;
		this.note(state, enabled, expansion);
		return expansion;
	}

	private note(state: number, enabled: number, { entries, next, fails, faults }: Expansion): void {
		const { edges } = this;
		edges.begin(state, enabled);
		for (let i = 0; i < entries.length; i++) {
			const fault = fails[i];
			if (fault !== undefined) edges.addFault(state, entries[i]!, fault);
			else if (next[i] !== TO_CUT) edges.add(state, entries[i]!, next[i]!);
		}
		if (enabled === 0) edges.terminal.set(state, faults);
	}

	private commuting(entries: readonly number[]): readonly number[] {
		const commutes: number[] = entries.map(() => 0);
		const most = Math.min(MOST_ENTRIES, entries.length);
		for (let i = 0; i < most; i++) {
			for (let j = 0; j < i; j++) {
				if (entries[i]! % CHOICE_STRIDE === entries[j]! % CHOICE_STRIDE || this.prints.conflict(i, j)) continue;
				commutes[i] = commutes[i]! | (1 << j);
				commutes[j] = commutes[j]! | (1 << i);
			}
		}
		return commutes;
	}

	private judge(): readonly KeyedFault[] {
		const { m } = this;
		const words = m.words.slice();
		const faults = [...judgeTerminal(m)];
		m.words.set(words);
		return faults.map((fault) => keyed(m, fault));
	}
}
