import type { Op } from '../program';
import { reads, writes } from './opcodes';

/**
 * For each of the given places the registers whose value can still be read from there on, ascending. What is dead is no part of
 * the state, so that leftovers do not tell equal states apart (Aho, Lam, Sethi, Ullman: Compilers, 9.2.5).
 */
export const liveAt = (ops: readonly Op[], registers: number, places: Int32Array): readonly Int32Array[] =>
	usedFrom(ops, registers, places, (op) => reads(op).flatMap((operand) => ('reg' in operand ? [operand.reg] : [])), writes);

/** The same of watches: those that a store may still ask for before they are armed again. */
export const watchedAt = (ops: readonly Op[], watches: number, places: Int32Array): readonly Int32Array[] =>
	usedFrom(ops, watches, places, (op) => ((op.op === 'store' || op.op === 'rmw') && op.unless !== undefined ? [op.unless.watch] : []), (op) => (op.op === 'load' && op.watch !== undefined ? op.watch : -1));

/** Per place which of `count` things are used from there on before they are set; an operation sets one of them, or none (-1). */
function usedFrom(ops: readonly Op[], count: number, places: Int32Array, uses: (op: Op) => readonly number[], sets: (op: Op) => number): readonly Int32Array[] {
	const words = (count + 31) >> 5;
	const live = new Int32Array((ops.length + 1) * words);
	const reading = ops.map(uses);
	const setting = ops.map(sets);
	const row = new Int32Array(words);
	// Once backwards is enough where nothing jumps back.
	const loops = ops.some((op, pc) => (op.op === 'jump' || op.op === 'branch') && op.target <= pc);
	for (let changed = true; changed;) {
		changed = false;
		for (let pc = ops.length - 1; pc >= 0; pc--) {
			const op = ops[pc]!;
			row.fill(0);
			if (op.op !== 'end' && op.op !== 'cut') {
				const next = op.op === 'jump' ? op.target : pc + 1;
				for (let w = 0; w < words; w++) row[w] = live[next * words + w]!;
				if (op.op === 'branch') for (let w = 0; w < words; w++) row[w] = row[w]! | live[op.target * words + w]!;
			}
			const dst = setting[pc]!;
			if (dst >= 0) row[dst >> 5] = row[dst >> 5]! & ~(1 << (dst & 31));
			for (const each of reading[pc]!) row[each >> 5] = row[each >> 5]! | (1 << (each & 31));
			for (let w = 0; w < words; w++) {
				if (live[pc * words + w] !== row[w]) {
					live[pc * words + w] = row[w]!;
					changed = true;
				}
			}
		}
		if (!loops) break;
	}
	return Array.from(places, (pc) => {
		const alive: number[] = [];
		for (let each = 0; each < count; each++) if ((live[pc * words + (each >> 5)]! >> (each & 31)) & 1) alive.push(each);
		return Int32Array.from(alive);
	});
}
