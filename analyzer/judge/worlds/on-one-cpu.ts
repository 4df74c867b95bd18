import type { Op, Program, Step } from '../../../sim';

/** What may come in between two steps of a thread on its CPU, by what its context and its own operations keep off there. */

/** Steps by which what an operation keeps off counts: a spin lock the scheduler, then softirqs, then interrupts. */
const LEVELS = { preempt: 1, softirq: 1 << 8, hardirq: 1 << 16 } as const;

/** What the operation adds to what is kept off. */
function raised(op: Op | undefined): number {
	if (op?.op === 'context') return LEVELS[op.which] * op.delta;
	if ((op?.op === 'lock' || op?.op === 'unlock') && (op.kind === 'spin' || op.kind === 'rw')) return op.op === 'lock' ? LEVELS.preempt : -LEVELS.preempt;
	return 0;
}

/** What cannot come in between, of tasks (0), softirqs (1) and interrupts (2): all of a lower number. */
export function undisturbed(program: Program, thread: number, level: number): number {
	const own = rank(program, thread);
	return Math.max(own === 0 ? 0 : own + 1, level >= LEVELS.hardirq ? 3 : level >= LEVELS.softirq ? 2 : level > 0 ? 1 : 0);
}

export function rank({ threads }: Program, thread: number): number {
	const context = threads[thread]?.context ?? 'task';
	return context === 'hardirq' ? 2 : context === 'softirq' || context === 'timer' || context === 'rcu' ? 1 : 0;
}

/** By operation along the steps: who ran it, and what was kept off there. */
export function levelsOn({ threads }: Program, steps: readonly Step[]): readonly { readonly thread: number; readonly pc: number; readonly op: Op | undefined; readonly level: number }[] {
	const levels = new Map<number, number>();
	return steps.flatMap(({ thread, executed }) => executed.map((pc) => {
		const op = threads[thread]?.code[pc];
		const level = (levels.get(thread) ?? 0) + raised(op);
		levels.set(thread, level);
		return { thread, pc, op, level };
	}));
}
