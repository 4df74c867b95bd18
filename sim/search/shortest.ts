import { CHOICE_STRIDE } from '../exploration';
import { TO_CUT } from './edges';
import { INITIAL, type Known } from './known';
import type { Found, KeyedFault } from './schedules';

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

	/** `threads`: how many of them there are (beyond are store buffers); `wanted`: keys of the failures to look for; all others met on the way are kept too. */
	constructor(private readonly known: Known, private readonly threads: number, private readonly wanted: ReadonlySet<string>, private readonly mostNodes: number) {
		this.node(INITIAL, threads, -1, -1);
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
		const { known, threads } = this;
		const { edges } = known;
		const state = this.nodes[node * 4]!;
		const last = this.nodes[node * 4 + 1]!;
		if ((this.settled[state]! >> last) & 1) return;
		this.settled[state] = this.settled[state]! | (1 << last);
		known.look(state);
		const enabled = edges.enabledIn(state);
		if (enabled === 0) {
			for (const fault of edges.terminal.get(state) ?? []) this.note(fault, node, -1, this.preemptions, this.depth);
			return;
		}
		const preempts = last < threads && ((enabled >> last) & 1) === 1;
		const end = edges.endOf(state);
		for (let edge = edges.firstOf(state); edge < end; edge++) {
			const entry = edges.entry[edge]!;
			const to = edges.to[edge]!;
			if (to === TO_CUT) continue;
			const thread = entry % CHOICE_STRIDE;
			const own = thread < threads;
			const cost = own && thread !== last && preempts ? 1 : 0;
			if (to < 0) {
				this.note(edges.faults[~to]!, node, entry, this.preemptions + cost, this.depth + 1);
				continue;
			}
			const now = own ? thread : last;
			if (to >= this.settled.length) this.settled = longer(this.settled, known.store.count);
			if ((this.settled[to]! >> now) & 1) continue;
			const layer = cost === 0 ? this.layer : this.nextLayer;
			while (layer.length <= this.depth + 1) layer.push([]);
			layer[this.depth + 1]!.push(this.node(to, now, node, entry));
		}
	}

	private note({ fault, key }: KeyedFault, node: number, entry: number, preemptions: number, steps: number): void {
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
		if (at === this.nodes.length) this.nodes = longer(this.nodes);
		this.nodes[at] = state;
		this.nodes[at + 1] = last;
		this.nodes[at + 2] = parent;
		this.nodes[at + 3] = entry;
		return this.count++;
	}
}

function longer(from: Int32Array<ArrayBuffer>, atLeast = 0): Int32Array<ArrayBuffer> {
	const grown = new Int32Array(Math.max(from.length * 2, atLeast));
	grown.set(from);
	return grown;
}
