import type { Alu, CheckName, LockKind, Op, Operand } from '../program';

/** One number per kind of operation; the interpreter switches on it. */
export const SET = 0, ALU = 1, JUMP = 2, BRANCH = 3, ASSERT = 4, END = 5, LOAD = 6, STORE = 7, RMW = 8, CAS = 9;
export const CHOOSE = 10, LOCK = 11, TRYLOCK = 12, UNLOCK = 13, GET = 14, PUT = 15, FENCE = 16, AWAIT = 17, OTHER = 18;

/** Per opcode the field for the number, plus one, of the cell that is always meant and always there; 0 for none. See `pinAddresses`. */
export const PINNED: readonly number[] = [0, 0, 0, 0, 0, 0, 5, 5, 7, 0, 0, 0, 0, 5, 0, 0, 0, 6, 0];

/** Ints per operation in the encoded code: the opcode and up to seven fields. */
export const STRIDE = 8;

export const CHECKS: readonly CheckName[] = [
	'stale-mapping', 'use-after-free', 'refcount-underflow', 'refcount-leak', 'resurrection', 'pinned-after-free',
	'block-reused', 'lost-data', 'deadlock', 'unlock-not-held', 'lock-held-at-return', 'sleep-in-atomic',
	'irq-unsafe-lock', 'assertion', 'check-then-act', 'data-race',
];

export const LOCK_KINDS: readonly LockKind[] = ['spin', 'rw', 'mutex', 'rwsem', 'semaphore', 'bit', 'page', 'local'];

/** Whether holding a lock of this kind forbids sleeping. */
export const SPINNING: readonly boolean[] = LOCK_KINDS.map((kind) => kind === 'spin' || kind === 'rw' || kind === 'bit' || kind === 'local');

/** Whether a thread that does not hold a lock of this kind may unlock it. */
export const UNLOCKED_BY_ANYONE: readonly boolean[] = LOCK_KINDS.map((kind) => kind === 'page' || kind === 'bit' || kind === 'semaphore');

export const ALUS: readonly Alu[] = ['add', 'sub', 'mul', 'div', 'mod', 'and', 'or', 'xor', 'shl', 'shr', 'eq', 'ne', 'lt', 'le', 'gt', 'ge'];

/** 32-bit signed arithmetic as C has it, except that a division by zero gives zero. */
export function compute(alu: number, a: number, b: number): number {
	switch (alu) {
		case 0: return (a + b) | 0;
		case 1: return (a - b) | 0;
		case 2: return Math.imul(a, b);
		case 3: return b === 0 ? 0 : (a / b) | 0;
		case 4: return b === 0 ? 0 : (a % b) | 0;
		case 5: return a & b;
		case 6: return a | b;
		case 7: return a ^ b;
		case 8: return a << b;
		case 9: return a >> b;
		case 10: return a === b ? 1 : 0;
		case 11: return a !== b ? 1 : 0;
		case 12: return a < b ? 1 : 0;
		case 13: return a <= b ? 1 : 0;
		case 14: return a > b ? 1 : 0;
		default: return a >= b ? 1 : 0;
	}
}

/** Operations that may have to wait; each begins a step. */
export function blocks(op: Op): boolean {
	return op.op === 'lock' || op.op === 'inherit' || op.op === 'await' || op.op === 'sleep' || op.op === 'join' || op.op === 'grace-wait';
}

/** Operations that touch registers only and cannot fail or branch the search. */
export function isLocal(op: Op): boolean {
	return op.op === 'set' || op.op === 'alu' || op.op === 'jump' || op.op === 'branch';
}

/** The registers that an operation reads. */
export function reads(op: Op): readonly Operand[] {
	switch (op.op) {
		case 'set': return [op.from];
		case 'alu': return [op.a, op.b];
		case 'branch': case 'assert': return [op.cond];
		case 'store': return [op.at.base, op.from];
		case 'rmw': return [op.at.base, op.value];
		case 'cas': return [op.at.base, op.expect, op.value];
		case 'await': return [op.at.base, op.value];
		case 'free': case 'touch': case 'is-live': case 'escape': return [op.pointer];
		case 'spawn': return op.args;
		default: return 'at' in op ? [op.at.base] : [];
	}
}

/** The register that an operation writes, or -1. */
export function writes(op: Op): number {
	return 'dst' in op && op.dst !== undefined ? op.dst : -1;
}
