import { CHOICE_STRIDE, type Schedule } from '../exploration';
import { initialize, step } from '../machine/stepping';
import { CUT, DONE, FAILED, type Fault, type Machine } from '../machine/machine';
import { Remembered } from './remembered';
import { type Found, keyOf } from './schedules';
import type { Races } from './races';
import { ON_STACK, type Search, VISITED } from './search';
import { StateStore } from './store';
import type { Symmetry } from './symmetry';
import { judgeTerminal } from './terminal';
import { Ways } from './ways';

/**
 * Chooses which of the enabled threads must be tried from the machine's current state; all of them is always right. `remembered` has just been
 * asked for these.
 */
export type Reduction = (enabled: number, remembered: Remembered) => number;

export interface DepthFirstOptions {
	readonly remembered?: Remembered;
	readonly reduction?: Reduction;
	readonly symmetry?: Symmetry;
	readonly races?: Races;
	/** Count all interleavings while at it. */
	readonly total: boolean;
	readonly stopAtFailure: boolean;
}

/** Beyond so many states the number of all interleavings is not kept. */
const MOST_COUNTED = 400_000;

/**
 * Depth-first search over all reachable states, each visited once. With a reduction, a state whose reduced set leads back onto the
 * search stack is expanded fully (the cycle proviso of Clarke, Grumberg, Peled: Model Checking, C3), so that nothing is put off for ever.
 */
export class DepthFirst implements Search {
	readonly store: StateStore;
	readonly found = new Map<string, Found>();
	readonly cuts = new Set<string>();
	transitions = 0;
	cyclic = false;
	outOfObjects = false;
	tooLong = false;
	passing: Schedule | undefined = undefined;
	terminals = 0;
	done = false;
	private depth = 0;
	/** Whether the machine holds the state of the top frame. */
	private loaded = false;
	private readonly remembered: Remembered;
	private stack = new Int32Array(4 * 256);
	/** Whether it matters which states are on the stack. */
	private readonly colored: boolean;
	private color = new Uint8Array(1024);
	private counts: Ways | undefined = undefined;

	constructor(readonly m: Machine, private readonly options: DepthFirstOptions) {
		this.store = new StateStore(m.words.length);
		this.remembered = options.remembered ?? new Remembered(m);
		this.colored = options.total || options.reduction !== undefined;
		if (options.total) this.counts = new Ways();
		initialize(m);
		options.symmetry?.canonical(m);
		this.push(this.store.add(m.words), -1);
	}

	/** All interleavings from the initial state, when they were counted and are finitely many. */
	get total(): bigint | undefined {
		return this.done && !this.cyclic && this.counts !== undefined ? this.counts.of(0) : undefined;
	}

	get states(): number {
		return this.store.count;
	}

	get bytes(): number {
		return this.store.bytes + this.color.byteLength + this.stack.byteLength + (this.counts?.bytes ?? 0);
	}

	/** Takes up to `transitions` more; `done` says whether anything is left. */
	advance(transitions: number): void {
		const { m, store } = this;
		if (!store.ready() && Number.isFinite(transitions)) return;
		const limit = this.transitions + transitions;
		while (this.depth > 0 && this.transitions < limit) {
			// A frame: state, threads yet to try, the entry last taken, next choice of the thread being tried (-1: none is).
			const top = (this.depth - 1) * 4;
			const state = this.stack[top]!;
			const todo = this.stack[top + 1]!;
			if (todo === 0) {
				this.loaded = false;
				this.pop();
				continue;
			}
			const thread = 31 - Math.clz32(todo & -todo);
			const choice = this.stack[top + 3]!;
			// A state just pushed is in the machine already.
			if (!this.loaded) store.copy(state, m.words);
			this.loaded = false;
			const outcome = this.remembered.take(thread, choice);
			const next = m.nextChoice();
			this.stack[top + 3] = Math.max(next, 0);
			if (next < 0) this.stack[top + 1] = todo & (todo - 1);
			this.stack[top + 2] = thread + CHOICE_STRIDE * choice;
			if (outcome === DONE) {
				this.transitions++;
				this.options.symmetry?.canonical(m);
				const id = store.add(m.words);
				if (store.isNew) this.push(id, top);
				else if (!this.colored) continue;
				else if (this.color[id] === ON_STACK) this.closeCycle(top);
				else this.counts?.addOf(state, id);
			} else if (outcome === FAILED) {
				this.transitions++;
				this.counts?.add(state, 1);
				this.note(m.fault!, 0);
				if (this.options.stopAtFailure) this.depth = 0;
			} else if (outcome === CUT) {
				this.transitions++;
				this.cuts.add(m.cutWhy);
				this.outOfObjects ||= m.outOfObjects;
				this.tooLong ||= m.tooLong;
			}
		}
		this.done = this.depth === 0;
	}

	private closeCycle(top: number): void {
		this.cyclic = true;
		this.counts = undefined;
		if (this.options.reduction === undefined) return;
		this.widen(top);
	}

	/** The reduced set of a frame leads back onto the stack: try the other enabled threads too. */
	private widen(top: number): void {
		const { m, store } = this;
		store.copy(this.stack[top]!, m.words);
		const all = this.remembered.enabled();
		const tried = this.tried[this.depth - 1]!;
		this.stack[top + 1] = this.stack[top + 1]! | (all & ~tried);
		this.tried[this.depth - 1] = all;
	}

	/** With a reduction: per frame the threads that were or will be tried. */
	private readonly tried: number[] = [];

	private push(state: number, parent: number): void {
		const enabled = this.remembered.enabled();
		const at = this.depth * 4;
		if (at === this.stack.length) {
			const grown = new Int32Array(this.stack.length * 2);
			grown.set(this.stack);
			this.stack = grown;
		}
		if (this.colored && state >= this.color.length) {
			const grown = new Uint8Array(this.color.length * 2);
			grown.set(this.color);
			this.color = grown;
		}
		this.stack[at] = state;
		this.stack[at + 2] = -1;
		this.stack[at + 3] = 0;
		if (this.colored) this.color[state] = ON_STACK;
		if (this.counts !== undefined) {
			if (state >= MOST_COUNTED) this.counts = undefined;
			else this.counts.begin(state, enabled === 0 ? 1 : 0);
		}
		if (parent >= 0 && parent !== at - 4) throw new Error('a state was pushed under the wrong frame');
		this.depth++;
		if (enabled === 0) {
			this.stack[at + 1] = 0;
			this.terminal();
			return;
		}
		this.options.races?.look(enabled, () => this.schedule(1));
		const { reduction } = this.options;
		this.loaded = true;
		this.stack[at + 1] = enabled;
		if (reduction === undefined) return;
		const chosen = reduction(enabled, this.remembered);
		this.stack[at + 1] = chosen;
		this.tried[this.depth - 1] = chosen;
	}

	private terminal(): void {
		this.terminals++;
		const faults = judgeTerminal(this.m);
		for (const fault of faults) this.note(fault, 1);
		if (faults.length > 0 && this.options.stopAtFailure) this.depth = 0;
		else if (faults.length === 0 && this.passing === undefined) this.passing = this.schedule(1);
	}

	private pop(): void {
		const at = (this.depth - 1) * 4;
		const state = this.stack[at]!;
		if (this.colored) this.color[state] = VISITED;
		this.depth--;
		if (this.depth > 0) this.counts?.addOf(this.stack[at - 4]!, state);
	}

	/** The entries taken from the frames up to the top one, which has taken none when `without` is 1. */
	private schedule(without: number): Schedule {
		const entries: number[] = [];
		for (let frame = 0; frame < this.depth - without; frame++) entries.push(this.stack[frame * 4 + 2]!);
		return this.options.symmetry === undefined ? entries : this.concrete(entries, this.options.symmetry);
	}

	/** The schedule in terms of the threads as they are, not of those that stand for them: their changes of place are done again. */
	private concrete(entries: Schedule, symmetry: Symmetry): Schedule {
		const { m } = this;
		const saved = m.words.slice();
		const { fault } = m;
		let really: readonly number[] = m.threads.map((_, t) => t);
		const change = (): void => {
			symmetry.canonical(m);
			really = really.map((_, t) => really[symmetry.origin[t]!]!);
		};
		initialize(m);
		change();
		const schedule = entries.map((entry) => {
			const thread = entry % CHOICE_STRIDE;
			const concrete = really[thread]! + entry - thread;
			if (step(m, thread, Math.floor(entry / CHOICE_STRIDE)) === DONE) change();
			return concrete;
		});
		m.words.set(saved);
		m.fault = fault;
		return schedule;
	}

	private note(fault: Fault, without: number): void {
		const key = keyOf(this.m, fault);
		if (!this.found.has(key)) this.found.set(key, { fault, schedule: this.schedule(without), preemptions: -1, shortest: false });
	}
}
