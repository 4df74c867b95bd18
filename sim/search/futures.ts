import { IDLE, PENDING, RUNNING } from '../machine/layout';
import type { Machine } from '../machine/machine';
import { locksHeld } from '../machine/locking';
import { LOCK_KINDS, UNLOCKED_BY_ANYONE } from '../machine/opcodes';
import type { Address, Op } from '../program';
import { emptyFootprint, type Footprint, unite } from './footprint';
import type { Points } from './points';

/**
 * What each thread may still touch from each operation on, over all that can happen: the union of the possible effects of every
 * operation that it can still reach, and of the threads that it may start.
 */
export class Futures {
	private readonly words: number;
	/** Whether there are locks that others than their holders let go. */
	private readonly letGoByOthers: boolean;
	private readonly from: readonly (readonly Footprint[])[];
	/** A thread that has not started, its start included. */
	private readonly unstarted: readonly Footprint[];

	constructor(private readonly m: Machine, points: Points) {
		this.words = m.readSet.length;
		this.letGoByOthers = m.threads.some(({ ops }) => ops.some((op) => op.op === 'unlock' && UNLOCKED_BY_ANYONE[LOCK_KINDS.indexOf(op.kind)] === true));
		const own = m.threads.map((thread, t) => thread.ops.map((op, pc) => this.effects(points, t, pc, op)));
		this.unstarted = m.threads.map((_, t) => {
			const start = emptyFootprint(this.words);
			set(start.writes, m.layout.threadResource + t);
			for (const under of m.program.threads[t]!.interrupts ?? []) set(start.writes, m.layout.processorResource + under);
			return start;
		});
		// Once backwards is enough where nothing leads back, and nobody starts anybody.
		const spawns = m.threads.some(({ ops }) => ops.some(({ op }) => op === 'spawn'));
		const again = m.threads.map(({ ops }, t) => spawns || m.program.threads[t]!.runs > 1 || ops.some((op, pc) => (op.op === 'jump' || op.op === 'branch') && op.target <= pc));
		for (let grew = true; grew;) {
			grew = false;
			for (let t = 0; t < own.length; t++) if (this.gather(own, t) && again[t]!) grew = true;
		}
		this.from = own;
		m.threads.forEach((_, t) => { unite(this.unstarted[t]!, own[t]![0]!); });
	}

	/** Backwards through a thread, what follows is added to what each operation does. Whether there was more than before. */
	private gather(own: readonly (readonly Footprint[])[], t: number): boolean {
		const { ops } = this.m.threads[t]!;
		const mine = own[t]!;
		let grew = false;
		for (let pc = ops.length - 1; pc >= 0; pc--) {
			const op = ops[pc]!;
			const here = mine[pc]!;
			if (op.op === 'end') {
				if (this.m.program.threads[t]!.runs > 1 && uniteChanged(here, mine[0]!)) grew = true;
				continue;
			}
			if (op.op === 'cut') continue;
			if ((op.op === 'jump' || op.op === 'branch') && uniteChanged(here, mine[op.target]!)) grew = true;
			if (op.op !== 'jump' && uniteChanged(here, mine[pc + 1]!)) grew = true;
			if (op.op === 'spawn') {
				if (uniteChanged(here, this.unstarted[op.thread]!)) grew = true;
				if (uniteChanged(here, own[op.thread]![0]!)) grew = true;
			}
		}
		return grew;
	}

	/** What thread `t` may still do from the machine's current state on; undefined for nothing (but what others may start). */
	of(t: number): Footprint | undefined {
		const control = this.m.control(t);
		if (control >= RUNNING) return this.from[t]![this.m.threads[t]!.restPc[control - RUNNING]!]!;
		return control === PENDING ? this.unstarted[t] : control === IDLE ? undefined : undefined;
	}

	/**
	 * The same with the locks that the thread holds and will not ask for again, where another one may let go of them for it: its end fails only when that has
	 * not been done. Undefined where there are none; unlike the rest it does not depend on the control state alone.
	 */
	withLeaks(t: number): Footprint | undefined {
		const future = this.letGoByOthers ? this.of(t) : undefined;
		if (future === undefined) return undefined;
		const leaks = locksHeld(this.m, t).filter((cell) => ((future.writes[cell >> 5]! >> (cell & 31)) & 1) === 0);
		if (leaks.length === 0) return undefined;
		const both = emptyFootprint(this.words);
		unite(both, future);
		for (const cell of leaks) set(both.writes, cell);
		return both;
	}

	private effects(points: Points, t: number, pc: number, op: Op): Footprint {
		const { m } = this;
		const { layout } = m;
		const print = emptyFootprint(this.words);
		const everything = (bits: Int32Array): void => { for (let cell = 0; cell < layout.cells; cell++) set(bits, cell); };
		const owner = (cell: number): void => { if (layout.objectOf[cell]! >= 0) set(print.reads, layout.objectResource + layout.objectOf[cell]!); };
		const at = (address: Address, bits: Int32Array, first = 0): void => {
			const cells = points.cellsAt(t, pc, address);
			if (cells === undefined) {
				everything(bits);
				for (let object = 0; object < layout.outermost.length; object++) set(print.reads, layout.objectResource + object);
				if (first > 0) for (let cell = 0; cell < layout.cells; cell++) set(bits, first + cell);
			} else for (const cell of cells) {
				set(bits, first + cell);
				owner(cell);
			}
		};
		const objectsOf = (cells: readonly number[] | undefined): void => {
			for (let object = 0; object < layout.outermost.length; object++) {
				if (cells === undefined || cells.some((cell) => layout.objectOf[cell] === object)) set(print.writes, layout.objectResource + object);
			}
		};
		if (layout.interruptible[t] === 1) set(print.reads, layout.processorResource + t);
		switch (op.op) {
			case 'load': case 'await': {
				at(op.at, print.reads);
				const cells = points.cellsAt(t, pc, op.at);
				m.domains.forEach((domain, cell) => { if (domain !== undefined && (cells === undefined || cells.includes(cell))) set(print.writes, cell); });
				break;
			}
			case 'store': case 'rmw': case 'cas': case 'get': case 'put':
				at(op.at, print.writes);
				if (op.op === 'put' && op.frees === true) objectsOf(points.cellsAt(t, pc, op.at));
				break;
			case 'lock': case 'trylock': case 'unlock': case 'inherit':
				at(op.at, op.mode === 'shared' ? print.shares : print.writes);
				if (op.op === 'trylock') at(op.at, print.reads);
				break;
			case 'held': case 'wake': at(op.at, print.writes); break;
			case 'prepare-wait': case 'sleep': case 'finish-wait': at(op.at, print.shares); break;
			case 'enter': case 'leave': at(op.at, op.mode === 'shared' ? print.shares : print.writes, layout.windowResource); break;
			case 'alloc': for (const object of op.objects) set(print.writes, layout.objectResource + layout.outermost[object]!); break;
			case 'free': objectsOf(points.pointedBy(t, pc, op.pointer)); break;
			case 'touch': case 'is-live': for (const cell of points.pointedBy(t, pc, op.pointer) ?? layout.objectOf.map((_, cell) => cell)) owner(cell); break;
			case 'context': case 'context-set': if (layout.interruptible[t] === 1) set(print.writes, layout.processorResource + t); break;
			case 'rcu': set(print.shares, layout.domainResource + op.domain); break;
			case 'grace-begin': case 'grace-wait': set(print.writes, layout.domainResource + op.domain); break;
			case 'spawn':
				set(print.writes, layout.threadResource + op.thread);
				if (op.grace !== undefined) set(print.writes, layout.domainResource + op.grace);
				break;
			case 'cancel': case 'disable': set(print.writes, layout.threadResource + op.thread); break;
			case 'join': set(print.reads, layout.threadResource + op.thread); break;
			case 'end': this.ending(points, t, print); break;
			default: break;
		}
		return print;
	}

	/** The thread's end lets go of what it still holds, and of the processor that it took. */
	private ending(points: Points, t: number, print: Footprint): void {
		const { layout, program, threads } = this.m;
		set(print.writes, layout.threadResource + t);
		for (const under of program.threads[t]!.interrupts ?? []) set(print.writes, layout.processorResource + under);
		threads[t]!.ops.forEach((op, pc) => {
			if (op.op === 'rcu') set(print.shares, layout.domainResource + op.domain);
			if (op.op === 'enter' || op.op === 'prepare-wait') {
				const left = points.cellsAt(t, pc, op.at);
				for (let cell = 0; cell < layout.cells; cell++) {
					if (left !== undefined && !left.includes(cell)) continue;
					if (op.op === 'enter') set(print.writes, layout.windowResource + cell);
					else set(print.shares, cell);
				}
			}
			if (op.op !== 'lock' && op.op !== 'inherit' && op.op !== 'trylock') return;
			if (!threads[t]!.ops.some((other) => other.op === 'excuse' || other.op === 'inherit') && program.without?.includes('lock-held-at-return') !== true && !program.ignored?.length) return;
			const cells = points.cellsAt(t, pc, op.at);
			for (let cell = 0; cell < layout.cells; cell++) if (cells === undefined || cells.includes(cell)) set(print.writes, cell);
		});
	}
}

function set(bits: Int32Array, resource: number): void {
	bits[resource >> 5] = bits[resource >> 5]! | (1 << (resource & 31));
}

function uniteChanged(into: Footprint, from: Footprint): boolean {
	const reads = growBits(into.reads, from.reads);
	const writes = growBits(into.writes, from.writes);
	return growBits(into.shares, from.shares) || reads || writes;
}

function growBits(into: Int32Array, from: Int32Array): boolean {
	let grew = false;
	for (let i = 0; i < into.length; i++) {
		const both = into[i]! | from[i]!;
		if (both === into[i]) continue;
		into[i] = both;
		grew = true;
	}
	return grew;
}
