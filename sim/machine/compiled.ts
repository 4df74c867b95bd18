import { type Op, type Operand, POINTER_BASE, type Thread } from '../program';
import type { Layout } from './layout';
import { liveAt, watchedAt } from './liveness';
import * as opcode from './opcodes';

/** What a resting thread waits for before its next step. */
export const FREE_TO_GO = 0, ON_LOCK = 1, ON_AWAIT = 2, ON_SLEEP = 3, ON_JOIN = 4, ON_GRACE = 5;

/** One thread's code in the form that the interpreter runs. */
export interface CompiledThread {
	/** `opcode.STRIDE` ints per operation; one implied `end` after the last. */
	readonly code: Int32Array;
	readonly ops: readonly Op[];
	/** Scratch: the registers, then the constants. Operands are indices into it. */
	readonly file: Int32Array;
	readonly registers: number;
	/** Per operation 1 when it begins a step. */
	readonly stops: Uint8Array;
	/** A thread rests only where a step begins: numbering of those places. */
	readonly restOf: Int32Array;
	readonly restPc: Int32Array;
	/** Per resting place the registers that matter there, which alone are part of the state. */
	readonly live: readonly Int32Array[];
	readonly mostLive: number;
	/** Per resting place the watches that may still be asked for; the others are none there. */
	readonly watched: readonly Int32Array[];
	readonly waitsFor: Uint8Array;
	/** Per resting place of a thread that may wait: where the operands of its operation are in the state (>= 0: live position; < 0: ~index into file). */
	readonly base: Int32Array;
	readonly operand: Int32Array;
	/** Per resting place the cell waited at, plus one, when it is always the same; else 0. */
	readonly pinned: Int32Array;
}

const NO_REGISTER = -1;

interface Constants {
	index(value: number): number;
	readonly values: number[];
}

function constantsAfter(registers: number): Constants {
	const known = new Map<number, number>();
	const values: number[] = [];
	return {
		values,
		index(value) {
			const found = known.get(value);
			if (found !== undefined) return found;
			const index = registers + values.length;
			known.set(value, index);
			values.push(value | 0);
			return index;
		},
	};
}

function fields(op: Op, at: (operand: Operand) => number, pool: number[]): readonly number[] {
	switch (op.op) {
		case 'set': return [opcode.SET, op.dst, at(op.from)];
		case 'alu': return [opcode.ALU, op.dst, opcode.ALUS.indexOf(op.alu), at(op.a), at(op.b)];
		case 'jump': return [opcode.JUMP, op.target];
		case 'branch': return [opcode.BRANCH, at(op.cond), op.target];
		case 'assert': return [opcode.ASSERT, at(op.cond), opcode.CHECKS.indexOf(op.check)];
		case 'end': return [opcode.END];
		case 'load': return [opcode.LOAD, at(op.at.base), op.at.offset, op.dst, op.watch ?? -1];
		case 'store': return [opcode.STORE, at(op.at.base), op.at.offset, at(op.from), op.unless === undefined ? -1 : op.unless.watch];
		case 'rmw': return [opcode.RMW, at(op.at.base), op.at.offset, op.alu === undefined ? -1 : opcode.ALUS.indexOf(op.alu), at(op.value), op.dst ?? NO_REGISTER, (op.result === 'new' ? 1 : 0) + 2 * (op.unless === undefined ? 0 : op.unless.watch + 1)];
		case 'cas': return [opcode.CAS, at(op.at.base), op.at.offset, at(op.expect), at(op.value), op.dst];
		case 'choose': { const first = pool.length; pool.push(...op.values); return [opcode.CHOOSE, op.dst, first, op.values.length]; }
		case 'lock': return [opcode.LOCK, at(op.at.base), op.at.offset, opcode.LOCK_KINDS.indexOf(op.kind), op.mode === 'shared' ? 1 : 0, op.sleeps ? 1 : 0, op.recursive === true ? 1 : 0, 0];
		case 'inherit': return [opcode.LOCK, at(op.at.base), op.at.offset, opcode.LOCK_KINDS.indexOf(op.kind), op.mode === 'shared' ? 1 : 0, 0, 0, 1];
		case 'trylock': return [opcode.TRYLOCK, at(op.at.base), op.at.offset, opcode.LOCK_KINDS.indexOf(op.kind), op.mode === 'shared' ? 1 : 0, op.dst];
		case 'unlock': return [opcode.UNLOCK, at(op.at.base), op.at.offset, opcode.LOCK_KINDS.indexOf(op.kind), op.mode === 'shared' ? 1 : 0];
		case 'get': return [opcode.GET, at(op.at.base), op.at.offset, op.unlessZero === true ? 1 : 0, op.dst ?? NO_REGISTER];
		case 'put': return [opcode.PUT, at(op.at.base), op.at.offset, op.dst ?? NO_REGISTER, op.frees === true ? 1 : 0];
		case 'await': return [opcode.AWAIT, at(op.at.base), op.at.offset, opcode.ALUS.indexOf(op.alu), at(op.value), op.sleeps ? 1 : 0];
		case 'fence': return [opcode.FENCE];
		default: return [opcode.OTHER];
	}
}

function validate(op: Op, thread: Thread, length: number): void {
	const bad = (what: string): never => {
		throw new Error(`thread ${thread.name}: ${op.op}: ${what}`);
	};
	for (const operand of opcode.reads(op)) {
		if ('reg' in operand && !(operand.reg >= 0 && operand.reg < thread.registers)) bad(`register ${operand.reg} of ${thread.registers}`);
	}
	const dst = opcode.writes(op);
	if (dst !== -1 && !(dst >= 0 && dst < thread.registers)) bad(`register ${dst} of ${thread.registers}`);
	if ((op.op === 'jump' || op.op === 'branch') && !(op.target >= 0 && op.target <= length)) bad(`target ${op.target} of ${length}`);
	if (op.op === 'choose' && op.values.length === 0) bad('no values');
	if (op.op === 'load' && op.watch !== undefined && !(op.watch >= 0 && op.watch < thread.watches)) bad(`watch slot ${op.watch} of ${thread.watches}`);
	if ((op.op === 'store' || op.op === 'rmw') && op.unless !== undefined && !(op.unless.watch >= 0 && op.unless.watch < thread.watches)) bad(`watch slot ${op.unless.watch} of ${thread.watches}`);
}

/** The operations at which a fresh thread may stand after it ran what touches registers only. */
function entries(ops: readonly Op[]): readonly number[] {
	const seen = new Set<number>();
	const found: number[] = [];
	const todo = [0];
	for (let pc = todo.pop(); pc !== undefined; pc = todo.pop()) {
		if (seen.has(pc)) continue;
		seen.add(pc);
		const op = ops[pc]!;
		if (op.step === true || !opcode.isLocal(op)) found.push(pc);
		else if (op.op === 'jump') todo.push(op.target);
		else if (op.op === 'branch') todo.push(op.target, pc + 1);
		else todo.push(pc + 1);
	}
	return found;
}

function waitKind(op: Op): number {
	switch (op.op) {
		case 'lock': case 'inherit': return ON_LOCK;
		case 'await': return ON_AWAIT;
		case 'sleep': return ON_SLEEP;
		case 'join': return ON_JOIN;
		case 'grace-wait': return ON_GRACE;
		default: return FREE_TO_GO;
	}
}

/** Notes in the code which operations always touch the same cell, when no object can take it away: they need not look. */
export function pinAddresses(thread: CompiledThread, layout: Layout): void {
	const cellOf = (op: Op): number => {
		if (!('at' in op) || 'reg' in op.at.base) return -1;
		const first = op.at.base.value - POINTER_BASE;
		const cell = first + op.at.offset;
		if (first >>> 0 >= layout.cells || cell >>> 0 >= layout.cells) return -1;
		const object = layout.objectOf[cell]!;
		return object < 0 || layout.life[object]! < 0 ? cell : -1;
	};
	thread.ops.forEach((op, pc) => {
		const field = opcode.PINNED[thread.code[pc * opcode.STRIDE]!]!;
		const cell = cellOf(op);
		if (cell < 0) return;
		if (field > 0) thread.code[pc * opcode.STRIDE + field] = cell + 1;
		if (thread.restOf[pc]! >= 0) thread.pinned[thread.restOf[pc]!] = cell + 1;
	});
}

/** Encodes one thread. `pool` collects the values of its choices. Throws on a malformed program: that is our own bug. */
export function compileThread(thread: Thread, pool: number[]): CompiledThread {
	const last = thread.code.at(-1);
	const ops: readonly Op[] = [...thread.code, { op: 'end', origin: last === undefined ? -1 : last.origin }];
	const constants = constantsAfter(thread.registers);
	const at = (operand: Operand): number => ('reg' in operand ? operand.reg : constants.index(operand.value));
	const code = new Int32Array(ops.length * opcode.STRIDE);
	const stops = new Uint8Array(ops.length);
	ops.forEach((op, pc) => {
		validate(op, thread, thread.code.length);
		code.set(fields(op, at, pool), pc * opcode.STRIDE);
		stops[pc] = op.step === true || opcode.blocks(op) ? 1 : 0;
	});
	const rests = new Set<number>(entries(ops));
	stops.forEach((stop, pc) => { if (stop === 1) rests.add(pc); });
	const restPc = Int32Array.from([...rests].sort((a, b) => a - b));
	const restOf = new Int32Array(ops.length).fill(-1);
	restPc.forEach((pc, rest) => { restOf[pc] = rest; });
	const live = liveAt(ops, thread.registers, restPc);
	const watched = watchedAt(ops, thread.watches, restPc);
	const waitsFor = new Uint8Array(restPc.length);
	const base = new Int32Array(restPc.length);
	const operand = new Int32Array(restPc.length);
	restPc.forEach((pc, rest) => {
		const op = ops[pc]!;
		waitsFor[rest] = waitKind(op);
		const locate = (o: Operand): number => ('reg' in o ? live[rest]!.indexOf(o.reg) : ~constants.index(o.value));
		if ('at' in op) base[rest] = locate(op.at.base);
		if (op.op === 'await') operand[rest] = locate(op.value);
	});
	const file = new Int32Array(thread.registers + constants.values.length);
	file.set(constants.values, thread.registers);
	const pinned = new Int32Array(restPc.length);
	return { code, pinned, ops, file, registers: thread.registers, stops, restOf, restPc, live, mostLive: Math.max(0, ...live.map((l) => l.length)), watched, waitsFor, base, operand };
}
