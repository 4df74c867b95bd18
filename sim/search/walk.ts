import type { Schedule } from '../exploration';
import { longer, TO_CUT } from './edges';
import type { Graph } from './graph';
import { INITIAL } from './known';
import type { Races } from './races';
import type { Found, KeyedFault } from './schedules';
import { type Explored, ON_STACK, type Search, VISITED } from './search';
import { Ways } from './ways';

const FIRST_STATES = 256;

/** Depth-first search over a state graph that is kept for what comes after: the same as `DepthFirst` without reduction. */
export class Walk implements Search {
	readonly found = new Map<string, Found>();
	states = 0;
	transitions = 0;
	passing: Schedule | undefined = undefined;
	done = false;
	private cyclic = false;
	/** Frames: state, the edge to be taken next. */
	private stack = new Int32Array(2 * FIRST_STATES);
	private depth = 0;
	private color = new Uint8Array(FIRST_STATES);
	private readonly ways = new Ways();

	constructor(readonly graph: Graph, private readonly races: Races) {
		this.push(INITIAL);
	}

	get total(): bigint | undefined {
		return this.done && !this.cyclic ? this.ways.of(INITIAL) : undefined;
	}

	get bytes(): number {
		return this.graph.bytes + this.ways.bytes + this.color.byteLength + this.stack.byteLength;
	}

	get explored(): Explored {
		return this.graph;
	}

	get cuts(): ReadonlySet<string> {
		return this.graph.cuts;
	}

	get outOfObjects(): boolean {
		return this.graph.outOfObjects;
	}

	get tooLong(): boolean {
		return this.graph.tooLong;
	}

	advance(transitions: number): void {
		const limit = this.transitions + transitions;
		const { edges } = this.graph;
		while (this.depth > 0 && this.transitions < limit) {
			const top = (this.depth - 1) * 2;
			const state = this.stack[top]!;
			const edge = this.stack[top + 1]!;
			if (edge === edges.endOf(state)) {
				this.pop();
				continue;
			}
			this.stack[top + 1] = edge + 1;
			this.transitions++;
			const to = edges.to[edge]!;
			if (to >= 0) {
				const color = to < this.color.length ? this.color[to] : 0;
				if (color === 0) this.push(to);
				else if (color === ON_STACK) this.cyclic = true;
				else if (!this.cyclic) this.ways.addOf(state, to);
			} else if (to !== TO_CUT) {
				if (!this.cyclic) this.ways.add(state, 1);
				this.note(edges.faults[~to]!);
			}
		}
		this.done = this.depth === 0;
	}

	private push(state: number): void {
		const { graph } = this;
		const { edges } = graph;
		this.states++;
		while (state >= this.color.length) {
			const grown = new Uint8Array(this.color.length * 2);
			grown.set(this.color);
			this.color = grown;
		}
		this.color[state] = ON_STACK;
		graph.expand(state);
		const enabled = edges.enabledIn(state);
		this.ways.begin(state, enabled === 0 ? 1 : 0);
		if (enabled === 0) {
			const faults = edges.terminal.get(state)!;
			for (const fault of faults) this.note(fault);
			if (faults.length === 0) this.passing ??= this.schedule();
		} else if (this.races.wanted && (enabled & (enabled - 1)) !== 0) {
			graph.store.copy(state, graph.m.words);
			this.races.look(enabled, () => this.schedule());
		}
		if (2 * this.depth === this.stack.length) this.stack = longer(this.stack);
		this.stack[2 * this.depth] = state;
		this.stack[2 * this.depth + 1] = edges.firstOf(state);
		this.depth++;
	}

	private pop(): void {
		const state = this.stack[2 * --this.depth]!;
		this.color[state] = VISITED;
		if (this.depth > 0 && !this.cyclic) this.ways.addOf(this.stack[2 * (this.depth - 1)]!, state);
	}

	/** The entries taken so far. */
	private schedule(): Schedule {
		const entries: number[] = [];
		for (let frame = 0; frame < this.depth; frame++) entries.push(this.graph.edges.entry[this.stack[2 * frame + 1]! - 1]!);
		return entries;
	}

	private note({ fault, key }: KeyedFault): void {
		if (!this.found.has(key)) this.found.set(key, { fault, schedule: this.schedule(), preemptions: -1, shortest: false });
	}
}
