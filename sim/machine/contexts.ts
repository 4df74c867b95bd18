import type { ContextKind } from '../program';
import { RUNNING } from './layout';
import { spinningHold } from './locking';
import type { Machine } from './machine';
import { CHECKS } from './opcodes';

const SLEEPS = CHECKS.indexOf('sleep-in-atomic');
const LEFT = CHECKS.indexOf('lock-held-at-return');

type Which = 'hardirq' | 'softirq' | 'preempt';
/** A thread's context slot: three depths of three bits each, and whether the source was elided while they were raised. */
const SHIFT: Readonly<Record<Which, number>> = { hardirq: 0, softirq: 3, preempt: 6 };
const EXCUSED = 512;
/** The same flag on a read-side depth. */
const READER_EXCUSED = 16;
const DEEPEST = 7;

export function depth(m: Machine, t: number, which: Which): number {
	const slot = m.layout.threads[t]!.context;
	return slot < 0 ? 0 : (m.get(slot) >> SHIFT[which]) & DEEPEST;
}

export function setDepth(m: Machine, t: number, which: Which, value: number): void {
	const slot = m.layout.threads[t]!.context;
	const clamped = Math.max(0, Math.min(DEEPEST, value));
	const before = m.get(slot);
	m.set(slot, (before & ~(DEEPEST << SHIFT[which])) | (clamped << SHIFT[which]));
	if (m.tracking && m.layout.interruptible[t] === 1) m.writes(m.layout.processorResource + t);
}

function isAtomic(m: Machine, t: number): boolean {
	const { context, reading } = m.layout.threads[t]!;
	const { context: kind } = m.program.threads[t]!;
	return (kind !== 'task' && kind !== 'work') || spinningHold(m, t) >= 0
		|| (context >= 0 && (m.get(context) & (EXCUSED - 1)) !== 0) || (reading[0]! >= 0 && (m.get(reading[0]!) & (READER_EXCUSED - 1)) !== 0);
}

/** Fails when thread `t` may not sleep here. False: the step fails. */
export function maySleep(m: Machine, t: number): boolean {
	return t >= m.threads.length || !isAtomic(m, t) || m.fail(SLEEPS, 'sleeps', t, spinningHold(m, t));
}

/** Whether an operation that may sleep is going to fail for it, which it does without waiting first. */
export function failsToSleep(m: Machine, t: number, pc: number): boolean {
	return isAtomic(m, t) && !m.ignores(SLEEPS, 'sleeps', t, pc);
}

/** Enters or leaves a read side; leaving the outermost ends what grace periods wait for. */
export function read(m: Machine, t: number, domain: number, delta: number): void {
	const slot = m.layout.threads[t]!.reading[domain]!;
	const value = m.get(slot);
	const before = value & (READER_EXCUSED - 1);
	const after = Math.max(0, Math.min(READER_EXCUSED - 1, before + delta));
	m.set(slot, after === 0 ? 0 : (value & READER_EXCUSED) | after);
	if (m.tracking && (before === 0) !== (after === 0)) m.shares(m.layout.domainResource + domain);
	if (before > 0 && after === 0) stopReading(m, t, domain);
}

function stopReading(m: Machine, t: number, domain: number): void {
	for (const other of m.layout.threads) {
		const own = other.grace[domain]!;
		const spawned = other.spawnGrace[domain]!;
		if (m.tracking) {
			m.looksAt(own, 1);
			m.looksAt(spawned, 1);
		}
		if (own >= 0) m.set(own, m.get(own) & ~(1 << t));
		if (spawned >= 0) m.set(spawned, m.get(spawned) & ~(1 << t));
	}
}

/** The threads inside a read side of the domain now, as bits. */
export function readers(m: Machine, domain: number): number {
	let mask = 0;
	for (let t = 0; t < m.threads.length; t++) {
		const slot = m.layout.threads[t]!.reading[domain]!;
		if (m.tracking) m.looksAt(slot, 1);
		if (slot >= 0 && (m.get(slot) & (READER_EXCUSED - 1)) !== 0) mask |= 1 << t;
	}
	if (m.tracking) m.writes(m.layout.domainResource + domain);
	return mask;
}

export function excuseContext(m: Machine, t: number): void {
	const { context, reading } = m.layout.threads[t]!;
	if (context >= 0 && m.get(context) !== 0) m.set(context, m.get(context) | EXCUSED);
	for (const slot of reading) if (slot >= 0 && m.get(slot) !== 0) m.set(slot, m.get(slot) | READER_EXCUSED);
}

/** At `end`: nothing may be left raised that was not excused. False: the step fails. */
export function settleContext(m: Machine, t: number): boolean {
	const { context, reading } = m.layout.threads[t]!;
	let fine = true;
	if (context >= 0) {
		const left = m.get(context);
		m.slots[context] = 0;
		if (left !== 0 && left < EXCUSED) fine = m.fail(LEFT, 'context-left', t);
	}
	reading.forEach((slot, domain) => {
		if (slot < 0) return;
		const left = m.get(slot);
		m.slots[slot] = 0;
		if (left === 0) return;
		if (m.tracking) m.shares(m.layout.domainResource + domain);
		stopReading(m, t, domain);
		if (left < READER_EXCUSED && fine) fine = m.fail(LEFT, 'reader-left', t);
	});
	return fine;
}

const isHard = (kind: ContextKind): boolean => kind === 'hardirq';
const isSoft = (kind: ContextKind): boolean => kind === 'softirq' || kind === 'timer' || kind === 'rcu';

/** Whether interrupt thread `t` may come upon thread `under` now, which then stands still until `t` has ended. */
export function mayInterrupt(m: Machine, t: number, under: number): boolean {
	if (m.control(under) < RUNNING || coveredBy(m, under) >= 0) return false;
	const mine = m.program.threads[t]!.context;
	const theirs = m.program.threads[under]!.context;
	if (isHard(theirs) || depth(m, under, 'hardirq') > 0) return false;
	return isHard(mine) || !(isSoft(theirs) || depth(m, under, 'softirq') > 0);
}

/** The interrupt that stands on this thread, or -1. */
export function coveredBy(m: Machine, t: number): number {
	if (m.layout.interruptible[t] === 0) return -1;
	for (let other = 0; other < m.threads.length; other++) {
		const slot = m.layout.threads[other]!.nested;
		if (slot >= 0 && m.slots[slot] === t + 1) return other;
	}
	return -1;
}
