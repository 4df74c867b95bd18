import type { KeyedFault } from './schedules';

const FIRST_STATES = 256, FIRST_EDGES = 512;

/** Where an edge leads that is cut short: no failure, and no state. */
export const TO_CUT = -0x8000_0000;

/**
 * Where the steps from states lead, for searches that come after the one that took them: per state the threads that can move there, and in order of thread and choice
 * the entries that can be taken, each with the state that it leads to or its failure. What is cut short may be left out.
 */
export class Edges {
	/** Per edge its schedule entry, and the state that it leads to, or below 0 `TO_CUT` or the failure `faults[~to]`. */
	entry = new Int32Array(FIRST_EDGES);
	to = new Int32Array(FIRST_EDGES);
	count = 0;
	readonly faults: KeyedFault[] = [];
	/** Of states where nobody can move what is wrong with them. */
	readonly terminal = new Map<number, readonly KeyedFault[]>();
	/** Per state its first edge plus one (0 where nobody has looked), and the one past its last. */
	private first = new Int32Array(FIRST_STATES);
	private end = new Int32Array(FIRST_STATES);
	private enabled = new Int32Array(FIRST_STATES);

	/** What is added from now on leads on from this state. */
	begin(state: number, enabled: number): void {
		while (state >= this.first.length) [this.first, this.end, this.enabled] = [longer(this.first), longer(this.end), longer(this.enabled)];
		this.first[state] = this.count + 1;
		this.end[state] = this.count;
		this.enabled[state] = enabled;
	}

	/** Adds an edge of a state, and gives its number. */
	add(state: number, entry: number, to: number): number {
		if (this.count === this.to.length) [this.entry, this.to] = [longer(this.entry), longer(this.to)];
		this.entry[this.count] = entry;
		this.to[this.count] = to;
		this.end[state] = this.count + 1;
		return this.count++;
	}

	addFault(state: number, entry: number, fault: KeyedFault): void {
		this.add(state, entry, ~this.faults.length);
		this.faults.push(fault);
	}

	has(state: number): boolean {
		return state < this.first.length && this.first[state] !== 0;
	}

	firstOf(state: number): number {
		return this.first[state]! - 1;
	}

	endOf(state: number): number {
		return this.end[state]!;
	}

	/** The bits of the threads that can move. */
	enabledIn(state: number): number {
		return this.enabled[state]!;
	}

	get bytes(): number {
		return 2 * this.to.byteLength + 3 * this.first.byteLength;
	}
}

/** The same with room for twice as many. */
export function longer(from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
	const grown = new Int32Array(from.length * 2);
	grown.set(from);
	return grown;
}
