import { TooManyValues } from '../machine/coding';
import { Machine } from '../machine/machine';
import { SPINNING, LOCK_KINDS } from '../machine/opcodes';
import { DEFAULT_BOUNDS } from '../exploration';
import { type Address, type Op, type Operand, POINTER_BASE, type Program, type Thread } from '../program';
import { Points } from '../search/points';
import { ANY, NUMBERS } from '../search/valueSets';
import { successorsOf } from './flow';
import { Needed } from './needed';

/** A program with the same failures, and where its operations stood before. */
export interface Sliced {
	readonly program: Program;
	/** Per thread and operation its index in the code that was sliced. */
	readonly from: readonly (readonly number[])[];
}

/**
 * Leaves out what no check can tell: choices and branches on which nothing depends that may fail, block or be seen by others, stores that nobody
 * reads, loads and touches of what is always there. What is read that no other thread writes, in an object that no other thread frees,
 * is no step of its own. (Weiser 1981; a data race between two stores that nobody reads is lost with them.)
 */
export function slice(program: Program): Sliced {
	let m: Machine;
	try {
		m = new Machine(program, 2, DEFAULT_BOUNDS.localOperations);
	} catch (error) {
		if (!(error instanceof TooManyValues)) throw error;
		return { program, from: program.threads.map(({ code }) => code.map((_, pc) => pc)) };
	}
	const effects = new Effects(m, new Points(m));
	const threads = program.threads.map(({ code, registers }, t) => new Needed(code, registers, Uint8Array.from(code, (op, pc) => (effects.harmless(t, pc, op) && op.op === 'load' ? 1 : 0))));
	program.threads.forEach(({ code }, t) => code.forEach((op, pc) => { if (effects.matters(t, pc, op)) threads[t]!.keep(pc); }));
	// A store is needed where something that is needed reads its cell.
	for (let again = true; again;) {
		again = false;
		for (const thread of threads) thread.settle();
		const read = effects.readBy(threads.map(({ kept }) => kept));
		program.threads.forEach(({ code }, t) => code.forEach((op, pc) => {
			if (op.op === 'store' && threads[t]!.kept[pc] === 0 && effects.hits(t, pc, op.at, read) && threads[t]!.keep(pc)) again = true;
		}));
	}
	// What rides along with a step that goes would join the step before it: where others could tell, the step stays.
	const carriesOf = (t: number): Uint8Array => carried(program.threads[t]!.code, threads[t]!.kept, (at, op) => effects.alone(t, at, op));
	program.threads.forEach(({ code }, t) => {
		const carries = carriesOf(t);
		code.forEach((op, pc) => { if (op.step === true && carries[pc] === 1) threads[t]!.keep(pc); });
	});
	for (const thread of threads) thread.settle();
	const from: (readonly number[])[] = [];
	const sliced = program.threads.map((thread, t): Thread => {
		const carries = carriesOf(t);
		const { code, index } = without(thread.code, threads[t]!, (pc, op) => carries[pc] === 0 && effects.alone(t, pc, op));
		from.push(index);
		return { ...thread, code };
	});
	return { program: { ...program, threads: sliced }, from };
}

/** Operations that other threads cannot tell the time of. */
const OWN: ReadonlySet<Op['op']> = new Set(['set', 'alu', 'choose', 'jump', 'branch', 'assert', 'end', 'cut', 'excuse', 'fence', 'escape', 'context', 'context-set', 'might-sleep', 'rcu']);

/** Per operation 1 where something that other threads can tell the time of rides along with a step that begins there. */
function carried(ops: readonly Op[], kept: Uint8Array, alone: (pc: number, op: Op) => boolean): Uint8Array {
	const before: number[][] = Array.from({ length: ops.length + 1 }, () => []);
	ops.forEach((_, pc) => { for (const next of successorsOf(ops, pc)) before[next]!.push(pc); });
	// The end closes what is open.
	const opens = ops.some(({ op }) => op === 'enter');
	const open: number[] = opens ? [ops.length] : [];
	ops.forEach((op, pc) => { if (op.op === 'end' ? opens : op.step !== true && kept[pc] === 1 && !OWN.has(op.op) && !alone(pc, op)) open.push(pc); });
	const carries = new Uint8Array(ops.length);
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		for (const pc of before[at]!) {
			if (carries[pc] === 1) continue;
			carries[pc] = 1;
			// What begins a step rides along with none before it.
			if (ops[pc]!.step !== true) open.push(pc);
		}
	}
	return carries;
}

/** Which cells and objects each thread may change, and what may go wrong where. */
class Effects {
	/** Per thread the cells that it may write; per cell whether it is anybody's to write in another way (its first look chooses). */
	private readonly written: readonly Uint8Array[];
	private readonly freed: readonly Uint8Array[];
	private readonly atomic: readonly boolean[];

	constructor(private readonly m: Machine, private readonly points: Points) {
		const { layout } = m;
		this.written = m.threads.map(() => new Uint8Array(layout.cells));
		this.freed = m.threads.map(() => new Uint8Array(layout.outermost.length));
		m.program.threads.forEach(({ code }, t) => code.forEach((op, pc) => {
			if (!points.reaches(t, pc)) return;
			const written = this.written[t]!;
			const freed = this.freed[t]!;
			const ends = (cells: readonly number[] | undefined): void => {
				if (cells === undefined) freed.fill(1);
				else for (const cell of cells) if (layout.objectOf[cell]! >= 0) freed[layout.objectOf[cell]!] = 1;
			};
			if (op.op === 'free') ends(points.pointedBy(t, pc, op.pointer));
			if (op.op === 'put' && op.frees === true) ends(points.cellsAt(t, pc, op.at));
			if (op.op === 'alloc') for (const object of op.objects) {
				const { first, size } = m.program.objects[object]!;
				written.fill(1, first, first + size);
			}
			if ('at' in op && op.op !== 'load' && op.op !== 'held' && op.op !== 'await') {
				const cells = points.cellsAt(t, pc, op.at);
				if (cells === undefined) written.fill(1);
				else for (const cell of cells) written[cell] = 1;
			}
		}));
		this.atomic = m.program.threads.map(({ context, code }) => (context !== 'task' && context !== 'work') || code.some((op) => op.op === 'rcu' || op.op === 'context' || op.op === 'context-set'
			|| (op.op === 'lock' || op.op === 'trylock' || op.op === 'inherit') && SPINNING[LOCK_KINDS.indexOf(op.kind)] === true));
	}

	/** The base is a pointer to something that is there whatever the threads do. */
	private safe(t: number, pc: number, base: Operand): boolean {
		const set = this.points.setOf(t, pc, base);
		if (set === ANY || set === NUMBERS) return false;
		const { layout, program } = this.m;
		return this.points.sets.members(set).every((value) => {
			if (value < POINTER_BASE) return false;
			const object = layout.objectOf[value - POINTER_BASE];
			if (object === undefined || object < 0) return object !== undefined;
			return program.objects[object]!.live && this.freed.every((freed) => freed[object] === 0);
		});
	}

	/** Nothing can go wrong in it. */
	harmless(t: number, pc: number, op: Op): boolean {
		if (op.op === 'touch') return this.safe(t, pc, op.pointer);
		if (op.op !== 'load' && op.op !== 'store') return false;
		if (op.op === 'store' && op.unless !== undefined && this.others(t, this.points.cellsAt(t, pc, op.at), this.written)) return false;
		if (op.op === 'load' && op.watch !== undefined && this.others(t, this.points.cellsAt(t, pc, op.at), this.written)) return false;
		return this.safe(t, pc, op.at.base);
	}

	/** It is needed for itself. */
	matters(t: number, pc: number, op: Op): boolean {
		if (!this.points.reaches(t, pc)) return false;
		switch (op.op) {
			case 'set': case 'alu': case 'choose': case 'jump': case 'branch': return false;
			case 'might-sleep': return this.atomic[t]!;
			case 'store': return !this.harmless(t, pc, op) || this.handsOn(t, pc, op.from);
			case 'load': case 'touch': return !this.harmless(t, pc, op);
			default: return true;
		}
	}

	/** A reference of the thread's may have a new owner once this is stored, and is no leak of the thread's then. */
	private handsOn(t: number, pc: number, from: Operand): boolean {
		if (this.m.layout.threads[t]!.references < 0) return false;
		const cells = this.points.pointedBy(t, pc, from);
		return cells === undefined || cells.some((cell) => this.m.layout.objectOf[cell]! >= 0);
	}

	/** Cells that the operations that are kept, the setup or the invariants may read. */
	readBy(kept: readonly Uint8Array[]): Uint8Array {
		const { program, layout } = this.m;
		const read = new Uint8Array(layout.cells);
		// Invariants run apart and have no sets of their own: they may read what they name, and where they go through pointers anything.
		for (const op of program.quiescence) {
			if (!('at' in op)) continue;
			if ('reg' in op.at.base) return read.fill(1);
			const cell = this.m.cellAt(op.at.base.value, op.at.offset);
			if (cell >= 0) read[cell] = 1;
		}
		program.threads.forEach(({ code }, t) => code.forEach((op, pc) => {
			if (kept[t]![pc] === 0 || !this.points.reaches(t, pc) || !('at' in op) || op.op === 'store') return;
			const cells = this.points.cellsAt(t, pc, op.at);
			if (cells === undefined) read.fill(1);
			else for (const cell of cells) read[cell] = 1;
		}));
		return read;
	}

	hits(t: number, pc: number, at: Address, read: Uint8Array): boolean {
		const cells = this.points.cellsAt(t, pc, at);
		return cells === undefined || cells.some((cell) => read[cell] === 1);
	}

	/** Another thread may change one of the cells. */
	private others(t: number, cells: readonly number[] | undefined, by: readonly Uint8Array[]): boolean {
		return cells === undefined || cells.some((cell) => by.some((written, other) => other !== t && written[cell] === 1));
	}

	/** A load that the thread may as well do with the step before it: no other thread changes or ends what it reads. */
	alone(t: number, pc: number, op: Op): boolean {
		if (op.op !== 'load' && op.op !== 'touch') return false;
		const { layout, domains } = this.m;
		const cells = op.op === 'load' ? this.points.cellsAt(t, pc, op.at) : this.points.pointedBy(t, pc, op.pointer);
		// What is sure to fail is a step of its own: others see what the thread holds when it fails.
		if (cells === undefined || cells.length === 0 || this.points.setOf(t, pc, op.op === 'load' ? op.at.base : op.pointer) === ANY) return false;
		// What it finds there is chosen: a step of its own, so that equal states meet.
		if (op.op === 'load' && cells.some((cell) => (domains[cell]?.length ?? 0) > 1)) return false;
		if (op.op === 'load' && this.others(t, cells, this.written)) return false;
		return cells.every((cell) => layout.objectOf[cell]! < 0 || this.freed.every((freed, other) => other === t || freed[layout.objectOf[cell]!] === 0));
	}
}

/** The code of what is kept: a branch that is not goes on where its ways meet. */
function without(ops: readonly Op[], { kept, dominator }: Needed, alone: (pc: number, op: Op) => boolean): { readonly code: readonly Op[]; readonly index: readonly number[] } {
	const stays = ops.map((op, pc) => kept[pc] === 1 || op.op === 'jump' || op.op === 'branch');
	const moved: number[] = [];
	let count = 0;
	for (let pc = 0; pc <= ops.length; pc++) {
		moved.push(count);
		if (stays[pc]) count++;
	}
	const code: Op[] = [];
	const index: number[] = [];
	ops.forEach((op, pc) => {
		if (!stays[pc]) return;
		index.push(pc);
		const to = (target: number): number => moved[target] ?? count;
		if (op.op === 'branch' && kept[pc] === 0) code.push({ op: 'jump', target: to(dominator[pc]! < 0 ? op.target : dominator[pc]!), origin: op.origin });
		else if (op.op === 'branch' || op.op === 'jump') code.push({ ...op, target: to(op.target) });
		else if (op.step === true && alone(pc, op)) {
			const { step: _, ...local } = op;
			code.push(local);
		} else code.push(op);
	});
	return { code, index };
}
