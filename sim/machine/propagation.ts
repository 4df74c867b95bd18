import { type Machine, UNRESOLVED } from './machine';
import type { Propagation } from './propagationLayout';

/**
 * Stores that reach some threads before others, as the kernel's memory model allows (its *propagation*), which three threads are needed to notice. Of
 * each cell the newest value and the one before it are kept, and who does not see the newest yet: a *laggard* of the cell. A load of a laggard sees either,
 * and who has seen the newest never sees the older one again. A store behind a release or a fence is *tied* to its thread: who sees it sees
 * all that that thread sees. A full fence has all threads see what its thread sees.
 *
 * Stricter than the model: only two values of a cell are told apart; what is tied is tied to what its thread sees when it is seen, not when it was
 * stored; a write fence ties to what others stored too; what comes to rest in objects, spawning and waiting everybody sees at once.
 */

/** What a thread has done that ties its later stores. */
export const UNLOCKED = 1, FENCED = 2;

const lags = (m: Machine, p: Propagation, t: number, cell: number): boolean => p.laggards[cell]! >= 0 && ((m.get(p.laggards[cell]!) >> t) & 1) === 1;

/** A cell is about to change: all lag but for who changes it. */
export function outdate(m: Machine, t: number, cell: number, release: boolean): void {
	const p = m.layout.propagation;
	if (p === undefined || t >= m.threads.length || p.laggards[cell]! < 0) return;
	// Who had not seen the last value sees it now, since older ones are not kept.
	for (let other = 0; other < m.threads.length; other++) if (other !== t) catchUp(m, other, cell);
	const before = m.get(cell);
	m.set(p.laggards[cell]!, before === UNRESOLVED ? 0 : ((1 << m.threads.length) - 1) & ~(1 << t));
	m.set(p.older[cell]!, m.get(p.laggards[cell]!) === 0 ? 0 : before);
	m.set(p.tied[cell]!, release || (m.get(p.done[t]!) & FENCED) !== 0 ? t + 1 : 0);
}

/** The thread sees the newest value of the cell, and what that is tied to. */
export function catchUp(m: Machine, t: number, cell: number): void {
	const p = m.layout.propagation;
	if (p === undefined || t >= m.threads.length || p.laggards[cell]! < 0) return;
	if (m.tracking) m.reads(cell);
	if (!lags(m, p, t, cell)) return;
	if (m.tracking) m.writes(cell);
	noLonger(m, p, t, cell);
	const from = m.get(p.tied[cell]!) - 1;
	if (from >= 0 && from !== t) seeWhat(m, p, t, from);
}

function noLonger(m: Machine, p: Propagation, t: number, cell: number): void {
	const left = m.get(p.laggards[cell]!) & ~(1 << t);
	m.set(p.laggards[cell]!, left);
	if (left === 0) m.set(p.older[cell]!, 0);
}

/** The thread sees all that another one sees. */
function seeWhat(m: Machine, p: Propagation, t: number, from: number): void {
	for (const cell of p.cells) {
		if (m.tracking) m.reads(cell);
		if (lags(m, p, t, cell) && !lags(m, p, from, cell)) catchUp(m, t, cell);
	}
}

/** What a load sees of a cell where it is not the newest value; undefined where it is. */
export function seenLate(m: Machine, t: number, cell: number): number | undefined {
	const p = m.layout.propagation;
	if (p === undefined || !lags(m, p, t, cell)) return undefined;
	if (m.tracking) m.reads(cell);
	if (m.choose(2) === 1) {
		const value = m.get(p.older[cell]!);
		m.observer?.read(t, m.pc, cell, value);
		return value;
	}
	catchUp(m, t, cell);
	return undefined;
}

/** All threads see what this one sees. */
export function spread(m: Machine, t: number): void {
	const p = m.layout.propagation;
	if (p === undefined) return;
	for (const cell of p.cells) {
		if (m.tracking) m.reads(cell);
		if (m.get(p.laggards[cell]!) === 0 || lags(m, p, t, cell)) continue;
		for (let other = 0; other < m.threads.length; other++) catchUp(m, other, cell);
	}
}

/** All threads see all there is. */
export function spreadAll(m: Machine): void {
	const p = m.layout.propagation;
	if (p === undefined) return;
	for (const cell of p.cells) {
		if (m.tracking) m.reads(cell);
		if (m.get(p.laggards[cell]!) === 0) continue;
		if (m.tracking) m.writes(cell);
		m.set(p.laggards[cell]!, 0);
		m.set(p.older[cell]!, 0);
	}
}

/** The thread takes a lock: it sees what was done under it, and what it stores now others see only together with that. */
export function takeOver(m: Machine, t: number, cell: number): void {
	const p = m.layout.propagation;
	if (p === undefined || t >= m.threads.length || p.tied[cell]! < 0) return;
	catchUp(m, t, cell);
	if (m.get(p.tied[cell]!) !== 0) note(m, t, FENCED);
}

/** From now on the thread's stores are tied, where it has `first` done that. */
export function note(m: Machine, t: number, what: number, first = 0): void {
	const p = m.layout.propagation;
	if (p === undefined) return;
	const done = m.get(p.done[t]!);
	if ((done & first) === first) m.set(p.done[t]!, done | what);
}
