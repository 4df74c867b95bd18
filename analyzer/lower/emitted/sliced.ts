import { slice } from '../../../sim';
import type { Lowered } from '../program';

/** What is lowered without what no check can tell: fewer steps, fewer unknowns, the same failures. */
export function sliced(lowered: Lowered): Lowered {
	const { program, from } = slice(lowered.program);
	return { ...lowered, program, notes: from.map((index, thread) => index.map((at) => lowered.notes[thread]?.[at] ?? {})) };
}
