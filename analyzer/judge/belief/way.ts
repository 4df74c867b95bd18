import type { Op, Program, Step } from '../../../sim';
import type { Lowered } from '../../lower';

/** What the threads touched, held and changed on the way to a failure. */

/** What a thread touched on the way to the failure, and what it held there. */
export interface Access {
	readonly thread: number;
	readonly key: string;
	/** Index of its step. */
	readonly at: number;
	readonly locks: ReadonlySet<number>;
}

const ACCESSES: ReadonlySet<Op['op']> = new Set(['load', 'store', 'rmw', 'cas', 'enter', 'touch', 'get', 'put', 'free']);

/** A cell that a step changed. */
export interface Move {
	readonly thread: number;
	readonly cell: number;
	readonly before: number;
	readonly after: number;
	readonly at: number;
	readonly locks: ReadonlySet<number>;
}

export interface Way {
	readonly steps: readonly Step[];
	readonly accesses: readonly Access[];
	readonly moves: readonly Move[];
	/** Threads that were inside a read side. */
	readonly readers: ReadonlySet<number>;
	readonly at: ReadonlyMap<number, { readonly locks: ReadonlySet<number>; readonly inside: boolean }>;
}

export function wayTo({ notes }: Lowered, program: Program, steps: readonly Step[]): Way {
	const accesses: Access[] = [];
	const moves: Move[] = [];
	const readers = new Set<number>();
	const at = new Map<number, { locks: Set<number>; inside: boolean; depth: number }>();
	for (const [index, step] of steps.entries()) {
		const now = at.get(step.thread) ?? { locks: new Set<number>(), inside: false, depth: 0 };
		at.set(step.thread, now);
		for (const cell of step.locked) now.locks.add(cell);
		for (const pc of step.executed) {
			const op = program.threads[step.thread]?.code[pc];
			if (op?.op === 'rcu') now.depth += op.delta;
			now.inside = now.depth > 0;
			if (now.inside) readers.add(step.thread);
			const key = notes[step.thread]?.[pc]?.key;
			if (op && key !== undefined && ACCESSES.has(op.op)) accesses.push({ thread: step.thread, key, at: index, locks: new Set(now.locks) });
		}
		for (const change of step.changes) moves.push({ ...change, thread: step.thread, at: index, locks: new Set(now.locks) });
		for (const cell of step.unlocked) now.locks.delete(cell);
	}
	return { steps, accesses, moves, readers, at };
}
