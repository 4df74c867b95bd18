import type { Op, Order } from '../program';
import { type Machine, UNRESOLVED } from './machine';
import { read, write } from './memory';
import { reads } from './opcodes';
import { catchUp, FENCED, note, outdate, seenLate, spread, spreadAll, takeOver, UNLOCKED } from './propagation';
import { TSO, WEAK } from './memoryKinds';
import { append, appendFence, drain, hidesTaking, leave, letsGo, newestOf, ready, STORE, settleCell, storedLast, TAKEN, updateBy } from './storeBuffer';

/**
 * Two weak memories over the same machine.
 *
 * `tso` (Owens, Sarkar, Sewell: A better x86 memory model, 2009): stores, and locks let go, pass through a first-in first-out buffer of the thread's own,
 * which its loads look into. Atomic read-modify-writes, locks and full fences empty it; other fences mean nothing.
 *
 * `weak`, for what the kernel's memory model allows (Alglave et al.: Frightening small children and disconcerting grown-ups, 2018):
 * - Stores to different cells leave the buffer in any order, except across a write fence or into a release. Relaxed atomic updates whose result nobody
 *   wants go through it too. Taking a lock is an acquire and letting it go a release; both together order what is before with what is behind
 *   them, but for loads behind stores. That a lock is taken others may see late.
 * - A load may be put off until its register is used, or an acquire, a read fence or a full fence asks for it, so that loads pass loads and stores
 *   pass loads, but not against an address, data or control dependency. A compare and exchange that fails is a load that orders nothing.
 * - Where there are three threads or more, stores reach some before others: see `propagation`.
 * Not modelled: stores that pass a branch, an update whose result is wanted and that others see
 * late, tearing and what a compiler may do to plain accesses. References, objects, waiting and spawning are full fences here.
 */

/** A register that a load was put off for holds this plus the cell. Far from pointers, error codes and small numbers. */
const PUT_OFF = -0x6000_0000;
const MOST_CELLS = 0x0100_0000;
/** One for which a compare and exchange was put off holds this plus where that stands: it must turn out to fail. */
const PUT_OFF_EXCHANGE = PUT_OFF + MOST_CELLS;
const isPutOff = (value: number): boolean => value >= PUT_OFF && value < PUT_OFF_EXCHANGE + MOST_CELLS;

/** A compare and exchange of a constant in a cell that is always the same, which alone is put off. */
type Exchange = Extract<Op, { op: 'cas' }>;
const expected = (op: Exchange): number | undefined => ('value' in op.expect ? op.expect.value | 0 : undefined);
const exchangedIn = (m: Machine, op: Exchange): number => ('value' in op.at.base ? m.cellAt(op.at.base.value, op.at.offset) : -1);

/** The cell that a register waits for, and what that must not hold. */
function awaited(m: Machine, t: number, mark: number): { readonly cell: number; readonly not?: number | undefined } {
	const op = mark < PUT_OFF_EXCHANGE ? undefined : m.threads[t]!.ops[mark - PUT_OFF_EXCHANGE];
	return op?.op === 'cas' ? { cell: exchangedIn(m, op), not: expected(op) } : { cell: mark - PUT_OFF };
}

/** Registers of a resting thread that something was put off for: their places in its part of the state. */
function putOffAtRest(m: Machine, t: number): readonly number[] {
	if (m.memory !== WEAK) return [];
	const { registers } = m.layout.threads[t]!;
	const found: number[] = [];
	for (let i = 0; i < m.threads[t]!.mostLive; i++) if (isPutOff(m.get(registers + i))) found.push(registers + i);
	return found;
}

/** Whether something of thread `t` can happen behind its back: a store reaches memory, a load that was put off is done. */
export function canSettle(m: Machine, t: number): boolean {
	return m.slots[m.layout.threads[t]!.buffer] !== 0 || putOffAtRest(m, t).length > 0;
}

/** Does one of these things, by choice, whose numbers do not depend on what others do; `never` where it cannot be done now. */
export function settleOne(m: Machine, t: number): void {
	const entries = ready(m, t);
	const slots = putOffAtRest(m, t);
	const pick = m.choose(entries.length + slots.length);
	m.pc = -1;
	if (m.tracking) m.writes(m.layout.bufferResource + t);
	if (pick < entries.length) leave(m, t, entries[pick]!);
	else {
		const slot = slots[pick - entries.length]!;
		m.set(slot, seenAtLast(m, t, m.get(slot)));
	}
}

/** What the thread sees in a cell: its own newest store of it, or memory. */
function latest(m: Machine, t: number, cell: number): number {
	const own = storedLast(m, t, cell);
	if (own !== undefined) return own;
	settleCell(m, t, cell);
	return seenLate(m, t, cell) ?? read(m, t, cell);
}

/** What a load that was put off sees now; `never` when it was an exchange that would not fail. */
function seenAtLast(m: Machine, t: number, mark: number): number {
	const { cell, not } = awaited(m, t, mark);
	const seen = latest(m, t, cell);
	if (seen === not) m.never = true;
	return seen;
}

function resolve(m: Machine, t: number, register: number): void {
	const { file } = m.threads[t]!;
	const value = file[register]!;
	if (isPutOff(value)) file[register] = seenAtLast(m, t, value);
}

function resolveAll(m: Machine, t: number): void {
	for (let register = 0; register < m.threads[t]!.registers; register++) resolve(m, t, register);
}

/** Accesses of one cell are done in order. */
function resolveCell(m: Machine, t: number, cell: number): void {
	const { file, registers } = m.threads[t]!;
	for (let register = 0; register < registers; register++) {
		const value = file[register]!;
		if (isPutOff(value) && awaited(m, t, value).cell === cell) resolve(m, t, register);
	}
}

/** Everything before comes about first. */
function settle(m: Machine, t: number): void {
	resolveAll(m, t);
	drain(m, t);
}

/** What an operation asks of earlier loads and stores before it is done; of an atomic update or exchange `weakUpdate` and `weakExchange` see to that. */
export function before(m: Machine, t: number, op: Op): void {
	if (m.tracking) m.writes(m.layout.bufferResource + t);
	for (const operand of reads(op)) if ('reg' in operand) resolve(m, t, operand.reg);
	switch (op.op) {
		case 'set': case 'alu': case 'jump': case 'branch': case 'choose': case 'assert': case 'load': case 'touch': case 'is-live': case 'escape':
		case 'might-sleep': case 'cut': case 'excuse': case 'end': case 'rmw': case 'cas': case 'held': return;
		// Counting how deep a thread is in what may not be preempted orders nothing that others see.
		case 'context': if (op.which !== 'preempt') settle(m, t); return;
		case 'store': if (op.order === 'release' || op.order === 'full') resolveAll(m, t); return;
		case 'lock': case 'trylock': case 'inherit':
			// One that the thread has just let go itself must not look taken to it.
			if (m.memory === TSO || (op.op === 'trylock' && letsGo(m, t))) drain(m, t);
			else if (letsGo(m, t)) appendFence(m, t);
			note(m, t, FENCED, UNLOCKED);
			return;
		case 'unlock': resolveAll(m, t); note(m, t, UNLOCKED); return;
		// What came before may be done inside; what is done inside has been done when it is left.
		case 'rcu': if (op.delta < 0) settle(m, t); return;
		case 'fence':
			if (op.kind === 'full') drain(m, t);
			if (op.kind !== 'write') resolveAll(m, t);
			if (op.kind === 'full') spread(m, t);
			if (m.memory === WEAK && (op.kind === 'write' || op.kind === 'release')) {
				appendFence(m, t);
				note(m, t, FENCED);
			}
			return;
		default: settle(m, t); spreadAll(m);
	}
}

/** What is asked of earlier accesses by an atomic operation of this order. */
function order(m: Machine, t: number, wanted: Order): void {
	if (m.memory === TSO) drain(m, t);
	else if (wanted === 'full' || wanted === 'release') settle(m, t);
	if (wanted === 'full') spread(m, t);
}

/** A load's value, or the mark that it was put off. */
export function weakLoad(m: Machine, t: number, cell: number, wanted: Order, mayWait: boolean): number {
	resolveCell(m, t, cell);
	if (wanted === 'full') drain(m, t);
	if (m.memory === WEAK && mayWait && (wanted === 'plain' || wanted === 'once')) {
		if (newestOf(m, t, cell) < 0 && m.choose(2) === 1) {
			// Whence the register will have its value is known already.
			m.observer?.read(t, m.pc, cell, PUT_OFF + cell);
			return PUT_OFF + cell;
		}
	}
	// One that notes what is changed behind its back sees the newest.
	if (!mayWait) catchUp(m, t, cell);
	return latest(m, t, cell);
}

/** A store into the buffer. */
export function weakStore(m: Machine, t: number, cell: number, value: number, wanted: Order): void {
	resolveCell(m, t, cell);
	append(m, t, cell, STORE, value, wanted === 'release');
	if (wanted !== 'full') return;
	drain(m, t);
	spread(m, t);
}

/** Whether an atomic update (below 0: an exchange) goes through the buffer; else it is to be done now, and everything that it asks for has been. */
export function weakUpdate(m: Machine, t: number, cell: number, alu: number, value: number, unasked: boolean, wanted: Order): boolean {
	resolveCell(m, t, cell);
	if (m.memory === WEAK && unasked && (wanted === 'once' || wanted === 'plain' || wanted === 'release')) {
		if (wanted === 'release') resolveAll(m, t);
		append(m, t, cell, alu < 0 ? STORE : updateBy(alu), value, wanted === 'release');
		return true;
	}
	settleCell(m, t, cell);
	if (!unasked || wanted === 'full') catchUp(m, t, cell);
	order(m, t, wanted);
	// What a full one does all see at once.
	if (wanted !== 'full') outdate(m, t, cell, wanted === 'release');
	return false;
}

/** A compare and exchange: what the cell held, or the mark that it was put off. One that fails orders nothing. */
export function weakExchange(m: Machine, t: number, cell: number, expect: number, value: number, op: Op): number {
	if (op.op !== 'cas') throw new Error(`${op.op} is no exchange`);
	resolveCell(m, t, cell);
	if (m.memory === WEAK && expected(op) !== undefined && exchangedIn(m, op) === cell && m.get(cell) !== UNRESOLVED && newestOf(m, t, cell) < 0 && m.choose(2) === 1) {
		m.observer?.read(t, m.pc, cell, PUT_OFF_EXCHANGE + m.pc);
		return PUT_OFF_EXCHANGE + m.pc;
	}
	settleCell(m, t, cell);
	catchUp(m, t, cell);
	const found = read(m, t, cell);
	if (found !== expect && m.memory === WEAK) return found;
	order(m, t, op.order);
	if (found !== expect) return found;
	if (op.order !== 'full') outdate(m, t, cell, op.order === 'release');
	write(m, t, cell, value);
	return found;
}

/** A lock was taken. Others may see it late, where one of them asks. */
export function weakTaken(m: Machine, t: number, cell: number): void {
	takeOver(m, t, cell);
	if (m.memory === WEAK && m.layout.anyoneAsks) append(m, t, cell, TAKEN, 0, false);
}

/** Whether the thread sees that a lock is held, by whom ever. */
export function seesHeld(m: Machine, t: number, cell: number): boolean {
	if (t < m.threads.length) settleCell(m, t, cell);
	const value = m.get(cell);
	if (value === 0 || value === UNRESOLVED) return false;
	const holder = -1 - value;
	return !(holder >= 0 && holder < m.threads.length && holder !== t && hidesTaking(m, holder, cell));
}
