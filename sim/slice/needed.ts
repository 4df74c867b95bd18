import { reads, writes } from '../machine/opcodes';
import type { Op } from '../program';
import { controllersOf, postDominators, successorsOf } from './flow';

/** Register operations, and what they are when nothing can go wrong in them: needed only for their result. */
const PURE: ReadonlySet<Op['op']> = new Set(['set', 'alu', 'choose']);

/** One thread's operations, and which of them what is needed depends on. */
export class Needed {
	readonly kept: Uint8Array;
	readonly dominator: Int32Array;
	private readonly controllers: readonly (readonly number[])[];
	private readonly live: Int32Array;
	private readonly words: number;
	private readonly reading: readonly (readonly number[])[];
	private readonly writing: Int32Array;
	private readonly after: readonly (readonly number[])[];
	/** Something jumps back: once backwards is not enough then. */
	private readonly loops: boolean;

	/** `forResult`: needed only if its result is (a load in which nothing can go wrong). */
	constructor(private readonly ops: readonly Op[], registers: number, private readonly forResult: Uint8Array) {
		this.kept = new Uint8Array(ops.length);
		this.dominator = postDominators(ops);
		this.controllers = controllersOf(ops, this.dominator);
		this.words = (registers + 31) >> 5;
		this.live = new Int32Array((ops.length + 1) * this.words);
		// Where no way leads to the end there is no place where a branch's ways meet.
		ops.forEach((op, pc) => { if (op.op === 'branch' && this.dominator[pc]! < 0) this.kept[pc] = 1; });
		this.after = ops.map((_, pc) => successorsOf(ops, pc));
		this.writing = Int32Array.from(ops, writes);
		this.loops = this.after.some((next, pc) => next.some((each) => each <= pc));
		this.reading = ops.map((op) => reads(op).flatMap((operand) => ('reg' in operand ? [operand.reg] : [])));
	}

	/** Keeps the operation; `settle` then keeps what it depends on. */
	keep(pc: number): boolean {
		if (this.kept[pc] === 1) return false;
		this.kept[pc] = 1;
		return true;
	}

	/** Keeps what decides or computes what is kept, until nothing more is. True when anything was added. */
	settle(): boolean {
		let grew = false;
		for (let again = true; again;) {
			again = false;
			for (let pc = 0; pc < this.ops.length; pc++) {
				if (this.kept[pc] === 0) continue;
				for (const branch of this.controllers[pc]!) if (this.keep(branch)) again = true;
			}
			if (this.compute()) again = true;
			grew ||= again;
		}
		return grew;
	}

	/** Strongly live registers, backwards; keeps the operations whose result is one. */
	private compute(): boolean {
		const { ops, words, live, kept, after, writing } = this;
		const row = new Int32Array(words);
		let grew = false;
		for (let changed = true; changed;) {
			changed = false;
			for (let pc = ops.length - 1; pc >= 0; pc--) {
				const op = ops[pc]!;
				row.fill(0);
				for (const next of after[pc]!) if (next < ops.length) for (let w = 0; w < words; w++) row[w] = row[w]! | live[next * words + w]!;
				const dst = writing[pc]!;
				const wanted = dst >= 0 && (row[dst >> 5]! & (1 << (dst & 31))) !== 0;
				if (wanted && kept[pc] === 0 && (PURE.has(op.op) || this.forResult[pc] === 1)) {
					kept[pc] = 1;
					grew = true;
				}
				if (dst >= 0) row[dst >> 5] = row[dst >> 5]! & ~(1 << (dst & 31));
				if (kept[pc] === 1) for (const reg of this.reading[pc]!) row[reg >> 5] = row[reg >> 5]! | (1 << (reg & 31));
				for (let w = 0; w < words; w++) {
					if (live[pc * words + w] !== row[w]) {
						live[pc * words + w] = row[w]!;
						changed = true;
					}
				}
			}
			if (!this.loops) break;
		}
		return grew;
	}
}
