import type { Machine } from './machine';
import { CHECKS, SPINNING, UNLOCKED_BY_ANYONE } from './opcodes';
import { SC } from './memoryKinds';
import { outdate } from './propagation';
import { append, drain, EXCLUSIVE, isEmpty, SHARED, UNLOCK } from './storeBuffer';

const NOT_HELD = CHECKS.indexOf('unlock-not-held');
const STILL_HELD = CHECKS.indexOf('lock-held-at-return');
const OVERLAPS = 8;

/**
 * A lock's cell: 0 free, n > 0 held shared n times, -(1 + thread) held exclusively; any other value is a lock that somebody
 * outside the program holds. What a thread holds stands in its own slots too, sorted, one entry per lock:
 * cell << 10 | shared << 9 | excused << 8 | depth << 4 | kind (8: an access window).
 */
const entryOf = (cell: number, shared: number, excused: number, depth: number, kind: number): number =>
	(cell << 10) | (shared << 9) | (excused << 8) | (depth << 4) | kind;
const cellOf = (entry: number): number => entry >>> 10;
const sharedOf = (entry: number): number => (entry >> 9) & 1;
const excusedOf = (entry: number): number => (entry >> 8) & 1;
const depthOf = (entry: number): number => (entry >> 4) & 15;
const kindOf = (entry: number): number => entry & 15;

export function findHold(m: Machine, t: number, cell: number, window: boolean): number {
	if (t >= m.threads.length) return -1;
	const { holds, holdCount } = m.layout.threads[t]!;
	for (let slot = holds; slot < holds + holdCount; slot++) {
		const code = m.slots[slot]!;
		if (code === 0) return -1;
		const entry = m.decode[code]!;
		if (cellOf(entry) === cell && (kindOf(entry) === OVERLAPS) === window) return slot;
	}
	return -1;
}

/** Adds an entry in its place. False when there is no room. */
function insert(m: Machine, t: number, entry: number): boolean {
	const { holds, holdCount } = m.layout.threads[t]!;
	const last = holds + holdCount - 1;
	if (holdCount === 0 || m.slots[last] !== 0) return false;
	let slot = last;
	while (slot > holds && (m.slots[slot - 1] === 0 || m.get(slot - 1) < entry)) {
		m.slots[slot] = m.slots[slot - 1]!;
		slot--;
	}
	m.set(slot, entry);
	return true;
}

function remove(m: Machine, t: number, slot: number): void {
	const { holds, holdCount } = m.layout.threads[t]!;
	const last = holds + holdCount - 1;
	for (let i = slot; i < last; i++) m.slots[i] = m.slots[i + 1]!;
	m.slots[last] = 0;
}

/** Whether the thread could take it now: 0 it must wait, 1 it is free, 2 it holds it already and may nest. */
export function takeable(m: Machine, t: number, cell: number, value: number, shared: boolean, recursive: boolean): number {
	if (value === 0) return 1;
	if (shared && value > 0) return 1;
	return recursive && findHold(m, t, cell, false) >= 0 ? 2 : 0;
}

/** Takes a lock that `takeable` allows. False when the thread holds too many. */
export function take(m: Machine, t: number, cell: number, value: number, kind: number, shared: boolean, inherited: boolean): boolean {
	if (m.tracking) {
		if (shared) m.shares(cell);
		else m.writes(cell);
	}
	if (m.observer !== undefined) m.observer.locked(t, m.pc, cell);
	if (t >= m.threads.length) {
		m.set(cell, shared ? value + 1 : 1);
		return true;
	}
	const slot = findHold(m, t, cell, false);
	if (slot >= 0) {
		const entry = m.get(slot);
		m.set(slot, entryOf(cell, sharedOf(entry), excusedOf(entry), Math.min(15, depthOf(entry) + 1), kindOf(entry)));
		if (shared && value > 0) m.set(cell, value + 1);
		return true;
	}
	m.set(cell, shared ? value + 1 : -(1 + t));
	return insert(m, t, entryOf(cell, shared ? 1 : 0, inherited ? 1 : 0, 1, kind));
}

/** False: the step fails. */
export function release(m: Machine, t: number, cell: number, value: number, kind: number, shared: boolean): boolean {
	if (m.tracking) {
		if (shared) m.shares(cell);
		else m.writes(cell);
	}
	const slot = findHold(m, t, cell, false);
	if (slot >= 0) {
		const entry = m.get(slot);
		if (m.observer !== undefined) m.observer.unlocked(t, m.pc, cell);
		const depth = depthOf(entry) - 1;
		if (m.memory !== SC && !isEmpty(m, t) && (depth === 0 || sharedOf(entry) === 1)) append(m, t, cell, UNLOCK, sharedOf(entry) === 1 ? SHARED : EXCLUSIVE, true);
		else {
			if (m.memory !== SC && (depth === 0 || sharedOf(entry) === 1)) outdate(m, t, cell, true);
			if (sharedOf(entry) === 1) m.set(cell, Math.max(0, value - 1));
			else if (depth === 0) m.slots[cell] = 0;
		}
		if (depth === 0) remove(m, t, slot);
		else m.set(slot, entryOf(cell, sharedOf(entry), excusedOf(entry), depth, kindOf(entry)));
		return true;
	}
	if (m.unchecked) {
		m.slots[cell] = 0;
		return true;
	}
	if (m.memory !== SC) {
		drain(m, t);
		value = m.get(cell);
		outdate(m, t, cell, true);
	}
	if (value !== 0 && UNLOCKED_BY_ANYONE[kind] === true) {
		for (let other = 0; other < m.threads.length; other++) {
			if (m.tracking) m.looksAt(m.layout.threads[other]!.holds, m.layout.threads[other]!.holdCount);
			const held = findHold(m, other, cell, false);
			if (held >= 0) remove(m, other, held);
		}
		if (m.tracking) m.writes(cell);
		if (m.observer !== undefined) m.observer.unlocked(t, m.pc, cell);
		m.slots[cell] = 0;
		return true;
	}
	return m.fail(NOT_HELD, value === 0 ? 'not-held' : 'held-by-another', t, cell, m.layout.objectOf[cell]!);
}

export function excuseHolds(m: Machine, t: number): void {
	const { holds, holdCount } = m.layout.threads[t]!;
	for (let slot = holds; slot < holds + holdCount && m.slots[slot] !== 0; slot++) m.set(slot, m.get(slot) | (1 << 8));
}

/** At `end`: drops what is excused; what is left is a failure (false). */
export function settleHolds(m: Machine, t: number): boolean {
	const { holds, holdCount } = m.layout.threads[t]!;
	if (m.memory !== SC && holdCount > 0 && m.slots[holds] !== 0) drain(m, t);
	let kept = -1;
	while (holdCount > 0 && m.slots[holds] !== 0) {
		const entry = m.get(holds);
		const cell = cellOf(entry);
		if (kindOf(entry) !== OVERLAPS) {
			if (excusedOf(entry) === 0 && kept < 0) kept = cell;
			const value = m.get(cell);
			if (m.memory !== SC) outdate(m, t, cell, true);
			m.set(cell, sharedOf(entry) === 1 ? Math.max(0, value - depthOf(entry)) : 0);
			if (m.tracking) m.writes(cell);
			if (m.observer !== undefined && excusedOf(entry) === 1) m.observer.unlocked(t, m.pc, cell);
		} else if (m.tracking) m.writes(m.layout.windowResource + cell);
		remove(m, t, holds);
	}
	return kept < 0 || m.fail(STILL_HELD, 'still-held', t, kept, m.layout.objectOf[kept]!);
}

/** The cell of a lock held by the thread that forbids sleeping, or -1. */
export function spinningHold(m: Machine, t: number): number {
	const { holds, holdCount } = m.layout.threads[t]!;
	for (let slot = holds; slot < holds + holdCount && m.slots[slot] !== 0; slot++) {
		const entry = m.get(slot);
		if (kindOf(entry) !== OVERLAPS && SPINNING[kindOf(entry)] === true) return cellOf(entry);
	}
	return -1;
}

/** The cells of the locks that the thread holds. */
export function locksHeld(m: Machine, t: number): readonly number[] {
	const { holds, holdCount } = m.layout.threads[t]!;
	const cells: number[] = [];
	for (let slot = holds; slot < holds + holdCount && m.slots[slot] !== 0; slot++) if (kindOf(m.get(slot)) !== OVERLAPS) cells.push(cellOf(m.get(slot)));
	return cells;
}

/** Threads that hold the lock in this cell. */
export function holdersOf(m: Machine, cell: number): readonly number[] {
	const holders: number[] = [];
	for (let t = 0; t < m.threads.length; t++) if (findHold(m, t, cell, false) >= 0) holders.push(t);
	return holders;
}

/** Opens an access window: the other thread whose window it overlaps, -1 for none, -2 when there is no room. */
export function openWindow(m: Machine, t: number, cell: number, shared: boolean): number {
	const resource = m.layout.windowResource + cell;
	if (m.tracking) {
		if (shared) m.shares(resource);
		else m.writes(resource);
	}
	for (let other = 0; other < m.threads.length; other++) {
		const slot = other === t ? -1 : findHold(m, other, cell, true);
		if (slot >= 0 && !(shared && sharedOf(m.get(slot)) === 1)) return other;
	}
	if (m.observer !== undefined) m.observer.entered(t, m.pc, cell);
	return insert(m, t, entryOf(cell, shared ? 1 : 0, 0, 1, OVERLAPS)) ? -1 : -2;
}

export function closeWindow(m: Machine, t: number, cell: number, shared: boolean): void {
	const resource = m.layout.windowResource + cell;
	if (m.tracking) {
		if (shared) m.shares(resource);
		else m.writes(resource);
	}
	const slot = findHold(m, t, cell, true);
	if (slot >= 0) remove(m, t, slot);
	if (m.observer !== undefined) m.observer.left(t, cell);
}
