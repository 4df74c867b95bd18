import { longer, TO_CUT } from './edges';
import { type Graph, MOST_ENTRIES } from './graph';
import { INITIAL } from './known';

const FIRST_PAIRS = 256, FIRST_FRAMES = 64;
/** Frames: number of the pair, its state, the edges that need not be taken (what they lead to is counted elsewhere), the edge to be taken next. */
const PAIR = 0, STATE = 1, SLEEP = 2, EDGE = 3, FRAME = 4;
/** Of a pair that is still being counted. */
const COUNTING = -1;

/**
 * Counts inequivalent maximal interleavings (Mazurkiewicz traces), failing and passing, by sleep sets (Godefroid: Partial-Order Methods,
 * 1996): of each class exactly one member is followed to its end. What lies behind a pair of state and sleep set is counted once
 * and remembered, so that the work grows with such pairs, not with traces. A thread whose step
 * fails stops there and the others go on, so that the classes are of whole interleavings and their number does not depend on the order of search.
 */
export class Traces {
	done = false;
	exact = true;
	/** Pairs met. */
	nodes = 0;
	/** Per state the last pair met plus one; per pair its sleep set, the one before of its state plus one, and its counts. */
	private lastPair = new Int32Array(FIRST_PAIRS);
	private sleepOf = new Int32Array(FIRST_PAIRS);
	private pairBefore = new Int32Array(FIRST_PAIRS);
	private failingOf = new Float64Array(FIRST_PAIRS);
	private passingOf = new Float64Array(FIRST_PAIRS);
	private stack = new Int32Array(FRAME * FIRST_FRAMES);
	private depth = 0;
	/** Per frame what has been counted so far. */
	private failing = new Float64Array(FIRST_FRAMES);
	private passing = new Float64Array(FIRST_FRAMES);

	constructor(private readonly graph: Graph, private readonly mostNodes: number) {
		graph.expand(INITIAL);
		this.enter(INITIAL, 0);
	}

	/** Failing and passing traces; lower bounds unless `exact`. */
	get counts(): { readonly failing: number; readonly passing: number; readonly exact: boolean } {
		let failing = 0;
		let passing = 0;
		let failed = false;
		// What was counted first stays in the first frame.
		for (let frame = 0; frame < Math.max(1, this.depth); frame++) {
			failing += failed ? this.failing[frame]! + this.passing[frame]! : this.failing[frame]!;
			passing += failed ? 0 : this.passing[frame]!;
			failed ||= frame < this.depth && this.failsAt(frame);
		}
		return { failing, passing, exact: this.exact && this.done && this.graph.narrow && failing <= Number.MAX_SAFE_INTEGER && passing <= Number.MAX_SAFE_INTEGER };
	}

	/** Takes up to `many` steps of the count. */
	advance(many: number): void {
		const { graph } = this;
		const { edges } = graph;
		for (let left = many; left > 0 && !this.done; left--) {
			const frame = this.depth - 1;
			if (frame < 0) {
				this.done = true;
				return;
			}
			const { stack } = this;
			const top = frame * FRAME;
			const state = stack[top + STATE]!;
			const edge = stack[top + EDGE]!;
			if (edge === edges.endOf(state)) {
				this.leave();
				continue;
			}
			stack[top + EDGE] = edge + 1;
			const at = edge - edges.firstOf(state);
			const bit = at < MOST_ENTRIES ? 1 << at : 0;
			const sleeping = stack[top + SLEEP]!;
			if ((sleeping & bit) !== 0) continue;
			stack[top + SLEEP] = sleeping | bit;
			const next = graph.target(edge);
			if (next === TO_CUT) continue;
			graph.expand(next);
			const sleep = this.carried(state, sleeping & graph.commuting(edge), next);
			const pair = this.find(next, sleep);
			if (pair >= 0 && this.failingOf[pair] !== COUNTING) this.add(frame, this.failingOf[pair]!, this.passingOf[pair]!);
			else if (pair >= 0) this.exact = false;
			else if (this.nodes >= this.mostNodes) {
				this.exact = false;
				this.done = true;
			} else this.enter(next, sleep);
		}
	}

	/** The edges of the next state by the same entries as these of a state; either has them in order of thread and choice. */
	private carried(state: number, asleep: number, next: number): number {
		if (asleep === 0) return 0;
		const { edges } = this.graph;
		const { entry } = edges;
		const from = edges.firstOf(state), first = edges.firstOf(next);
		const end = Math.min(edges.endOf(next), first + MOST_ENTRIES);
		let sleep = 0;
		for (let todo = asleep; todo !== 0; todo &= todo - 1) {
			const wanted = entry[from + 31 - Math.clz32(todo & -todo)]!;
			for (let edge = first; edge < end; edge++) {
				if (entry[edge] !== wanted) continue;
				sleep |= 1 << (edge - first);
				break;
			}
		}
		return sleep;
	}

	/** Begins to count what lies behind a state that is expanded. */
	private enter(state: number, sleep: number): void {
		const pair = this.nodes++;
		if (pair === this.sleepOf.length) {
			[this.sleepOf, this.pairBefore] = [longer(this.sleepOf), longer(this.pairBefore)];
			[this.failingOf, this.passingOf] = [wider(this.failingOf), wider(this.passingOf)];
		}
		while (state >= this.lastPair.length) this.lastPair = longer(this.lastPair);
		this.sleepOf[pair] = sleep;
		this.pairBefore[pair] = this.lastPair[state]!;
		this.lastPair[state] = pair + 1;
		this.failingOf[pair] = COUNTING;
		const frame = this.depth++;
		if (frame === this.failing.length) {
			this.stack = longer(this.stack);
			[this.failing, this.passing] = [wider(this.failing), wider(this.passing)];
		}
		const { edges } = this.graph;
		const top = frame * FRAME;
		this.stack[top + PAIR] = pair;
		this.stack[top + STATE] = state;
		this.stack[top + SLEEP] = sleep;
		this.stack[top + EDGE] = edges.firstOf(state);
		const terminal = edges.enabledIn(state) === 0;
		const fails = terminal && (edges.terminal.get(state)?.length ?? 0) > 0;
		this.failing[frame] = fails ? 1 : 0;
		this.passing[frame] = terminal && !fails ? 1 : 0;
	}

	private leave(): void {
		const frame = --this.depth;
		const pair = this.stack[frame * FRAME + PAIR]!;
		this.failingOf[pair] = this.failing[frame]!;
		this.passingOf[pair] = this.passing[frame]!;
		if (frame > 0) this.add(frame - 1, this.failing[frame]!, this.passing[frame]!);
	}

	/** Adds what lies behind the edge that a frame took last. Behind a failing step everything counts as failing. */
	private add(frame: number, failing: number, passing: number): void {
		const fails = this.failsAt(frame);
		this.failing[frame] = this.failing[frame]! + (fails ? failing + passing : failing);
		this.passing[frame] = this.passing[frame]! + (fails ? 0 : passing);
	}

	/** Whether the step that a frame took last fails. */
	private failsAt(frame: number): boolean {
		const edge = this.stack[frame * FRAME + EDGE]!;
		return edge > this.graph.edges.firstOf(this.stack[frame * FRAME + STATE]!) && this.graph.fails(edge - 1);
	}

	private find(state: number, sleep: number): number {
		let pair = (state < this.lastPair.length ? this.lastPair[state]! : 0) - 1;
		while (pair >= 0 && this.sleepOf[pair] !== sleep) pair = this.pairBefore[pair]! - 1;
		return pair;
	}
}

function wider(from: Float64Array): Float64Array<ArrayBuffer> {
	const grown = new Float64Array(from.length * 2);
	grown.set(from);
	return grown;
}
