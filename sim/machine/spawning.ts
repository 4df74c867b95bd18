import type { Op, Operand } from '../program';
import { readers } from './contexts';
import { AGAIN, DISABLED, ENDED, IDLE, PENDING, RUNNING, type ThreadLayout } from './layout';
import type { Machine } from './machine';

const BEGUN = 255;

/** Makes an idle thread pending. 1 when it was not already waiting to run. */
export function spawn(m: Machine, op: Extract<Op, { op: 'spawn' }>, value: (operand: Operand) => number): number {
	const target = op.thread;
	const area = m.layout.threads[target]!;
	if (m.tracking) m.writes(m.layout.threadResource + target);
	const flags = m.get(area.flags);
	const control = m.control(target);
	if ((flags & DISABLED) !== 0 || control === PENDING || (flags & AGAIN) !== 0) return 0;
	if ((flags & BEGUN) >= m.program.threads[target]!.runs) return 1;
	if (control === ENDED) return 1;
	for (let i = 0; i < area.argCount; i++) {
		const arg = op.args[i];
		m.set(area.args + i, arg === undefined ? 0 : value(arg));
	}
	if (op.grace !== undefined) m.set(area.spawnGrace[op.grace]!, readers(m, op.grace));
	if (control === IDLE) m.slots[area.control] = PENDING;
	else m.set(area.flags, flags | AGAIN);
	return 1;
}

/** Takes back a spawn that has not started. 1 when there was one. */
export function cancel(m: Machine, target: number): number {
	const area = m.layout.threads[target]!;
	if (m.tracking) m.writes(m.layout.threadResource + target);
	if (area.flags >= 0 && (m.get(area.flags) & AGAIN) !== 0) {
		m.set(area.flags, m.get(area.flags) & ~AGAIN);
		return 1;
	}
	if (m.control(target) !== PENDING || m.program.threads[target]!.start === 'ready') return 0;
	m.slots[area.control] = IDLE;
	clearGrace(m, target);
	return 1;
}

export function disable(m: Machine, target: number): void {
	const { flags } = m.layout.threads[target]!;
	if (m.tracking) m.writes(m.layout.threadResource + target);
	m.set(flags, m.get(flags) | DISABLED);
}

function clearGrace(m: Machine, t: number): void {
	for (const slot of m.layout.threads[t]!.spawnGrace) if (slot >= 0) m.slots[slot] = 0;
}

/** A pending thread begins: its registers get the arguments. */
export function begin(m: Machine, t: number): void {
	const area = m.layout.threads[t]!;
	const { file, registers } = m.threads[t]!;
	if (m.tracking) m.writes(m.layout.threadResource + t);
	file.fill(0, 0, registers);
	for (let i = 0; i < area.argCount; i++) {
		file[i] = m.get(area.args + i);
		m.slots[area.args + i] = 0;
	}
	if (area.flags >= 0) m.set(area.flags, m.get(area.flags) + 1);
}

/** The thread has returned: what was its own is cleared, and it may run again. */
export function finish(m: Machine, t: number): void {
	const area = m.layout.threads[t]!;
	if (m.tracking) m.writes(m.layout.threadResource + t);
	for (let i = 0; i < m.threads[t]!.mostLive; i++) m.slots[area.registers + i] = 0;
	for (let i = 0; i < area.watchCount; i++) m.slots[area.watches + i] = 0;
	for (const slot of area.grace) if (slot >= 0) m.slots[slot] = 0;
	if (area.queue >= 0 && m.slots[area.queue] !== 0) {
		if (m.tracking) m.shares((m.get(area.queue) >> 1) - 1);
		m.slots[area.queue] = 0;
	}
	if (area.nested >= 0 && m.slots[area.nested] !== 0) {
		if (m.tracking) m.writes(m.layout.processorResource + m.slots[area.nested]! - 1);
		m.slots[area.nested] = 0;
	}
	const flags = area.flags < 0 ? BEGUN : m.get(area.flags);
	if ((flags & AGAIN) !== 0 && area.flags >= 0) {
		m.set(area.flags, flags & ~AGAIN);
		m.slots[area.control] = PENDING;
	} else m.slots[area.control] = (flags & BEGUN) < m.program.threads[t]!.runs ? IDLE : ENDED;
}

/** The thread rests where a step begins. */
export function rest(m: Machine, t: number, pc: number): void {
	const thread = m.threads[t]!;
	const area = m.layout.threads[t]!;
	const place = thread.restOf[pc]!;
	const live = thread.live[place]!;
	const { slots, coding } = m;
	for (let i = 0; i < live.length; i++) slots[area.registers + i] = coding.encode(thread.file[live[i]!]!);
	for (let i = live.length; i < thread.mostLive; i++) slots[area.registers + i] = 0;
	if (area.watchCount > 0) forgetWatches(m, area, thread.watched[place]!);
	slots[area.control] = coding.encode(RUNNING + place);
}

/** Watches that nobody will ask for are not armed any more. */
function forgetWatches({ slots }: Machine, { watches, watchCount }: ThreadLayout, watched: Int32Array): void {
	for (let watch = 0, next = 0; watch < watchCount; watch++) {
		if (watched[next] === watch) next++;
		else slots[watches + watch] = 0;
	}
}
