import { ALUS } from '../machine/opcodes';
import type { Address, Op, Operand, Program } from '../program';
import { POINTER_BASE } from '../program';

/** The exported test, or why there is none: the operation that a litmus test has no words for. */
export type LitmusExport = { readonly litmus: string } | { readonly refused: string; readonly thread: string; readonly pc: number };

const OPERATORS = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>', '==', '!=', '<', '<=', '>', '>='];
const FENCES = { full: 'smp_mb()', read: 'smp_rmb()', write: 'smp_wmb()', acquire: 'smp_rmb()', release: 'smp_wmb()' } as const;

class Refused extends Error {
	constructor(message: string, readonly thread: string, readonly pc: number) {
		super(message);
	}
}

/**
 * A program as a litmus test for herd7 with the kernel's memory model (tools/memory-model). Only what that language has: loads, stores, atomic
 * read-modify-writes, fences, spinlocks, RCU, forward branches, on shared integers at fixed places, and invariants that compare cells at the end.
 * The `exists` clause asks for a final state in which an invariant does not hold; without invariants every final state is listed.
 */
export function toLitmus(program: Program): LitmusExport {
	try {
		return { litmus: write(program) };
	} catch (error) {
		if (error instanceof Refused) return { refused: error.message, thread: error.thread, pc: error.pc };
		throw error;
	}
}

function write(program: Program): string {
	const initial = initialValues(program);
	const names = new Map<number, string>();
	const taken = new Set<string>();
	program.cells.forEach(({ name }, cell) => {
		let word = name.replace(/\W+/g, '_').replace(/^(\d)/, '_$1') || 'cell';
		while (taken.has(word)) word += '_';
		taken.add(word);
		names.set(cell, word);
	});
	const used = new Set<number>();
	const locks = new Set<number>();
	const bodies = program.threads.map((thread, t) => {
		if (thread.start !== 'ready' || thread.interrupts !== undefined) throw new Refused(`${thread.start === 'ready' ? 'an interrupt' : `a thread that starts ${thread.start}`}`, thread.name, 0);
		return new Body(program, t, names, used, locks).text();
	});
	const wanted = condition(program, names, used);
	const cells = [...used].sort((a, b) => a - b);
	const init = cells.filter((cell) => !locks.has(cell) && initial(cell) !== 0).map((cell) => `${names.get(cell)} = ${initial(cell)};`);
	const remarks = cells.filter((cell) => program.cells[cell]!.domain !== undefined).map((cell) => `(* ${names.get(cell)} starts from ${initial(cell)} here; any of ${program.cells[cell]!.domain!.join(', ')} is possible *)\n`).join('');
	const parameters = cells.map((cell) => `${locks.has(cell) ? 'spinlock_t' : 'int'} *${names.get(cell)}`).join(', ');
	const processes = bodies.map((lines, t) => `P${t}(${parameters})\n{\n${lines.join('\n')}\n}`).join('\n\n');
	const question = wanted === null ? `locations [${cells.filter((cell) => !locks.has(cell)).map((cell) => `${names.get(cell)};`).join(' ')}]\n\nexists (true)` : `exists (${wanted})`;
	return `C ${program.name.replace(/\W+/g, '-') || 'program'}\n\n${remarks}{${init.length === 0 ? '' : ` ${init.join(' ')} `}}\n\n${processes}\n\n${question}\n`;
}

/** What cells hold before the threads begin. A setup that only stores constants is that; any other cannot be expressed. */
function initialValues({ cells, setup }: Program): (cell: number) => number {
	const registers = new Map<number, number>();
	const stored = new Map<number, number>();
	for (const [pc, op] of setup.entries()) {
		const refuse = (): never => { throw new Refused(`${op.op}: a litmus test starts from constants`, 'setup', pc); };
		const value = (operand: Operand): number => ('reg' in operand ? registers.get(operand.reg) ?? refuse() : operand.value);
		if (op.op === 'end') break;
		if (op.op === 'set') registers.set(op.dst, value(op.from));
		else if (op.op === 'store' && op.unless === undefined) stored.set(value(op.at.base) - POINTER_BASE + op.at.offset, value(op.from));
		else refuse();
	}
	return (cell) => {
		const value = stored.get(cell) ?? startOf(cells[cell]!);
		if (value >= POINTER_BASE) throw new Refused(`${cells[cell]!.name} points at an object`, 'setup', 0);
		return value;
	};
}

/** An unknown value starts as C would start it, where it may. The test says so. */
const startOf = ({ initial, domain }: Program['cells'][number]): number => (domain === undefined ? initial : domain.includes(0) ? 0 : (domain[0] ?? initial));

class Body {
	private readonly code: readonly Op[];
	private readonly name: string;

	constructor(program: Program, t: number, private readonly names: ReadonlyMap<number, string>, private readonly used: Set<number>, private readonly locks: Set<number>) {
		const thread = program.threads[t]!;
		this.code = thread.code;
		this.name = thread.name;
	}

	text(): readonly string[] {
		const registers = new Set(this.code.flatMap((op) => ('dst' in op && op.dst !== undefined ? [op.dst] : [])));
		return [...[...registers].sort((a, b) => a - b).map((r) => `\tint r${r};`), ...this.block(0, this.code.length, '\t')];
	}

	private refuse(pc: number, why: string): never {
		throw new Refused(`${this.code[pc]!.op}: ${why}`, this.name, pc);
	}

	/** A branch over what follows is an `if` around it. */
	private block(from: number, to: number, indent: string): readonly string[] {
		const lines: string[] = [];
		for (let pc = from; pc < to; pc++) {
			const op = this.code[pc]!;
			if (op.op === 'branch') {
				if (op.target <= pc || op.target > to) this.refuse(pc, 'only a branch forward over a block can be expressed');
				lines.push(`${indent}if (!(${this.value(op.cond)})) {`, ...this.block(pc + 1, op.target, `${indent}\t`), `${indent}}`);
				pc = op.target - 1;
			} else if (op.op === 'end') {
				if (pc !== this.code.length - 1) this.refuse(pc, 'a return from the middle cannot be expressed');
			} else if (op.op === 'grace-wait') {
				if (this.code[pc - 1]?.op !== 'grace-begin') this.refuse(pc, 'only a grace period that is waited for at once can be expressed');
			} else lines.push(`${indent}${this.statement(op, pc)};`);
		}
		return lines;
	}

	private value(operand: Operand): string {
		return 'reg' in operand ? `r${operand.reg}` : String(operand.value);
	}

	private cell(at: Address, pc: number): string {
		if ('reg' in at.base) this.refuse(pc, 'an address in a register cannot be expressed');
		const cell = at.base.value - POINTER_BASE + at.offset;
		const name = this.names.get(cell);
		if (name === undefined) this.refuse(pc, 'an address that is no cell');
		this.used.add(cell);
		return name;
	}

	private lock(at: Address, pc: number): string {
		const name = this.cell(at, pc);
		if (!('reg' in at.base)) this.locks.add(at.base.value - POINTER_BASE + at.offset);
		return name;
	}

	private statement(op: Op, pc: number): string {
		switch (op.op) {
			case 'set': return `r${op.dst} = ${this.value(op.from)}`;
			case 'alu': return `r${op.dst} = (${this.value(op.a)} ${OPERATORS[ALUS.indexOf(op.alu)]} ${this.value(op.b)})`;
			case 'load': {
				if (op.watch !== undefined) this.refuse(pc, 'a watch cannot be expressed');
				const x = this.cell(op.at, pc);
				if (op.order === 'plain') return `r${op.dst} = *${x}`;
				return `r${op.dst} = ${op.order === 'once' ? 'READ_ONCE(*' : 'smp_load_acquire('}${x})`;
			}
			case 'store': {
				if (op.unless !== undefined) this.refuse(pc, 'a watch cannot be expressed');
				const x = this.cell(op.at, pc);
				if (op.order === 'plain') return `*${x} = ${this.value(op.from)}`;
				if (op.order === 'full') return `smp_store_mb(*${x}, ${this.value(op.from)})`;
				return op.order === 'once' ? `WRITE_ONCE(*${x}, ${this.value(op.from)})` : `smp_store_release(${x}, ${this.value(op.from)})`;
			}
			case 'rmw': {
				if (op.unless !== undefined) this.refuse(pc, 'a watch cannot be expressed');
				const suffix = op.order === 'acquire' ? '_acquire' : op.order === 'release' ? '_release' : op.order === 'full' ? '' : '_relaxed';
				const x = this.cell(op.at, pc);
				if (op.alu === undefined) return `${op.dst === undefined ? '' : `r${op.dst} = `}xchg${suffix}(${x}, ${this.value(op.value)})`;
				if (op.alu !== 'add' && op.alu !== 'sub') this.refuse(pc, `an atomic ${op.alu} cannot be expressed`);
				if (op.dst === undefined) return `atomic_${op.alu}(${this.value(op.value)}, ${x})`;
				return op.result === 'new' ? `r${op.dst} = atomic_${op.alu}_return${suffix}(${this.value(op.value)}, ${x})` : `r${op.dst} = atomic_fetch_${op.alu}${suffix}(${this.value(op.value)}, ${x})`;
			}
			case 'cas': {
				const suffix = op.order === 'acquire' ? '_acquire' : op.order === 'release' ? '_release' : op.order === 'full' ? '' : '_relaxed';
				return `r${op.dst} = cmpxchg${suffix}(${this.cell(op.at, pc)}, ${this.value(op.expect)}, ${this.value(op.value)})`;
			}
			case 'fence': return FENCES[op.kind];
			case 'lock': case 'unlock':
				if (op.kind !== 'spin' || op.mode !== 'exclusive') this.refuse(pc, `a ${op.kind} lock cannot be expressed`);
				return `spin_${op.op}(${this.lock(op.at, pc)})`;
			case 'rcu':
				if (op.domain !== 0) this.refuse(pc, 'an SRCU domain cannot be expressed');
				return `rcu_read_${op.delta === 1 ? 'lock' : 'unlock'}()`;
			case 'grace-begin': {
				const next = this.code[pc + 1];
				if (op.domain !== 0 || next?.op !== 'grace-wait') this.refuse(pc, 'only a grace period that is waited for at once can be expressed');
				return 'synchronize_rcu()';
			}
			default: return this.refuse(pc, 'cannot be expressed in a litmus test');
		}
	}
}

const not = (text: string): string => (text.startsWith('~') ? text.slice(1) : `~${text}`);

/** The negation of the invariants at quiescence, as a condition on final values; null: there are none. */
function condition(program: Program, names: ReadonlyMap<number, string>, used: Set<number>): string | null {
	const registers = new Map<number, string>();
	const failing: string[] = [];
	program.quiescence.forEach((op, pc) => {
		const refuse = (why: string): never => { throw new Refused(`${op.op}: ${why}`, 'the end', pc); };
		const value = (operand: Operand): string => ('reg' in operand ? registers.get(operand.reg) ?? '0' : String(operand.value));
		switch (op.op) {
			case 'set': registers.set(op.dst, value(op.from)); return;
			case 'load': {
				const cell = 'reg' in op.at.base ? refuse('an address in a register cannot be expressed') : op.at.base.value - POINTER_BASE + op.at.offset;
				used.add(cell);
				registers.set(op.dst, names.get(cell) ?? refuse('an address that is no cell'));
				return;
			}
			case 'alu': {
				const [a, b] = [value(op.a), value(op.b)];
				if (op.alu === 'eq' || op.alu === 'ne') {
					// A comparison of a condition with 0 is its negation.
					const other = a === '0' ? b : b === '0' ? a : undefined;
					if (other?.startsWith('(') === true || other?.startsWith('~') === true) registers.set(op.dst, op.alu === 'eq' ? not(other) : other);
					else registers.set(op.dst, op.alu === 'eq' ? `(${a}=${b})` : `~(${a}=${b})`);
				} else if (op.alu === 'and' || op.alu === 'or') {
					const sign = op.alu === 'and' ? '/\\' : '\\/';
					const truth = (text: string): string => (text === '1' ? 'true' : text === '0' ? 'false' : /^(\(|~|true$|false$)/.test(text) ? text : refuse('only comparisons can be combined'));
					const [x, y] = [truth(a), truth(b)];
					const neutral = op.alu === 'and' ? 'true' : 'false';
					registers.set(op.dst, x === neutral ? y : y === neutral ? x : `(${x} ${sign} ${y})`);
				} else refuse(`${op.alu} cannot be expressed in a condition`);
				return;
			}
			case 'assert': {
				const text = value(op.cond);
				failing.push(/^[(~]/.test(text) ? not(text) : `${text}=0`);
				return;
			}
			case 'end': return;
			default: refuse('cannot be expressed in a condition');
		}
	});
	return failing.length === 0 ? null : failing.join(' \\/ ');
}
