import { type Op, type Operand, POINTER_BASE } from '../program';
import { writes } from '../machine/opcodes';

/** Where a pointer came from in the first place: a constant, a cell of the initial memory (by which pointer that was reached), or an operation that chose or allocated it. */
export type Root = string;
export const CONSTANT: Root = 'constant';

/**
 * By what each register and each cell came to what it holds. Two pointers of one root are one by what the code does; two of different roots
 * are one only because the memory that the program begins with says so.
 */
export class Roots {
	private readonly registers: Map<number, Root>[];
	private readonly cells = new Map<number, Root>();
	/** Per thread of the pointer by which its last operation reached memory. */
	private readonly pointers: (Root | undefined)[] = [];

	constructor(threads: number) {
		this.registers = Array.from({ length: threads }, () => new Map());
	}

	/** By which pointer the thread's last operation reached memory. */
	pointerOf(thread: number): Root | undefined {
		return this.pointers[thread];
	}

	private of(thread: number, operand: Operand): Root | undefined {
		if ('value' in operand) return operand.value >= POINTER_BASE ? CONSTANT : undefined;
		return this.registers[thread]?.get(operand.reg);
	}

	/** The operation is about to be run. What a read gives a register comes with the read. */
	operation(thread: number, pc: number, op: Op): void {
		const by = 'at' in op ? op.at.base : 'pointer' in op ? op.pointer : undefined;
		this.pointers[thread] = by && this.of(thread, by);
		if (op.op === 'spawn') {
			for (const [register, argument] of op.args.entries()) this.put(op.thread, register, this.of(thread, argument));
			return;
		}
		const dst = writes(op);
		if (dst < 0 || 'at' in op) return;
		if (op.op === 'set') this.put(thread, dst, this.of(thread, op.from));
		else if (op.op === 'alu') this.put(thread, dst, this.of(thread, op.a) ?? this.of(thread, op.b));
		else this.put(thread, dst, `${op.op} ${thread} ${pc}`);
	}

	read(thread: number, op: Op | undefined, cell: number): void {
		if (op?.op !== 'load' && op?.op !== 'rmw' && op?.op !== 'cas') return;
		this.put(thread, writes(op), this.cells.get(cell) ?? `cell ${cell} of ${this.pointers[thread] ?? ''}`);
	}

	wrote(thread: number, op: Op | undefined, cell: number): void {
		const from = op?.op === 'store' ? op.from : op?.op === 'rmw' || op?.op === 'cas' ? op.value : undefined;
		const root = from && this.of(thread, from);
		if (root === undefined) this.cells.delete(cell);
		else this.cells.set(cell, root);
	}

	private put(thread: number, register: number, root: Root | undefined): void {
		if (root === undefined) this.registers[thread]?.delete(register);
		else this.registers[thread]?.set(register, root);
	}
}
