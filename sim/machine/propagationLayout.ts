import type { Op, Program } from '../program';
import { POINTER_BASE } from '../program';

/** Of stores that reach some threads before others (see `propagation`), what is where in the state. */
export interface Propagation {
	/** Per cell where its older value, the bits of its laggards, and the thread that its newest value is tied to, plus one, stand; -1 for cells that nobody changes. */
	readonly older: Int32Array;
	readonly laggards: Int32Array;
	readonly tied: Int32Array;
	/** Per thread where it stands what it has done: `UNLOCKED`, `FENCED`. */
	readonly done: Int32Array;
	/** The cells that somebody changes. */
	readonly cells: readonly number[];
}

/** Threads that it takes to notice. */
export const OBSERVERS = 3;

/** The cell that an operation always means, or -1. */
const cellOf = (op: Op): number => ('at' in op && 'value' in op.at.base ? op.at.base.value - POINTER_BASE + op.at.offset : -1);
const CHANGES: ReadonlySet<Op['op']> = new Set<Op['op']>(['store', 'rmw', 'cas', 'unlock']);

export function propagationOf(program: Program, take: (count: number) => number): Propagation {
	const cells = program.cells.length;
	const changed = new Uint8Array(cells);
	for (const { code } of program.threads) for (const op of code) {
		if (!CHANGES.has(op.op)) continue;
		const cell = cellOf(op);
		if (cell >= 0 && cell < cells) changed[cell] = 1;
		else changed.fill(1);
	}
	const perCell = (): Int32Array => Int32Array.from({ length: cells }, (_, cell) => (changed[cell] === 1 ? take(1) : -1));
	return { older: perCell(), laggards: perCell(), tied: perCell(), done: Int32Array.from(program.threads, () => take(1)), cells: [...changed.keys()].filter((cell) => changed[cell] === 1) };
}

