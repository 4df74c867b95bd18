import type { Op, Operand, Program, Step } from '../../../sim';
import { lastOf, type Lowered } from '../../lower';

/**
 * The fields of which the patch's own lines ask something on the way of `thread`, up to a step: those that are read there, and those that were read into a variable
 * before, of which the patch asks now.
 */
export function askedOf(lowered: Lowered, program: Program, thread: number, steps: readonly Step[]): ReadonlySet<string> {
	const code = program.threads[thread]?.code ?? [];
	const from = new Map<number, ReadonlySet<string>>();
	const asked = new Set<string>();
	const of = (operand: Operand): ReadonlySet<string> => ('reg' in operand ? (from.get(operand.reg) ?? NONE) : NONE);
	for (const pc of steps.flatMap((step) => (step.thread === thread ? step.executed : []))) {
		const op: Op | undefined = code[pc];
		if (!op) continue;
		const own = lowered.origins[op.origin]?.changed === true;
		if (op.op === 'load') {
			const field = lastOf(lowered.notes[thread]?.[pc]?.key ?? '');
			from.set(op.dst, new Set([field]));
			if (own) asked.add(field);
		} else if (op.op === 'set') from.set(op.dst, of(op.from));
		else if (op.op === 'alu') from.set(op.dst, new Set([...of(op.a), ...of(op.b)]));
		else if (op.op === 'branch' && own) for (const field of of(op.cond)) asked.add(field);
	}
	return asked;
}

const NONE: ReadonlySet<string> = new Set();
