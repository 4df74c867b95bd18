import { LIVE } from './layout';
import { type Machine, UNRESOLVED } from './machine';
import { CHECKS } from './opcodes';

const USE_AFTER_FREE = CHECKS.indexOf('use-after-free');

/** What `access` gives for an address that the step cannot go on with. */
export const NO_CELL = -1;

/** The cell at base + offset when thread `t` may touch it; else NO_CELL, with `fault` set or the path to be cut. */
export function access(m: Machine, t: number, base: number, offset: number, exempt: boolean): number {
	const cell = m.cellAt(base, offset);
	if (cell < 0) {
		m.cutWhy = 'an address that is no pointer';
		if (!m.unchecked) m.fail(USE_AFTER_FREE, base === 0 ? 'null' : base < 0 && base >= -4095 ? 'error-pointer' : 'wild', t);
		return NO_CELL;
	}
	const object = m.layout.objectOf[cell]!;
	if (object >= 0) {
		const slot = m.layout.life[object]!;
		if (slot >= 0) {
			if (m.tracking) m.reads(m.layout.objectResource + object);
			const life = m.slots[slot]!;
			if (life !== LIVE && !m.unchecked && !(exempt && m.layout.typeStable[object] === 1)) {
				if (!m.fail(USE_AFTER_FREE, life === 0 ? 'never-allocated' : 'freed', t, cell, object)) return NO_CELL;
			}
		}
	}
	return cell;
}

/** Reads a cell; one with a domain gets its value now. */
export function read(m: Machine, t: number, cell: number): number {
	let value = m.decode[m.slots[cell]!]!;
	if (value === UNRESOLVED) {
		const domain = m.domains[cell];
		if (domain !== undefined) {
			value = domain[m.choose(domain.length)]!;
			m.slots[cell] = m.coding.encode(value);
			if (m.tracking) m.writes(cell);
		}
	}
	if (m.tracking) m.reads(cell);
	if (m.observer !== undefined) m.observer.read(t, m.pc, cell, value);
	return value;
}

/** Writes a cell, breaks other threads' watches of it, and notes a reference that a stored pointer hands on. */
export function write(m: Machine, t: number, cell: number, value: number): void {
	const before = m.slots[cell]!;
	const after = m.coding.encode(value);
	m.slots[cell] = after;
	if (m.tracking) m.writes(cell);
	if (m.observer !== undefined) m.observer.wrote(t, m.pc, cell, m.decode[before]!, value);
	if (m.layout.anyWatch && before !== after) breakWatches(m, t, cell);
	if (value >= 0x1000_0000) handOn(m, t, value);
}

/** A watch slot holds 2 * (cell + 1), plus 1 once broken. */
function breakWatches(m: Machine, t: number, cell: number): void {
	const armed = 2 * (cell + 1);
	for (let other = 0; other < m.threads.length; other++) {
		if (other === t) continue;
		const { watches, watchCount } = m.layout.threads[other]!;
		if (m.tracking) m.looksAt(watches, watchCount);
		for (let i = 0; i < watchCount; i++) if (m.get(watches + i) === armed) m.set(watches + i, armed + 1);
	}
}

export function arm(m: Machine, t: number, watch: number, cell: number): void {
	if (t < m.threads.length) m.set(m.layout.threads[t]!.watches + watch, 2 * (cell + 1));
}

export function isBroken(m: Machine, t: number, watch: number, cell: number): boolean {
	return t < m.threads.length && m.get(m.layout.threads[t]!.watches + watch) === 2 * (cell + 1) + 1;
}

/** References of a thread on an object: a net count, or this once a pointer to it was stored where others find it. */
export const HANDED_ON = 100;

export function handOn(m: Machine, t: number, pointer: number): void {
	if (t >= m.threads.length) return;
	const { references } = m.layout.threads[t]!;
	if (references < 0) return;
	const cell = m.cellAt(pointer, 0);
	const object = cell < 0 ? -1 : m.layout.objectOf[cell]!;
	if (object < 0) return;
	if (m.tracking) m.looksAt(references + object, 1);
	m.set(references + object, HANDED_ON);
}
