import { POOLED } from '../machine/layout';
import type { Machine } from '../machine/machine';
import { POINTER_BASE } from '../program';
import type { Points } from './points';

/** Slots whose value names a cell otherwise than by a pointer to it. */
const QUEUE = 1, HOLD = 2;

/**
 * Objects that differ only by which of a pool was taken first are interchangeable: the state is renamed so that they are numbered in the order
 * in which they are met from the other cells and the threads (Iosif: Symmetry reduction criteria for software model checking, 2002).
 * Undefined when no objects are interchangeable.
 */
export function objectSymmetryOf(m: Machine, points: Points): ((m: Machine) => void) | undefined {
	const groups = interchangeable(m, points);
	if (groups.length === 0) return undefined;
	const { layout, program } = m;
	const kinds = new Uint8Array(layout.slots);
	for (const area of layout.threads) {
		kinds.fill(HOLD, area.holds, area.holds + area.holdCount);
		kinds.fill(QUEUE, area.watches, area.watches + area.watchCount);
		if (area.queue >= 0) kinds[area.queue] = QUEUE;
	}
	/** Per cell the group's object that it is in, or -1. */
	const inside = new Int32Array(layout.cells).fill(-1);
	for (const group of groups) for (const object of group) {
		const { first, size } = program.objects[object]!;
		inside.fill(object, first, first + size);
	}
	const saved = m.slots.slice();
	const shift = new Int32Array(layout.cells);

	const cellIn = (slot: number, value: number): number => {
		if (value === 0) return -1;
		const cell = kinds[slot] === HOLD ? value >>> 10 : kinds[slot] === QUEUE ? (value >> 1) - 1 : value - POINTER_BASE;
		return cell >>> 0 < layout.cells && inside[cell]! >= 0 ? cell : -1;
	};
	const moved = (slot: number, value: number): number => {
		const cell = cellIn(slot, value);
		if (cell < 0) return value;
		return value + (kinds[slot] === HOLD ? shift[cell]! << 10 : kinds[slot] === QUEUE ? 2 * shift[cell]! : shift[cell]!);
	};

	/** Allocated objects of the groups in the order in which they are met. */
	const meet = (): readonly number[] => {
		const met: number[] = [];
		const look = (slot: number): void => {
			const cell = cellIn(slot, m.get(slot));
			if (cell >= 0 && !met.includes(inside[cell]!)) met.push(inside[cell]!);
		};
		for (let slot = 0; slot < layout.slots; slot++) if (slot >= layout.cells || inside[slot]! < 0) look(slot);
		for (let i = 0; i < met.length; i++) {
			const { first, size } = program.objects[met[i]!]!;
			for (let cell = first; cell < first + size; cell++) look(cell);
		}
		return met;
	};

	return () => {
		if (!groups.some((group) => m.slots[layout.life[group[1]!]!] !== POOLED)) return;
		const met = meet();
		const renamed = new Map<number, number>();
		for (const group of groups) {
			const taken = group.filter((object) => m.slots[layout.life[object]!] !== POOLED);
			const order = [...met.filter((object) => taken.includes(object)), ...taken.filter((object) => !met.includes(object))];
			order.forEach((object, i) => { if (object !== taken[i]) renamed.set(object, taken[i]!); });
		}
		if (renamed.size === 0) return;
		saved.set(m.slots);
		shift.fill(0);
		for (const [from, to] of renamed) {
			const [source, target] = [program.objects[from]!, program.objects[to]!];
			shift.fill(target.first - source.first, source.first, source.first + source.size);
			for (let k = 0; k < source.size; k++) m.slots[target.first + k] = saved[source.first + k]!;
			m.slots[layout.life[to]!] = saved[layout.life[from]!]!;
			for (const { references } of layout.threads) if (references >= 0) m.slots[references + to] = saved[references + from]!;
		}
		for (let slot = 0; slot < layout.slots; slot++) {
			const value = m.get(slot);
			const now = moved(slot, value);
			if (now !== value) m.set(slot, now);
		}
		for (const { holds, holdCount } of layout.threads) sortHolds(m, holds, holdCount);
	};
}

function sortHolds(m: Machine, first: number, count: number): void {
	const entries = Array.from({ length: count }, (_, i) => m.get(first + i)).sort((a, b) => b - a);
	entries.forEach((entry, i) => { m.set(first + i, entry); });
}

/** Groups of objects of one pool that nothing but the order of allocation tells apart. */
function interchangeable(m: Machine, points: Points): readonly (readonly number[])[] {
	const { program, layout } = m;
	if (m.memory !== 0 || points.comparesPointers()) return [];
	const named = new Set<number>();
	const name = (value: number): void => {
		const cell = value - POINTER_BASE;
		if (cell >>> 0 < layout.cells && layout.objectOf[cell]! >= 0) named.add(layout.objectOf[cell]!);
	};
	for (const { initial, domain } of program.cells) for (const value of [initial, ...(domain ?? [])]) name(value);
	for (const thread of [...m.threads, m.setup, m.quiescence]) for (const value of thread.file.subarray(thread.registers)) name(value);
	for (const thread of m.threads) for (const op of thread.ops) if (op.op === 'choose') op.values.forEach(name);
	const pools = new Map<string, number[]>();
	program.objects.forEach((object, index) => {
		const parts = layout.outermost.filter((outer) => outer === index).length;
		if (object.live || named.has(index) || parts !== 1 || object.size === 0 || layout.life[index]! < 0) return;
		const lists = program.threads.flatMap((thread) => thread.code.flatMap((op) => (op.op === 'alloc' && op.objects.includes(index) ? [op.objects.join(',')] : [])));
		const cells = program.cells.slice(object.first, object.first + object.size).map(({ initial, domain }) => `${initial}:${domain?.join(',') ?? ''}`);
		const key = [object.type, object.size, object.typeStable, lists.join(';'), cells.join(' ')].join('|');
		pools.set(key, [...(pools.get(key) ?? []), index]);
	});
	return [...pools.values()].filter((group) => group.length > 1);
}
