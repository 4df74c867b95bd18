import { CHOICE_STRIDE } from '../exploration';
import { initialize } from '../machine/stepping';
import { DONE, FAILED, type Fault, type Machine } from '../machine/machine';
import { Remembered } from './remembered';
import { type Found, keyOf } from './schedules';
import { StateStore } from './store';
import { judgeTerminal } from './terminal';

interface Best {
	readonly found: Found;
	readonly steps: number;
}

/** Entries that can be taken in a state, and where each leads or how it fails; in a state where nobody can move, what is wrong with it. */
interface Moves {
	readonly enabled: number;
	readonly entries: readonly number[];
	readonly next: readonly number[];
	readonly faults: readonly (Fault | undefined)[];
}

/**
 * Finds for failures already known to exist the schedule of fewest preemptions, and among those of fewest steps: a search over pairs
 * of state and last thread in order of (preemptions, steps), which is Dijkstra's with costs 0 and 1 (Musuvathi, Qadeer: Iterative
 * context bounding, PLDI 2007, have the first half of the order).
 */
export class Shortest {
	readonly best = new Map<string, Best>();
	done = false;
	private readonly store: StateStore;
	/** Per state the last threads with which it was already expanded; the bit after the last thread stands for none. */
	private settled = new Int32Array(256);
	private readonly known: (Moves | undefined)[] = [];
	/** Nodes: state, last thread, parent node, entry. */
	private nodes = new Int32Array(4 * 256);
	private count = 0;
	/** Nodes to expand by depth, for this number of preemptions and for one more. */
	private layer: number[][] = [[0]];
	private nextLayer: number[][] = [];
	private preemptions = 0;
	private depth = 0;
	private at = 0;

	/** `wanted`: keys of the failures to look for; all others met on the way are kept too. */
	constructor(private readonly m: Machine, private readonly wanted: ReadonlySet<string>, private readonly mostNodes: number, private readonly remembered: Remembered = new Remembered(m)) {
		this.store = new StateStore(m.words.length);
		initialize(m);
		this.node(this.store.add(m.words), m.threads.length, -1, -1);
	}

	get exhausted(): boolean {
		return this.count >= this.mostNodes;
	}

	/** Expands up to `many` nodes. */
	advance(many: number): void {
		for (let left = many; left > 0 && !this.done; left--) {
			const bucket = this.layer[this.depth];
			if (bucket === undefined || this.at >= bucket.length) {
				this.at = 0;
				this.depth++;
				if (this.depth >= this.layer.length && !this.descend()) this.done = true;
				if (this.settledAll()) this.done = true;
				continue;
			}
			this.expand(bucket[this.at++]!);
			if (this.exhausted) this.done = true;
		}
	}

	private descend(): boolean {
		this.layer = this.nextLayer;
		this.nextLayer = [];
		this.preemptions++;
		this.depth = 0;
		return this.layer.length > 0;
	}

	/** Whether nothing that is still to come can be better than what there is. */
	private settledAll(): boolean {
		if (this.best.size < this.wanted.size) return false;
		for (const key of this.wanted) {
			const best = this.best.get(key);
			if (best === undefined) return false;
			if (best.found.preemptions > this.preemptions) return false;
			if (best.found.preemptions === this.preemptions && best.steps > this.depth) return false;
		}
		return true;
	}

	private expand(node: number): void {
		const { m } = this;
		const state = this.nodes[node * 4]!;
		const last = this.nodes[node * 4 + 1]!;
		if ((this.settled[state]! >> last) & 1) return;
		this.settled[state] = this.settled[state]! | (1 << last);
		const { enabled, entries, next, faults } = this.moves(state);
		if (enabled === 0) {
			for (const fault of faults) if (fault !== undefined) this.note(fault, node, -1, this.preemptions, this.depth);
			return;
		}
		for (let i = 0; i < entries.length; i++) {
			const entry = entries[i]!;
			const thread = entry % CHOICE_STRIDE;
			const own = thread < m.threads.length;
			const cost = own && thread !== last && last < m.threads.length && ((enabled >> last) & 1) === 1 ? 1 : 0;
			const fault = faults[i];
			if (fault !== undefined) {
				this.note(fault, node, entry, this.preemptions + cost, this.depth + 1);
				continue;
			}
			const now = own ? thread : last;
			if ((this.settled[next[i]!]! >> now) & 1) continue;
			const layer = cost === 0 ? this.layer : this.nextLayer;
			while (layer.length <= this.depth + 1) layer.push([]);
			layer[this.depth + 1]!.push(this.node(next[i]!, now, node, entry));
		}
	}

	/** What can be done in a state, found once: it comes again with each thread that ran last. */
	private moves(state: number): Moves {
		const known = this.known[state];
		if (known !== undefined) return known;
		const { m, store } = this;
		store.copy(state, m.words);
		const enabled = this.remembered.enabled();
		const entries: number[] = [];
		const next: number[] = [];
		const faults: (Fault | undefined)[] = enabled === 0 ? [...judgeTerminal(m)] : [];
		for (let todo = enabled; todo !== 0; todo &= todo - 1) {
			const thread = 31 - Math.clz32(todo & -todo);
			for (let choice = 0; choice >= 0;) {
				store.copy(state, m.words);
				const outcome = this.remembered.take(thread, choice);
				const entry = thread + CHOICE_STRIDE * choice;
				choice = m.nextChoice();
				if (outcome !== FAILED && outcome !== DONE) continue;
				entries.push(entry);
				faults.push(outcome === FAILED ? m.fault! : undefined);
				next.push(outcome === FAILED ? -1 : this.add());
			}
		}
		const moves: Moves = { enabled, entries, next, faults };
		this.known[state] = moves;
		return moves;
	}

	/** The number of the machine's state. */
	private add(): number {
		const id = this.store.add(this.m.words);
		if (id >= this.settled.length) {
			const grown = new Int32Array(this.settled.length * 2);
			grown.set(this.settled);
			this.settled = grown;
		}
		return id;
	}

	private note(fault: Fault, node: number, entry: number, preemptions: number, steps: number): void {
		const key = keyOf(this.m, fault);
		const known = this.best.get(key);
		if (known !== undefined && (known.found.preemptions < preemptions || (known.found.preemptions === preemptions && known.steps <= steps))) return;
		const schedule = this.path(node);
		if (entry >= 0) schedule.push(entry);
		this.best.set(key, { found: { fault, schedule, preemptions, shortest: true }, steps });
	}

	private path(node: number): number[] {
		const entries: number[] = [];
		for (let at = node; this.nodes[at * 4 + 2]! >= 0; at = this.nodes[at * 4 + 2]!) entries.push(this.nodes[at * 4 + 3]!);
		return entries.reverse();
	}

	private node(state: number, last: number, parent: number, entry: number): number {
		const at = this.count * 4;
		if (at === this.nodes.length) {
			const grown = new Int32Array(this.nodes.length * 2);
			grown.set(this.nodes);
			this.nodes = grown;
		}
		this.nodes[at] = state;
		this.nodes[at + 1] = last;
		this.nodes[at + 2] = parent;
		this.nodes[at + 3] = entry;
		return this.count++;
	}
}

