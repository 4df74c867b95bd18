import { CHOICE_STRIDE, type Schedule } from '../exploration';
import { CUT, DONE, FAILED, type Machine } from '../machine/machine';
import { initialize, step } from '../machine/stepping';
import type { Races } from './races';
import { Remembered } from './remembered';
import { Edges } from './edges';
import { enabledThreads, type Found, keyed, type KeyedFault } from './schedules';
import type { Explored, Search } from './search';
import { StateStore } from './store';
import { judgeTerminal } from './terminal';

export interface SweepOptions {
	readonly remembered?: Remembered;
	readonly races?: Races;
	readonly stopAtFailure: boolean;
	/** So many states with the steps that lead on from them are kept for what comes after; with more of them the steps are not. */
	readonly kept?: number;
}

/** States expanded before what they lead to is added to the store: one by one, deepest first, while the store is small and quick. */
const TOGETHER = 16, SMALL = 4096;

/**
 * Search over all reachable states for failures alone. All that a few states lead to is found first and added to the store together, which
 * suits memory best; what other searches know of (cycles, what is on the stack, how many ways lead on) is not known here.
 */
export class Sweep implements Search {
	readonly store: StateStore;
	readonly found = new Map<string, Found>();
	readonly cuts = new Set<string>();
	readonly total = undefined;
	transitions = 0;
	terminals = 0;
	outOfObjects = false;
	tooLong = false;
	passing: Schedule | undefined = undefined;
	done = false;
	private readonly here: Int32Array;
	private readonly remembered: Remembered;
	/** States yet to be expanded. */
	private stack = new Int32Array(256);
	private waiting = 0;
	/** Per state the one from which it was met first. */
	private parents = new Int32Array(256);
	/** Per staged state the one that leads to it, and the number of the edge. */
	private from = new Int32Array(32);
	private by = new Int32Array(32);
	private edges: Edges | undefined = undefined;

	constructor(private readonly m: Machine, private readonly options: SweepOptions) {
		this.store = new StateStore(m.words.length);
		this.here = new Int32Array(m.words.length);
		this.remembered = options.remembered ?? new Remembered(m);
		if (options.kept !== undefined && !options.stopAtFailure) this.edges = new Edges();
		initialize(m);
		this.push(this.store.add(m.words), -1);
	}

	get states(): number {
		return this.store.count;
	}

	get bytes(): number {
		return this.store.bytes + this.stack.byteLength + this.parents.byteLength + (this.edges?.bytes ?? 0);
	}

	get explored(): Explored | undefined {
		return this.done && this.edges !== undefined ? { store: this.store, edges: this.edges } : undefined;
	}

	advance(transitions: number): void {
		const { store } = this;
		if (store.count > (this.options.kept ?? 0)) this.edges = undefined;
		if (!store.ready() && Number.isFinite(transitions)) return;
		const limit = this.transitions + transitions;
		while (this.waiting > 0 && this.transitions < limit && !this.done) {
			for (let left = store.count < SMALL ? 1 : TOGETHER; left > 0 && this.waiting > 0 && !this.done; left--) this.expand(this.stack[--this.waiting]!);
			const { staged } = store;
			store.addStaged();
			if (this.edges !== undefined) this.resolve(this.edges, staged);
			// The first is to be the next.
			for (let i = staged - 1; i >= 0; i--) if (store.added[i]! >= 0) this.push(store.added[i]!, this.from[i]!);
		}
		this.done ||= this.waiting === 0;
	}

	/** What was staged has its numbers now. */
	private resolve({ to }: Edges, staged: number): void {
		const { added } = this.store;
		for (let i = 0; i < staged; i++) to[this.by[i]!] = added[i]! >= 0 ? added[i]! : ~added[i]!;
	}

	private expand(state: number): void {
		const { m, store, here, remembered } = this;
		store.copy(state, m.words);
		const enabled = remembered.enabled();
		if (this.edges !== undefined) this.edges.begin(state, enabled);
		if (enabled === 0) {
			this.terminal(state);
			return;
		}
		this.options.races?.look(enabled, () => this.schedule(state));
		store.stageFrom(m.words);
		let kept = false;
		for (let todo = enabled; todo !== 0; todo &= todo - 1) {
			const thread = 31 - Math.clz32(todo & -todo);
			const effect = remembered.effects[thread]!;
			if (effect >= 0) {
				this.lead(state, thread);
				store.stageChanged(m.words, remembered.writes, remembered.firstWrite(effect), remembered.ends[effect]!);
				continue;
			}
			if (!kept) for (let i = 0; i < here.length; i++) here[i] = m.words[i]!;
			kept = true;
			this.execute(state, thread);
		}
	}

	/** Takes the step of a thread with all its choices, from the machine's state and back to it. */
	private execute(state: number, thread: number): void {
		const { m, store, here } = this;
		for (let choice = 0; choice >= 0;) {
			const outcome = step(m, thread, choice);
			const entry = thread + CHOICE_STRIDE * choice;
			choice = m.nextChoice();
			if (outcome === DONE) {
				this.lead(state, entry);
				store.stage(m.words);
			} else if (outcome === FAILED) {
				this.transitions++;
				this.note(keyed(m, m.fault!), state, entry);
			} else if (outcome === CUT) {
				this.transitions++;
				this.cuts.add(m.cutWhy);
				this.outOfObjects ||= m.outOfObjects;
				this.tooLong ||= m.tooLong;
			}
			for (let i = 0; i < here.length; i++) m.words[i] = here[i]!;
		}
	}

	/** The state leads to the one that is staged next. */
	private lead(state: number, entry: number): void {
		this.transitions++;
		const at = this.store.staged;
		if (at === this.from.length) [this.from, this.by] = [longer(this.from), longer(this.by)];
		this.from[at] = state;
		if (this.edges !== undefined) this.by[at] = this.edges.add(state, entry, 0);
	}

	private terminal(state: number): void {
		this.terminals++;
		const faults = [...judgeTerminal(this.m)].map((fault) => keyed(this.m, fault));
		this.edges?.terminal.set(state, faults);
		for (const fault of faults) this.note(fault, state, -1);
		if (faults.length === 0) this.passing ??= this.schedule(state);
	}

	private push(state: number, parent: number): void {
		if (this.waiting === this.stack.length) this.stack = longer(this.stack);
		if (state >= this.parents.length) this.parents = longer(this.parents);
		this.stack[this.waiting++] = state;
		this.parents[state] = parent;
	}

	private note(failed: KeyedFault, state: number, entry: number): void {
		const { fault, key } = failed;
		if (entry >= 0) this.edges?.addFault(state, entry, failed);
		if (!this.found.has(key)) {
			const before = this.schedule(state);
			this.found.set(key, { fault, schedule: entry < 0 ? before : [...before, entry], preemptions: -1, shortest: false });
		}
		this.done = this.options.stopAtFailure;
	}

	/** How the state was met. The machine is left as it is. */
	private schedule(state: number): Schedule {
		const { m } = this;
		const saved = { words: m.words.slice(), fault: m.fault };
		const entries: number[] = [];
		for (let at = state; this.parents[at]! >= 0; at = this.parents[at]!) entries.push(this.entryTo(this.parents[at]!, at));
		m.words.set(saved.words);
		m.fault = saved.fault;
		return entries.reverse();
	}

	/** The first entry that leads from one state to the other. */
	private entryTo(parent: number, child: number): number {
		const { m, store } = this;
		store.copy(parent, m.words);
		for (let todo = enabledThreads(m); todo !== 0; todo &= todo - 1) {
			const thread = 31 - Math.clz32(todo & -todo);
			for (let choice = 0; choice >= 0;) {
				store.copy(parent, m.words);
				const outcome = step(m, thread, choice);
				if (outcome === DONE && store.is(child, m.words)) return thread + CHOICE_STRIDE * choice;
				choice = m.nextChoice();
			}
		}
		throw new Error('no step leads from a state to one that was met from it');
	}
}

function longer(from: Int32Array): Int32Array<ArrayBuffer> {
	const grown = new Int32Array(from.length * 2);
	grown.set(from);
	return grown;
}
