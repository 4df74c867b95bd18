import type { Op, Operand, Order } from '../program';
import { BUFFER } from './layout';
import { type Machine, UNRESOLVED } from './machine';
import { read, write } from './memory';
import { reads } from './opcodes';

/**
 * Two weak memories over the same machine.
 *
 * `tso` (Owens, Sarkar, Sewell: A better x86 memory model, 2009): stores go through a first-in first-out buffer of the thread's own,
 * which its loads look into. Atomic read-modify-writes and full fences empty it; other fences mean nothing.
 *
 * `weak`, for what the kernel's memory model allows (Alglave et al.: Frightening small children and disconcerting grown-ups, 2018):
 * stores to different cells leave the buffer in any order, except across a write fence or into a release; a load may be put off
 * until its register is used, or an acquire, a read fence or a full fence asks for it, so that loads pass loads and stores pass loads,
 * but not against an address, data or control dependency; a compare and exchange that fails is a load that orders nothing. Not modelled: stores that reach some threads before others (a release-acquire
 * chain and a full fence suffice where the kernel's model asks for two full fences), stores that pass a branch, tearing and
 * what a compiler may do to plain accesses. Locks, references, objects, waiting and spawning are full fences here.
 */
export const SC = 0, TSO = 1, WEAK = 2;

/** A buffer's slots: BUFFER times (what, value). What is 0 for nothing, 1 for a write fence, else 2 * (cell + 1), plus 1 for a release. */
const FENCE = 1;
const cellOf = (what: number): number => (what >> 1) - 1;

/** A register that a load was put off for holds this plus the cell. Far from pointers, error codes and small numbers. */
const PUT_OFF = -0x6000_0000;
const MOST_CELLS = 0x0100_0000;
const isPutOff = (value: number): boolean => value >= PUT_OFF && value < PUT_OFF + MOST_CELLS;

const what = (m: Machine, t: number, i: number): number => m.get(m.layout.threads[t]!.buffer + 2 * i);

function length(m: Machine, t: number): number {
	let n = 0;
	while (n < BUFFER && what(m, t, n) !== 0) n++;
	return n;
}

export function isEmpty(m: Machine, t: number): boolean {
	return m.memory === SC || what(m, t, 0) === 0;
}

export function isFull(m: Machine, t: number): boolean {
	return what(m, t, BUFFER - 1) !== 0;
}

function remove(m: Machine, t: number, at: number): void {
	const { buffer } = m.layout.threads[t]!;
	for (let slot = buffer + 2 * at; slot < buffer + 2 * (BUFFER - 1); slot++) m.slots[slot] = m.slots[slot + 2]!;
	m.slots[buffer + 2 * BUFFER - 2] = 0;
	m.slots[buffer + 2 * BUFFER - 1] = 0;
}

function append(m: Machine, t: number, entry: number, value: number): void {
	const { buffer } = m.layout.threads[t]!;
	const at = buffer + 2 * length(m, t);
	m.set(at, entry);
	m.set(at + 1, value);
}

/** Lets entry `i` reach memory. */
function leave(m: Machine, t: number, i: number): void {
	const cell = cellOf(what(m, t, i));
	const value = m.get(m.layout.threads[t]!.buffer + 2 * i + 1);
	remove(m, t, i);
	while (what(m, t, 0) === FENCE) remove(m, t, 0);
	write(m, t, cell, value);
}

/** The entries that may reach memory next. */
function ready(m: Machine, t: number): readonly number[] {
	const found: number[] = [];
	for (let i = 0; i < length(m, t); i++) {
		const entry = what(m, t, i);
		if (entry === FENCE) break;
		let held = (entry & 1) === 1 && i > 0;
		for (let before = 0; before < i; before++) held ||= cellOf(what(m, t, before)) === cellOf(entry);
		if (!held) found.push(i);
		if (m.memory === TSO) break;
	}
	return found;
}

export function drain(m: Machine, t: number): void {
	while (what(m, t, 0) !== 0) leave(m, t, 0);
}

/** Registers of a resting thread that a load was put off for: their places in its part of the state. */
function putOffAtRest(m: Machine, t: number): readonly number[] {
	if (m.memory !== WEAK) return [];
	const { registers } = m.layout.threads[t]!;
	const found: number[] = [];
	for (let i = 0; i < m.threads[t]!.mostLive; i++) if (isPutOff(m.get(registers + i))) found.push(registers + i);
	return found;
}

/** Whether something of thread `t` can happen behind its back: a store reaches memory, a load that was put off is done. */
export function canSettle(m: Machine, t: number): boolean {
	return what(m, t, 0) !== 0 || putOffAtRest(m, t).length > 0;
}

/** Does one of these things, by choice. */
export function settleOne(m: Machine, t: number): void {
	const entries = ready(m, t);
	const slots = putOffAtRest(m, t);
	const pick = m.choose(entries.length + slots.length);
	m.pc = -1;
	if (m.tracking) m.writes(m.layout.bufferResource + t);
	if (pick < entries.length) leave(m, t, entries[pick]!);
	else {
		const slot = slots[pick - entries.length]!;
		m.set(slot, latest(m, t, m.get(slot) - PUT_OFF));
	}
}

/** What the thread sees in a cell: its own newest store of it, or memory. */
function latest(m: Machine, t: number, cell: number): number {
	for (let i = length(m, t) - 1; i >= 0; i--) {
		const entry = what(m, t, i);
		if (entry !== FENCE && cellOf(entry) === cell) return m.get(m.layout.threads[t]!.buffer + 2 * i + 1);
	}
	return read(m, t, cell);
}

function resolve(m: Machine, t: number, register: number): void {
	const { file } = m.threads[t]!;
	const value = file[register]!;
	if (isPutOff(value)) file[register] = latest(m, t, value - PUT_OFF);
}

function resolveAll(m: Machine, t: number): void {
	for (let register = 0; register < m.threads[t]!.registers; register++) resolve(m, t, register);
}

function resolveCell(m: Machine, t: number, cell: number): void {
	const { file, registers } = m.threads[t]!;
	for (let register = 0; register < registers; register++) if (file[register] === PUT_OFF + cell) resolve(m, t, register);
}

/** What an operation asks of earlier loads and stores before it is done. */
export function before(m: Machine, t: number, op: Op): void {
	if (m.tracking) m.writes(m.layout.bufferResource + t);
	for (const operand of reads(op)) if ('reg' in operand) resolve(m, t, operand.reg);
	switch (op.op) {
		case 'set': case 'alu': case 'jump': case 'branch': case 'choose': case 'assert': case 'load': case 'touch': case 'is-live': case 'escape':
		case 'might-sleep': case 'cut': case 'excuse': case 'end': return;
		// Counting how deep a thread is in what may not be preempted orders nothing that others see.
		case 'context': if (op.which !== 'preempt') { resolveAll(m, t); drain(m, t); } return;
		case 'store': if (op.order === 'release' || op.order === 'full') resolveAll(m, t); return;
		case 'cas': if (m.memory === WEAK && failsNow(m, t, op)) return; if (m.memory === TSO || op.order !== 'once') resolveAll(m, t); drain(m, t); return;
		case 'rmw': if (m.memory === TSO || op.order !== 'once') resolveAll(m, t); drain(m, t); return;
		case 'fence':
			if (op.kind === 'full') drain(m, t);
			if (op.kind === 'full' || op.kind === 'read' || op.kind === 'acquire' || op.kind === 'release') resolveAll(m, t);
			if (m.memory === WEAK && (op.kind === 'write' || op.kind === 'release') && what(m, t, 0) !== 0 && !isFull(m, t)) append(m, t, FENCE, 0);
			return;
		default: resolveAll(m, t); drain(m, t);
	}
}

/** Whether a compare and exchange is not going to exchange anything: then it orders nothing either. */
function failsNow(m: Machine, t: number, op: Extract<Op, { op: 'cas' }>): boolean {
	const { file } = m.threads[t]!;
	const value = (operand: Operand): number => ('reg' in operand ? file[operand.reg]! : operand.value | 0);
	const cell = m.cellAt(value(op.at.base), op.at.offset);
	if (cell < 0 || m.get(cell) === UNRESOLVED || holds(m, t, cell)) return false;
	resolveCell(m, t, cell);
	return m.get(cell) !== value(op.expect);
}

/** Whether a store of the thread to the cell has not reached memory yet. */
function holds(m: Machine, t: number, cell: number): boolean {
	for (let i = 0; i < length(m, t); i++) if (what(m, t, i) !== FENCE && cellOf(what(m, t, i)) === cell) return true;
	return false;
}

/** A load's value, or the mark that it was put off. */
export function weakLoad(m: Machine, t: number, cell: number, order: Order, mayWait: boolean): number {
	resolveCell(m, t, cell);
	if (order === 'full') drain(m, t);
	if (m.memory === WEAK && mayWait && (order === 'plain' || order === 'once')) {
		if (!holds(m, t, cell) && m.choose(2) === 1) {
			// Whence the register will have its value is known already.
			m.observer?.read(t, m.pc, cell, PUT_OFF + cell);
			return PUT_OFF + cell;
		}
	}
	return latest(m, t, cell);
}

/** A store into the buffer; when there is no room, the oldest store makes it. */
export function weakStore(m: Machine, t: number, cell: number, value: number, order: Order): void {
	resolveCell(m, t, cell);
	if (isFull(m, t)) leave(m, t, 0);
	append(m, t, 2 * (cell + 1) + (order === 'release' ? 1 : 0), value);
	if (order === 'full') drain(m, t);
}
