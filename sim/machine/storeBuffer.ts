import { BUFFER } from './layout';
import { SC, TSO } from './memoryKinds';
import type { Machine } from './machine';
import { read, write } from './memory';
import { ALUS, compute } from './opcodes';
import { outdate } from './propagation';

/**
 * A thread's store buffer: BUFFER times (what, value). What is 0 for nothing, 1 for a write fence, else 64 * (cell + 1) + 2 * kind, plus 1 for a
 * release. Besides stores there are atomic updates whose result nobody wants, which are done whole when they reach memory; locks let go; and that others
 * see a lock taken.
 */
const FENCE = 1;
export const STORE = 0, UNLOCK = 30, TAKEN = 31;
/** Value of an UNLOCK of a lock that was held shared, and of another. */
export const SHARED = 1, EXCLUSIVE = 0;
/** Kind of the update by the operation of this number. */
export const updateBy = (alu: number): number => 1 + alu;
const PER_CELL = 64;
const cellOf = (what: number): number => Math.floor(what / PER_CELL) - 1;
const kindOf = (what: number): number => (what >> 1) & 31;
const isRelease = (what: number): boolean => what !== FENCE && (what & 1) === 1;
if (ALUS.length >= UNLOCK) throw new Error('more operations than a store buffer tells apart');

const whatAt = (m: Machine, t: number, i: number): number => m.get(m.layout.threads[t]!.buffer + 2 * i);

function length(m: Machine, t: number): number {
	let n = 0;
	while (n < BUFFER && whatAt(m, t, n) !== 0) n++;
	return n;
}

export function isEmpty(m: Machine, t: number): boolean {
	return m.memory === SC || whatAt(m, t, 0) === 0;
}

const isFull = (m: Machine, t: number): boolean => whatAt(m, t, BUFFER - 1) !== 0;

function remove(m: Machine, t: number, at: number): void {
	const { buffer } = m.layout.threads[t]!;
	for (let slot = buffer + 2 * at; slot < buffer + 2 * (BUFFER - 1); slot++) m.slots[slot] = m.slots[slot + 2]!;
	m.slots[buffer + 2 * BUFFER - 2] = 0;
	m.slots[buffer + 2 * BUFFER - 1] = 0;
}

/** Adds an entry; when there is no room, the oldest makes it. */
export function append(m: Machine, t: number, cell: number, kind: number, value: number, release: boolean): void {
	if (isFull(m, t)) leave(m, t, 0);
	put(m, t, PER_CELL * (cell + 1) + 2 * kind + (release ? 1 : 0), value);
}

/** Nothing that is added from now on reaches memory before what is there. */
export function appendFence(m: Machine, t: number): void {
	if (isFull(m, t)) leave(m, t, 0);
	const last = length(m, t) - 1;
	if (last >= 0 && whatAt(m, t, last) !== FENCE) put(m, t, FENCE, 0);
}

function put(m: Machine, t: number, what: number, value: number): void {
	const at = m.layout.threads[t]!.buffer + 2 * length(m, t);
	m.set(at, what);
	m.set(at + 1, value);
}

/** Lets entry `i` reach memory. */
export function leave(m: Machine, t: number, i: number): void {
	const what = whatAt(m, t, i);
	const value = m.get(m.layout.threads[t]!.buffer + 2 * i + 1);
	const cell = cellOf(what), kind = kindOf(what);
	remove(m, t, i);
	while (whatAt(m, t, 0) === FENCE) remove(m, t, 0);
	if (kind !== TAKEN) outdate(m, t, cell, isRelease(what));
	if (kind === STORE) write(m, t, cell, value);
	else if (kind === UNLOCK) {
		if (m.tracking) m.writes(cell);
		m.set(cell, value === SHARED ? Math.max(0, m.get(cell) - 1) : 0);
	} else if (kind === TAKEN) {
		if (m.tracking) m.writes(cell);
	} else write(m, t, cell, compute(kind - 1, read(m, t, cell), value));
}

/** The entries that may reach memory next. */
export function ready(m: Machine, t: number): readonly number[] {
	const found: number[] = [];
	for (let i = 0; i < length(m, t); i++) {
		const what = whatAt(m, t, i);
		if (what === FENCE) break;
		let held = isRelease(what) && i > 0;
		for (let before = 0; before < i; before++) held ||= cellOf(whatAt(m, t, before)) === cellOf(what);
		if (!held) found.push(i);
		if (m.memory === TSO) break;
	}
	return found;
}

export function drain(m: Machine, t: number): void {
	while (whatAt(m, t, 0) !== 0) leave(m, t, 0);
}

/** The newest entry about a cell, or -1. */
export function newestOf(m: Machine, t: number, cell: number): number {
	for (let i = length(m, t) - 1; i >= 0; i--) if (cellOf(whatAt(m, t, i)) === cell) return i;
	return -1;
}

/** Whether a lock that the thread has let go is still to be seen as free by the others. */
export function letsGo(m: Machine, t: number): boolean {
	for (let i = length(m, t) - 1; i >= 0; i--) if (kindOf(whatAt(m, t, i)) === UNLOCK) return true;
	return false;
}

/** Whether others cannot see yet that the thread has taken a lock. */
export function hidesTaking(m: Machine, t: number, cell: number): boolean {
	for (let i = 0; i < length(m, t); i++) if (cellOf(whatAt(m, t, i)) === cell && kindOf(whatAt(m, t, i)) === TAKEN) return true;
	return false;
}

/** What the thread has stored last into a cell and memory does not hold yet; undefined when there is none, or only memory can tell. */
export function storedLast(m: Machine, t: number, cell: number): number | undefined {
	const i = newestOf(m, t, cell);
	return i >= 0 && kindOf(whatAt(m, t, i)) === STORE ? m.get(m.layout.threads[t]!.buffer + 2 * i + 1) : undefined;
}

/** Lets all entries about a cell reach memory, and before them only what has to. */
export function settleCell(m: Machine, t: number, cell: number): void {
	for (let i = newestOf(m, t, cell); i >= 0; i = newestOf(m, t, cell)) leave(m, t, mustFirst(m, t, i));
}

/** The entry that has to reach memory first for entry `i` to be able to. */
function mustFirst(m: Machine, t: number, i: number): number {
	if (m.memory === TSO || isRelease(whatAt(m, t, i))) return 0;
	for (let before = 0; before < i; before++) if (whatAt(m, t, before) === FENCE) return 0;
	for (let before = 0; before < i; before++) if (cellOf(whatAt(m, t, before)) === cellOf(whatAt(m, t, i))) return mustFirst(m, t, before);
	return i;
}
