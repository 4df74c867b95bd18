import { type Expansion, type Graph, MOST_ENTRIES, TO_CUT } from './graph';

interface Frame {
	/** Number of the pair of state and sleep set. */
	readonly pair: number;
	readonly expansion: Expansion;
	/** Bits of entries that need not be taken: what they lead to is counted elsewhere. */
	sleep: number;
	at: number;
	failing: number;
	passing: number;
}

/**
 * Counts inequivalent maximal interleavings (Mazurkiewicz traces), failing and passing, by sleep sets (Godefroid: Partial-Order Methods,
 * 1996): of each class exactly one member is followed to its end. What lies behind a pair of state and sleep set is counted once
 * and remembered, so that the work grows with such pairs, not with traces. A thread whose step
 * fails stops there and the others go on, so that the classes are of whole interleavings and their number does not depend on the order of search.
 */
export class Traces {
	done = false;
	exact = true;
	/** Pairs of state and sleep set: per state the last one met, per pair its sleep set, the one before of its state, and its counts (-1: being counted). */
	private readonly lastPair: number[] = [];
	private readonly sleepOf: number[] = [];
	private readonly pairBefore: number[] = [];
	private readonly failingOf: number[] = [];
	private readonly passingOf: number[] = [];
	private readonly stack: Frame[] = [];
	private failingTotal = 0;
	private passingTotal = 0;
	/** Pairs met. */
	get nodes(): number {
		return this.sleepOf.length;
	}

	constructor(private readonly graph: Graph, private readonly mostNodes: number) {
		this.enter(0, 0);
	}

	/** Failing and passing traces; lower bounds unless `exact`. */
	get counts(): { readonly failing: number; readonly passing: number; readonly exact: boolean } {
		let failing = this.failingTotal;
		let passing = this.passingTotal;
		let failed = false;
		for (const frame of this.stack) {
			failing += failed ? frame.failing + frame.passing : frame.failing;
			passing += failed ? 0 : frame.passing;
			failed ||= frame.at > 0 && frame.expansion.fails[frame.at - 1] !== undefined;
		}
		return { failing, passing, exact: this.exact && this.done && this.graph.narrow && failing <= Number.MAX_SAFE_INTEGER && passing <= Number.MAX_SAFE_INTEGER };
	}

	/** Takes up to `many` steps of the count. */
	advance(many: number): void {
		for (let left = many; left > 0 && !this.done; left--) {
			const frame = this.stack.at(-1);
			if (frame === undefined) {
				this.done = true;
				return;
			}
			const { expansion } = frame;
			if (frame.at === expansion.entries.length) {
				this.leave(frame);
				continue;
			}
			const at = frame.at++;
			const bit = at < MOST_ENTRIES ? 1 << at : 0;
			if ((frame.sleep & bit) !== 0) continue;
			const asleep = frame.sleep & expansion.commutes[at]!;
			frame.sleep |= bit;
			const next = expansion.next[at]!;
			if (next !== TO_CUT) {
				const target = this.graph.expand(next);
				let sleep = 0;
				for (let todo = asleep; todo !== 0; todo &= todo - 1) {
					const index = target.entries.indexOf(expansion.entries[31 - Math.clz32(todo & -todo)]!);
					if (index >= 0 && index < MOST_ENTRIES) sleep |= 1 << index;
				}
				const pair = this.find(next, sleep);
				if (pair >= 0 && this.failingOf[pair]! >= 0) add(frame, this.failingOf[pair]!, this.passingOf[pair]!, expansion.fails[at] !== undefined);
				 else if (pair >= 0) this.exact = false;
				else if (this.nodes >= this.mostNodes) {
					this.exact = false;
					this.done = true;
				} else this.enter(next, sleep);
			}
		}
	}

	private enter(state: number, sleep: number): void {
		const expansion = this.graph.expand(state);
		const pair = this.sleepOf.length;
		this.sleepOf.push(sleep);
		this.pairBefore.push(this.lastPair[state] ?? -1);
		this.lastPair[state] = pair;
		this.failingOf.push(-1);
		this.passingOf.push(-1);
		const terminal = expansion.entries.length === 0;
		this.stack.push({ pair, expansion, sleep, at: 0, failing: terminal && expansion.faults.length > 0 ? 1 : 0, passing: terminal && expansion.faults.length === 0 ? 1 : 0 });
	}

	private leave(frame: Frame): void {
		this.stack.pop();
		this.failingOf[frame.pair] = frame.failing;
		this.passingOf[frame.pair] = frame.passing;
		const parent = this.stack.at(-1);
		if (parent === undefined) {
			this.failingTotal = frame.failing;
			this.passingTotal = frame.passing;
		} else {
			add(parent, frame.failing, frame.passing, parent.expansion.fails[parent.at - 1] !== undefined);
		}
	}

	private find(state: number, sleep: number): number {
		let pair = this.lastPair[state] ?? -1;
		while (pair >= 0 && this.sleepOf[pair] !== sleep) pair = this.pairBefore[pair]!;
		return pair;
	}
}

/** Behind a failing step everything counts as failing. */
function add(frame: Frame, failing: number, passing: number, fails: boolean): void {
	frame.failing += fails ? failing + passing : failing;
	frame.passing += fails ? 0 : passing;
}
