import { CHOICE_STRIDE } from '../exploration';
import { initialize, step } from '../machine/stepping';
import { DONE, FAILED, type Fault, type Machine, NOT_NOW } from '../machine/machine';
import { enabledThreads, type Found, keyOf } from './schedules';
import { StateStore } from './store';
import { judgeTerminal } from './terminal';

interface Best {
	readonly found: Found;
	readonly steps: number;
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
	constructor(private readonly m: Machine, private readonly wanted: ReadonlySet<string>, private readonly mostNodes: number) {
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
		const { m, store } = this;
		const state = this.nodes[node * 4]!;
		const last = this.nodes[node * 4 + 1]!;
		if ((this.settled[state]! >> last) & 1) return;
		this.settled[state] = this.settled[state]! | (1 << last);
		store.copy(state, m.words);
		const enabled = enabledThreads(m);
		if (enabled === 0) {
			for (const fault of judgeTerminal(m)) this.note(fault, node, -1, this.preemptions, this.depth);
			return;
		}
		for (let todo = enabled; todo !== 0; todo &= todo - 1) {
			const thread = 31 - Math.clz32(todo & -todo);
			const own = thread < m.threads.length;
			const cost = own && thread !== last && last < m.threads.length && ((enabled >> last) & 1) === 1 ? 1 : 0;
			for (let choice = 0; choice >= 0;) {
				store.copy(state, m.words);
				const outcome = step(m, thread, choice);
				const entry = thread + CHOICE_STRIDE * choice;
				choice = m.nextChoice();
				if (outcome === NOT_NOW) continue;
				if (outcome === FAILED) this.note(m.fault!, node, entry, this.preemptions + cost, this.depth + 1);
				if (outcome !== DONE) continue;
				const id = store.add(m.words);
				if (id >= this.settled.length) {
					const grown = new Int32Array(this.settled.length * 2);
					grown.set(this.settled);
					this.settled = grown;
				}
				const now = own ? thread : last;
				if ((this.settled[id]! >> now) & 1) continue;
				const layer = cost === 0 ? this.layer : this.nextLayer;
				while (layer.length <= this.depth + 1) layer.push([]);
				layer[this.depth + 1]!.push(this.node(id, now, node, entry));
			}
		}
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

