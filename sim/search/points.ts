import type { Machine } from '../machine/machine';
import { ALUS } from '../machine/opcodes';
import { initialize } from '../machine/stepping';
import { type Address, type Op, type Operand, POINTER_BASE } from '../program';
import { ANY, NUMBERS, ValueSets } from './valueSets';

/** More than any offset into an object, either way. */
const OFFSETS = 0x10_0000;
/** Comparisons yield 0 or 1 whatever they compare. */
const FIRST_COMPARISON = ALUS.indexOf('eq');
const NE = ALUS.indexOf('ne');

/**
 * Which values each register may hold before each operation, and each cell at any time: a data-flow analysis, flow-sensitive in
 * registers and flow-insensitive in cells (Aho, Lam, Sethi, Ullman, chapter 9). It tells which cells an operation may touch.
 */
export class Points {
	readonly sets = new ValueSets();
	/** Per thread, per operation, per register. */
	private readonly before: Int32Array[];
	private readonly reached: Uint8Array[];
	private readonly cells: Int32Array;
	/** What was stored where nobody knows: each cell has it. */
	private everywhere: number;
	private readonly args: Map<number, number>[];
	private readonly places = new Map<number, readonly number[]>();
	private readonly targets = new Map<readonly Op[], ReadonlySet<number>>();
	private changed = true;

	constructor(private readonly m: Machine) {
		initialize(m);
		const { sets } = this;
		this.everywhere = sets.empty;
		this.cells = Int32Array.from(m.program.cells, ({ initial, domain }, cell) => sets.of([initial, m.get(cell), ...(domain ?? [])]));
		this.before = m.threads.map((thread) => new Int32Array(thread.ops.length * thread.registers));
		this.reached = m.threads.map((thread) => new Uint8Array(thread.ops.length));
		this.args = m.threads.map(() => new Map<number, number>());
		while (this.changed) {
			this.changed = false;
			m.threads.forEach((_, t) => { this.flow(t); });
		}
	}

	/** The cells that an address may name before operation `pc` of thread `t`; undefined for any. */
	cellsAt(t: number, pc: number, at: Address): readonly number[] | undefined {
		const set = this.value(t, pc, at.base);
		return set === ANY ? undefined : this.cellsOf(set, at.offset);
	}

	pointedBy(t: number, pc: number, pointer: Operand): readonly number[] | undefined {
		return this.cellsAt(t, pc, { base: pointer, offset: 0 });
	}

	/** Whether some operation may look at a pointer other than for being equal, or moved along: then which address it is matters. */
	comparesPointers(): boolean {
		const points = (set: number): boolean => set === ANY || this.sets.members(set).some((value) => value >= POINTER_BASE);
		return this.m.threads.some(({ ops }, t) => ops.some((op, pc) => {
			if (op.op !== 'alu' || op.alu === 'eq' || op.alu === 'ne') return false;
			const [a, b] = [points(this.value(t, pc, op.a)), points(this.value(t, pc, op.b))];
			return op.alu === 'add' || op.alu === 'sub' ? a && b : a || b;
		}));
	}

	private cellsOf(set: number, offset: number): readonly number[] {
		if (set === NUMBERS) return [];
		const key = set * OFFSETS + offset;
		const known = this.places.get(key);
		if (known) return known;
		const cells = this.sets.members(set).flatMap((value) => {
			const cell = this.m.cellAt(value, offset);
			return cell < 0 ? [] : [cell];
		});
		this.places.set(key, cells);
		return cells;
	}

	/** Whether the thread ever comes to the operation. */
	reaches(t: number, pc: number): boolean {
		return this.reached[t]![pc] === 1;
	}

	/** Number in `sets` of the values that an operand may have before operation `pc`. */
	setOf(t: number, pc: number, operand: Operand): number {
		return this.value(t, pc, operand);
	}

	private value(t: number, pc: number, operand: Operand): number {
		return 'reg' in operand ? this.before[t]![pc * this.m.threads[t]!.registers + operand.reg]! : this.sets.single(operand.value | 0);
	}

	private flow(t: number): void {
		const { ops, registers } = this.m.threads[t]!;
		const before = this.before[t]!;
		const reached = this.reached[t]!;
		const row = new Int32Array(registers).fill(this.sets.zero);
		const saved = new Int32Array(registers);
		for (const [register, set] of this.args[t]!) row[register] = this.sets.union(this.sets.zero, set);
		// In the order of the code, which is nearly the order of its flow: each operation comes once where there are no loops.
		const pending = new Uint8Array(ops.length);
		let next = ops.length;
		const again = (pc: number): void => {
			pending[pc] = 1;
			if (pc < next) next = pc;
		};
		const arrive = (pc: number): void => {
			const first = reached[pc] === 0;
			reached[pc] = 1;
			let news = first;
			for (let r = 0, at = pc * registers; r < registers; r++, at++) {
				const old = before[at]!;
				const both = first ? row[r]! : old === row[r] ? old : this.sets.union(old, row[r]!);
				if (both !== old) {
					news = true;
					before[at] = both;
				}
			}
			if (news) again(pc);
		};
		// What reads cells is gone through again, since they may hold more now; what follows from it comes with it.
		for (let pc = 0; pc < ops.length; pc++) if (reached[pc] === 1 && readsCells(ops[pc]!)) again(pc);
		arrive(0);
		while (next < ops.length) {
			const pc = next++;
			if (pending[pc] === 0) continue;
			pending[pc] = 0;
			const op = ops[pc]!;
			for (let r = 0, at = pc * registers; r < registers; r++, at++) row[r] = before[at]!;
			this.apply(t, pc, op, row);
			if (op.op === 'end' || op.op === 'cut') continue;
			if (op.op === 'branch') {
				saved.set(row);
				if (this.decided(ops, pc, row, true)) arrive(op.target);
				row.set(saved);
				if (this.decided(ops, pc, row, false)) arrive(pc + 1);
			} else arrive(op.op === 'jump' ? op.target : pc + 1);
		}
	}

	/** What the registers hold on one way out of a branch; false when it is never taken. A comparison with a constant just before it tells of what was compared. */
	private decided(ops: readonly Op[], pc: number, row: Int32Array, taken: boolean): boolean {
		const op = ops[pc];
		if (op?.op !== 'branch' || !('reg' in op.cond)) return true;
		const narrow = (register: number, alu: number, constant: number, zero: boolean): boolean => {
			const set = row[register]!;
			if (set === ANY || set === NUMBERS) return true;
			row[register] = this.sets.narrowed(set, alu, constant, zero);
			return row[register] !== this.sets.empty;
		};
		if (!narrow(op.cond.reg, NE, 0, !taken)) return false;
		const compared = ops[pc - 1];
		if (compared?.op !== 'alu' || compared.dst !== op.cond.reg || !('reg' in compared.a) || !('value' in compared.b) || compared.a.reg === compared.dst || this.joins(ops).has(pc)) return true;
		const alu = ALUS.indexOf(compared.alu);
		const constant = compared.b.value | 0;
		return alu < FIRST_COMPARISON || narrow(compared.a.reg, alu, constant, !taken);
	}

	/** Operations that something jumps to. */
	private joins(ops: readonly Op[]): ReadonlySet<number> {
		const known = this.targets.get(ops);
		if (known) return known;
		const found = new Set(ops.flatMap((op) => (op.op === 'jump' || op.op === 'branch' ? [op.target] : [])));
		this.targets.set(ops, found);
		return found;
	}

	private apply(t: number, pc: number, op: Op, row: Int32Array): void {
		const { sets } = this;
		switch (op.op) {
			case 'set': row[op.dst] = this.value(t, pc, op.from); return;
			case 'alu': {
				const alu = ALUS.indexOf(op.alu);
				row[op.dst] = alu >= FIRST_COMPARISON ? sets.zeroOrOne : sets.combine(alu, this.value(t, pc, op.a), this.value(t, pc, op.b));
				return;
			}
			case 'choose': row[op.dst] = sets.of(op.values); return;
			case 'load': row[op.dst] = this.contents(t, pc, op.at); return;
			case 'store': this.store(t, pc, op.at, this.value(t, pc, op.from)); return;
			case 'cas': row[op.dst] = this.contents(t, pc, op.at); this.store(t, pc, op.at, this.value(t, pc, op.value)); return;
			case 'rmw': {
				const old = this.contents(t, pc, op.at);
				const value = this.value(t, pc, op.value);
				const alu = op.alu === undefined ? -1 : ALUS.indexOf(op.alu);
				// A count that is added to takes too many values to follow one by one.
				const now = alu < 0 ? value : sets.combine(alu, sets.union(old, NUMBERS), value);
				if (op.dst !== undefined) row[op.dst] = op.result === 'new' ? now : old;
				this.store(t, pc, op.at, now);
				return;
			}
			case 'get': case 'put': this.store(t, pc, op.at, NUMBERS); break;
			case 'lock': case 'trylock': case 'unlock': case 'inherit': this.store(t, pc, op.at, NUMBERS); break;
			case 'alloc': row[op.dst] = sets.of(op.objects.map((object) => POINTER_BASE + this.m.program.objects[object]!.first)); return;
			case 'spawn': op.args.forEach((arg, i) => { this.pass(op.thread, i, this.value(t, pc, arg)); }); break;
			default: break;
		}
		if ('dst' in op && op.dst !== undefined) row[op.dst] = sets.zeroOrOne;
	}

	private pass(thread: number, register: number, set: number): void {
		const known = this.args[thread]!.get(register) ?? this.sets.zero;
		const both = this.sets.union(known, set);
		if (both === known) return;
		this.args[thread]!.set(register, both);
		this.changed = true;
	}

	private contents(t: number, pc: number, at: Address): number {
		const cells = this.cellsAt(t, pc, at);
		if (cells === undefined) return this.cells.reduce((all, set) => this.sets.union(all, set), this.sets.zero);
		return cells.reduce((all, cell) => this.sets.union(all, this.cells[cell]!), this.sets.empty);
	}

	private store(t: number, pc: number, at: Address, set: number): void {
		const cells = this.cellsAt(t, pc, at);
		const into = (cell: number): void => {
			const both = this.sets.union(this.cells[cell]!, set);
			if (both === this.cells[cell]) return;
			this.cells[cell] = both;
			this.changed = true;
		};
		if (cells !== undefined) {
			cells.forEach(into);
			return;
		}
		const all = this.sets.union(this.everywhere, set);
		if (all === this.everywhere) return;
		this.everywhere = all;
		this.cells.forEach((_, cell) => { into(cell); });
	}
}

const readsCells = ({ op }: Op): boolean => op === 'load' || op === 'rmw' || op === 'cas';
