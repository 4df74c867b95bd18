import type { Program } from '../program';
import { UNRESOLVED } from './machine';

/** What a cell holds at first, and again when its object is allocated. */
export function initialValue(program: Program, cell: number): number {
	const { initial, domain } = program.cells[cell]!;
	if (domain === undefined || domain.length === 0) return initial;
	return domain.length === 1 ? domain[0]! : UNRESOLVED;
}
