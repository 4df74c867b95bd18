import type { Schedule } from '../exploration';
import type { Graph } from './graph';
import { TO_CUT } from './graph';
import type { Races } from './races';
import { enabledThreads, type Found, type KeyedFault } from './schedules';
import { addCounts, type Explored, ON_STACK, type Search, VISITED } from './search';

/** Depth-first search over a state graph that is kept for what comes after: the same as `DepthFirst` without reduction. */
export class Walk implements Search {
	readonly found = new Map<string, Found>();
	states = 0;
	transitions = 0;
	passing: Schedule | undefined = undefined;
	done = false;
	private cyclic = false;
	private readonly stack: { readonly state: number; at: number }[] = [];
	private readonly color: number[] = [];
	private readonly counts: (number | bigint)[] = [];

	constructor(readonly graph: Graph, private readonly races: Races) {
		this.push(0);
	}

	get total(): bigint | undefined {
		return this.done && !this.cyclic ? BigInt(this.counts[0]!) : undefined;
	}

	get bytes(): number {
		return this.graph.store.bytes + this.graph.edges.bytes;
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
		while (this.stack.length > 0 && this.transitions < limit) {
			const frame = this.stack.at(-1)!;
			const { entries, next, fails } = this.graph.expand(frame.state);
			if (frame.at === entries.length) {
				this.pop();
				continue;
			}
			const at = frame.at++;
			this.transitions++;
			const target = next[at]!;
			const failure = fails[at];
			if (target === TO_CUT) continue;
			if (failure !== undefined) {
				this.count(frame.state, 1);
				this.note(failure);
			} else if (this.color[target] === undefined) this.push(target);
			else if (this.color[target] === ON_STACK) this.cyclic = true;
			else this.count(frame.state, this.counts[target]!);
		}
		this.done = this.stack.length === 0;
	}

	private count(state: number, more: number | bigint): void {
		if (!this.cyclic) this.counts[state] = addCounts(this.counts[state]!, more);
	}

	private push(state: number): void {
		this.states++;
		this.color[state] = ON_STACK;
		const { entries, faults } = this.graph.expand(state);
		this.counts[state] = entries.length === 0 ? 1 : 0;
		if (entries.length === 0) {
			for (const fault of faults) this.note(fault);
			if (faults.length === 0) this.passing ??= this.schedule();
		} else if (this.races.wanted && entries.length > 1) {
			const { m, store } = this.graph;
			store.copy(state, m.words);
			this.races.look(enabledThreads(m), () => this.schedule());
		}
		this.stack.push({ state, at: 0 });
	}

	private pop(): void {
		const { state } = this.stack.pop()!;
		this.color[state] = VISITED;
		const parent = this.stack.at(-1);
		if (parent !== undefined) this.count(parent.state, this.counts[state]!);
	}

	/** The entries taken so far. */
	private schedule(): Schedule {
		return this.stack.map(({ state, at }) => this.graph.expand(state).entries[at - 1]!);
	}

	private note({ fault, key }: KeyedFault): void {
		if (!this.found.has(key)) this.found.set(key, { fault, schedule: this.schedule(), preemptions: -1, shortest: false });
	}
}
