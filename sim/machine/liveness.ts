import type { Op } from '../program';
import { reads, writes } from './opcodes';

/**
 * For each of the given places the registers whose value can still be read from there on, ascending. What is dead is no part of
 * the state, so that leftovers do not tell equal states apart (Aho, Lam, Sethi, Ullman: Compilers, 9.2.5).
 */
export function liveAt(ops: readonly Op[], registers: number, places: Int32Array): readonly Int32Array[] {
	const words = (registers + 31) >> 5;
	const live = new Int32Array((ops.length + 1) * words);
	const reading = ops.map((op) => reads(op).flatMap((operand) => ('reg' in operand ? [operand.reg] : [])));
	const row = new Int32Array(words);
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
			const dst = writes(op);
			if (dst >= 0) row[dst >> 5] = row[dst >> 5]! & ~(1 << (dst & 31));
			for (const reg of reading[pc]!) row[reg >> 5] = row[reg >> 5]! | (1 << (reg & 31));
			for (let w = 0; w < words; w++) {
				if (live[pc * words + w] !== row[w]) {
					live[pc * words + w] = row[w]!;
					changed = true;
				}
			}
		}
	}
	return Array.from(places, (pc) => {
		const alive: number[] = [];
		for (let reg = 0; reg < registers; reg++) if ((live[pc * words + (reg >> 5)]! >> (reg & 31)) & 1) alive.push(reg);
		return Int32Array.from(alive);
	});
}
