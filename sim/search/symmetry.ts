import type { Machine } from '../machine/machine';
import type { Op } from '../program';
import { objectSymmetryOf } from './objectSymmetry';
import type { Points } from './points';

/** Brings the machine's state into the order that stands for all that differ by which of several identical threads is which. */
export interface Symmetry {
	readonly canonical: (m: Machine) => void;
	/** After `canonical`: per thread which thread's state it now has. */
	readonly origin: Int32Array;
}

/** What is interchangeable in a program: threads, objects or both. Undefined when nothing is. */
export function symmetryOf(m: Machine, points: Points): Symmetry | undefined {
	const objects = objectSymmetryOf(m, points);
	const threads = threadSymmetryOf(m);
	if (objects === undefined) return threads;
	if (threads === undefined) return { canonical: objects, origin: Int32Array.from(m.threads, (_, t) => t) };
	return {
		canonical: () => {
			objects(m);
			threads.canonical(m);
		},
		origin: threads.origin,
	};
}

/**
 * Symmetry of identical threads (Ip, Dill: Better verification through symmetry, 1996): their parts of the state are sorted, and
 * the locks that they hold change owners with them. Undefined when no threads are interchangeable, or when something
 * else tells them apart (interrupts, grace periods, joins, weak memories, failures ignored in one of them).
 */
function threadSymmetryOf(m: Machine): Symmetry | undefined {
	if (m.layout.anyInterrupt || m.memory !== 0 || m.program.ignored?.length) return undefined;
	const named = new Set(m.program.threads.flatMap((thread) => thread.code.flatMap((op) => ('thread' in op ? [op.thread] : []))));
	const classes = new Map<number, number[]>();
	m.program.threads.forEach((thread, t) => {
		if (thread.symmetry === undefined || named.has(t)) return;
		const alike = classes.get(thread.symmetry) ?? [];
		if (alike.length === 0 || identical(m, alike[0]!, t)) alike.push(t);
		classes.set(thread.symmetry, alike);
	});
	const groups = [...classes.values()].filter((group) => group.length > 1 && group.every((t) => m.layout.threads[t]!.grace.every((slot) => slot < 0)));
	const waitsForReaders = m.layout.threads.some((area) => area.grace.some((slot) => slot >= 0) || area.spawnGrace.some((slot) => slot >= 0));
	if (groups.length === 0 || waitsForReaders) return undefined;
	const origin = new Int32Array(m.threads.length);
	const saved = m.words.slice();
	const savedSlots = m.coding.width === 1 ? new Uint8Array(saved.buffer) : new Uint16Array(saved.buffer);
	const sizes = m.layout.threads.map((area) => area.end - area.control);

	const compare = (a: number, b: number): number => {
		const [x, y] = [m.layout.threads[a]!.control, m.layout.threads[b]!.control];
		for (let i = 0; i < sizes[a]!; i++) {
			const difference = m.slots[x + i]! - m.slots[y + i]!;
			if (difference !== 0) return difference;
		}
		return 0;
	};

	const canonical = (): void => {
		for (let t = 0; t < origin.length; t++) origin[t] = t;
		for (const group of groups) {
			let sorted = true;
			for (let i = 1; i < group.length && sorted; i++) sorted = compare(group[i - 1]!, group[i]!) <= 0;
			if (sorted) continue;
			const order = [...group].sort((a, b) => compare(a, b) || a - b);
			saved.set(m.words);
			group.forEach((to, i) => {
				const from = order[i]!;
				origin[to] = from;
				const [target, source] = [m.layout.threads[to]!.control, m.layout.threads[from]!.control];
				for (let k = 0; k < sizes[to]!; k++) m.slots[target + k] = savedSlots[source + k]!;
				if (from !== to) ownLocks(m, to, from);
			});
		}
	};
	return { canonical, origin };
}

/** The locks that stand in the thread's slots are its own now. */
function ownLocks(m: Machine, to: number, from: number): void {
	const { holds, holdCount } = m.layout.threads[to]!;
	for (let slot = holds; slot < holds + holdCount && m.slots[slot] !== 0; slot++) {
		const cell = m.get(slot) >>> 10;
		// Exclusive holders are known by number; a cell that another of the group has just taken over is not touched twice, since a lock has one holder.
		if (((m.get(slot) >> 9) & 1) === 0 && (m.get(slot) & 15) !== 8 && m.get(cell) === -(1 + from)) m.set(cell, -(1 + to));
	}
}

function identical(m: Machine, a: number, b: number): boolean {
	const [x, y] = [m.threads[a]!, m.threads[b]!];
	const [p, q] = [m.program.threads[a]!, m.program.threads[b]!];
	return p.context === q.context && p.start === q.start && p.runs === q.runs
		&& x.code.length === y.code.length && x.code.every((word, i) => word === y.code[i])
		&& x.file.length === y.file.length && x.file.every((value, i) => i < x.registers || value === y.file[i])
		&& text(p.code) === text(q.code);
}

/** Code without where it came from. */
function text(code: readonly Op[]): string {
	return JSON.stringify(code, (key, value: unknown) => (key === 'origin' ? undefined : value));
}
