import { type Op, POINTER_BASE } from '../program';
import type { Machine, Observer } from '../machine/machine';
import { reads, writes } from '../machine/opcodes';
import { type Root, Roots } from './roots';

/** Where something was done. */
export interface Site {
	readonly thread: number;
	readonly pc: number;
	readonly origin: number;
}

/** What came before a failure: who wrote, freed and locked what, and where each register's value came from. */
export class History implements Observer {
	readonly lastWrite = new Map<number, Site>();
	readonly freedAt = new Map<number, Site & { readonly root: Root | undefined }>();
	readonly allocatedAt = new Map<number, Site>();
	/** Per lock's cell who took it and has not let it go, oldest first. */
	readonly lockedAt = new Map<number, Site[]>();
	private readonly inside = new Map<number, Site[]>();
	/** Per thread and register the cells that its value was computed from. */
	private readonly sources: Map<number, ReadonlySet<number>>[];
	/** Per thread the cells it has seen hold something other than NULL, before the load that its registers now stem from. */
	private readonly seen: Set<number>[];
	private readonly checked: Set<number>[];
	readonly roots: Roots;
	/** Per thread where it last went into an atomic section other than a lock's. */
	readonly raisedAt = new Map<number, Site>();

	constructor(private readonly m: Machine) {
		const threads = Array.from({ length: m.threads.length + 1 }, (_, t) => t);
		this.sources = threads.map(() => new Map());
		this.seen = threads.map(() => new Set());
		this.checked = threads.map(() => new Set());
		this.roots = new Roots(threads.length);
	}

	/** Code of a thread; what runs at quiescence goes by the number after the last thread's. */
	private ops(thread: number): readonly Op[] {
		return (this.m.threads[thread] ?? this.m.quiescence).ops;
	}

	site(thread: number, pc: number): Site {
		return { thread, pc, origin: this.ops(thread)[pc]?.origin ?? -1 };
	}

	operation(thread: number, pc: number): void {
		const op = this.ops(thread)[pc]!;
		if ((op.op === 'context' || op.op === 'rcu') && op.delta === 1) this.raisedAt.set(thread, this.site(thread, pc));
		this.roots.operation(thread, pc, op);
		const dst = writes(op);
		if (dst < 0) return;
		// A load through the register that it writes: should its address be none, what that came from is asked for. Its read sets it anew.
		if (op.op === 'load' && 'reg' in op.at.base && op.at.base.reg === dst) return;
		const from = new Set<number>();
		if (op.op === 'set' || op.op === 'alu') {
			for (const operand of reads(op)) if ('reg' in operand) for (const cell of this.sourcesOf(thread, operand.reg)) from.add(cell);
		}
		this.sources[thread]!.set(dst, from);
	}

	read(thread: number, pc: number, cell: number, value: number): void {
		// Reads that no operation of a thread makes (a step's own bookkeeping) have no register to remember.
		const op = this.ops(thread)[pc];
		const dst = op === undefined ? -1 : writes(op);
		if (dst < 0) return;
		this.roots.read(thread, op, cell);
		this.sources[thread]!.set(dst, new Set([cell]));
		if (value === 0 && this.seen[thread]!.has(cell)) this.checked[thread]!.add(cell);
		if (value >= POINTER_BASE) this.seen[thread]!.add(cell);
	}

	wrote(thread: number, pc: number, cell: number, before: number, after: number): void {
		this.roots.wrote(thread, this.ops(thread)[pc], cell);
		if (before !== after) this.lastWrite.set(cell, this.site(thread, pc));
	}

	locked(thread: number, pc: number, cell: number): void {
		const holders = this.lockedAt.get(cell) ?? [];
		holders.push(this.site(thread, pc));
		this.lockedAt.set(cell, holders);
	}

	unlocked(thread: number, _pc: number, cell: number): void {
		const holders = this.lockedAt.get(cell) ?? [];
		const mine = holders.findLastIndex((site) => site.thread === thread);
		holders.splice(mine < 0 ? holders.length - 1 : mine, 1);
	}

	freed(thread: number, pc: number, object: number): void {
		this.freedAt.set(object, { ...this.site(thread, pc), root: this.roots.pointerOf(thread) });
	}

	allocated(thread: number, pc: number, object: number): void {
		this.allocatedAt.set(object, this.site(thread, pc));
	}

	sourcesOf(thread: number, register: number): ReadonlySet<number> {
		return this.sources[thread]?.get(register) ?? new Set();
	}

	/** The cell that the register's NULL came from although the thread had seen it hold a pointer before, or -1. */
	checkedThenNull(thread: number, register: number): number {
		for (const cell of this.sourcesOf(thread, register)) if (this.checked[thread]!.has(cell)) return cell;
		return -1;
	}

	/** Other threads' open access windows on this cell. */
	insideAt(cell: number, not: number): readonly Site[] {
		return (this.inside.get(cell) ?? []).filter((site) => site.thread !== not);
	}

	entered(thread: number, pc: number, cell: number): void {
		const inside = this.inside.get(cell) ?? [];
		inside.push(this.site(thread, pc));
		this.inside.set(cell, inside);
	}

	left(thread: number, cell: number): void {
		this.inside.set(cell, (this.inside.get(cell) ?? []).filter((site) => site.thread !== thread));
	}

	/** Who took the lock in this cell and still has it. */
	holders(cell: number): readonly Site[] {
		return this.lockedAt.get(cell) ?? [];
	}
}
