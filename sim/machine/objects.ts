import { FREED, IDLE, LIVE, POOLED } from './layout';
import type { Machine } from './machine';
import { access, HANDED_ON, NO_CELL, read, write } from './memory';
import { CHECKS } from './opcodes';
import { POINTER_BASE } from '../program';
import { initialValue } from './initial';

const USE_AFTER_FREE = CHECKS.indexOf('use-after-free');
const UNDERFLOW = CHECKS.indexOf('refcount-underflow');
const RESURRECTION = CHECKS.indexOf('resurrection');
const LEAK = CHECKS.indexOf('refcount-leak');

/** The pointer to a fresh object of the list, or 0 when all have been used. */
export function allocate(m: Machine, t: number, objects: readonly number[]): number {
	for (const wanted of objects) {
		const object = m.layout.outermost[wanted] ?? -1;
		if (object < 0) throw new Error(`alloc: object ${wanted} of ${m.layout.outermost.length}`);
		const slot = m.layout.life[object]!;
		if (m.tracking) m.reads(m.layout.objectResource + object);
		if (slot < 0 || m.slots[slot] !== POOLED) continue;
		m.slots[slot] = LIVE;
		if (m.tracking) m.writes(m.layout.objectResource + object);
		const { first, size } = m.program.objects[object]!;
		for (let cell = first; cell < first + size; cell++) m.slots[cell] = m.coding.encode(initialValue(m.program, cell));
		if (m.observer !== undefined) m.observer.allocated(t, m.pc, object);
		return POINTER_BASE + m.program.objects[wanted]!.first;
	}
	return 0;
}

/** False: the step fails. */
export function free(m: Machine, t: number, pointer: number): boolean {
	if (pointer === 0) return true;
	const cell = m.cellAt(pointer, 0);
	if (cell < 0) return m.fail(USE_AFTER_FREE, pointer < 0 && pointer >= -4095 ? 'error-pointer' : 'wild', t);
	const object = m.layout.objectOf[cell]!;
	return object < 0 || freeObject(m, t, object, cell);
}

function freeObject(m: Machine, t: number, object: number, cell: number): boolean {
	const slot = m.layout.life[object]!;
	if (slot < 0) return true;
	if (m.tracking) m.writes(m.layout.objectResource + object);
	const life = m.slots[slot]!;
	if (life === FREED) return m.fail(USE_AFTER_FREE, 'freed-twice', t, cell, object);
	if (life === POOLED) return m.fail(USE_AFTER_FREE, 'never-allocated', t, cell, object);
	m.slots[slot] = FREED;
	if (m.observer !== undefined) m.observer.freed(t, m.pc, object);
	return true;
}

export function touch(m: Machine, t: number, pointer: number): boolean {
	const cell = access(m, t, pointer, 0, false);
	return cell !== NO_CELL;
}

/** Whether the object that the pointer leads into is live; what is no pointer leads nowhere that could end. */
export function isLive(m: Machine, pointer: number): boolean {
	const cell = m.cellAt(pointer, 0);
	const object = cell < 0 ? -1 : m.layout.objectOf[cell]!;
	const slot = object < 0 ? -1 : m.layout.life[object]!;
	if (slot < 0) return true;
	if (m.tracking) m.reads(m.layout.objectResource + object);
	return m.slots[slot]! === LIVE;
}

function note(m: Machine, t: number, cell: number, delta: number): void {
	if (t >= m.threads.length) return;
	const { references } = m.layout.threads[t]!;
	const object = m.layout.objectOf[cell]!;
	if (references < 0 || object < 0) return;
	if (m.tracking) m.looksAt(references + object, 1);
	const held = m.get(references + object);
	if (held !== HANDED_ON && held + delta > -HANDED_ON && held + delta < HANDED_ON) m.set(references + object, held + delta);
}

/** Takes a reference: 1 taken, 0 not taken, -1 the step fails. */
export function getReference(m: Machine, t: number, base: number, offset: number, unlessZero: boolean): number {
	const cell = access(m, t, base, offset, unlessZero);
	if (cell === NO_CELL) return -1;
	const count = read(m, t, cell);
	if (count === 0) {
		if (unlessZero) return 0;
		if (!m.unchecked && !m.fail(RESURRECTION, 'on-zero', t, cell, m.layout.objectOf[cell]!)) return -1;
	}
	write(m, t, cell, count + 1);
	note(m, t, cell, 1);
	return 1;
}

/** Drops a reference: 1 it was the last, 0 it was not, -1 the step fails. */
export function putReference(m: Machine, t: number, base: number, offset: number, frees: boolean): number {
	const cell = access(m, t, base, offset, false);
	if (cell === NO_CELL) return -1;
	const count = read(m, t, cell);
	if (count <= 0 && !m.unchecked && !m.fail(UNDERFLOW, 'below-zero', t, cell, m.layout.objectOf[cell]!)) return -1;
	write(m, t, cell, count - 1);
	note(m, t, cell, -1);
	if (count !== 1) return 0;
	const object = m.layout.objectOf[cell]!;
	return !frees || object < 0 || freeObject(m, t, object, cell) ? 1 : -1;
}

/** At `end`: references that the thread took and neither dropped nor handed on. False: the step fails. */
export function settleReferences(m: Machine, t: number): boolean {
	const { references } = m.layout.threads[t]!;
	if (references < 0) return true;
	let leaked = -1;
	for (let object = 0; object < m.program.objects.length; object++) {
		const held = m.get(references + object);
		m.slots[references + object] = IDLE;
		if (held > 0 && held !== HANDED_ON && leaked < 0) leaked = object;
	}
	return leaked < 0 || m.fail(LEAK, 'leak', t, -1, leaked);
}
