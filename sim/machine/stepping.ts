import type { CompiledThread } from './compiled';
import { mayInterrupt } from './contexts';
import { initialValue } from './initial';
import { run, stand } from './interpreter';
import { ENDED, IDLE, LIVE, PENDING, RUNNING } from './layout';
import { CUT, DONE, FAILED, type Machine, NOT_NOW, type Outcome } from './machine';
import * as opcode from './opcodes';
import { begin } from './spawning';
import { SC } from './memoryKinds';
import { mayPass } from './waiting';
import { settleOne } from './weakMemory';

const { STRIDE, isLocal, compute } = opcode;

/** Puts the machine into the initial state of its program. */
export function initialize(m: Machine): void {
	m.slots.fill(0);
	m.program.cells.forEach((_, cell) => { m.set(cell, initialValue(m.program, cell)); });
	m.program.objects.forEach((object, index) => {
		const slot = m.layout.life[index]!;
		if (slot >= 0 && object.live) m.slots[slot] = LIVE;
	});
	m.program.threads.forEach((thread, t) => {
		const area = m.layout.threads[t]!;
		if (thread.start === 'idle') m.slots[area.control] = IDLE;
		else m.slots[area.control] = PENDING;
	});
	m.pending = 0;
	m.met = 0;
	m.tracking = false;
	runApart(m, m.setup);
	m.program.threads.forEach((thread, t) => {
		if (thread.start !== 'ready' || thread.interrupts !== undefined) return;
		begin(m, t);
		stand(m, t, prelude(m, t));
	});
}

/** Runs what touches registers only, from the thread's beginning; gives the operation before which it stands. */
function prelude(m: Machine, t: number): number {
	const thread = m.threads[t]!;
	let pc = 0;
	for (let ran = 0; isLocal(thread.ops[pc]!) && thread.ops[pc]!.step !== true; ran++) {
		if (ran > m.localOperations) break;
		pc = local(thread, pc);
	}
	return pc;
}

function local(thread: CompiledThread, pc: number): number {
	const { code, file } = thread;
	const at = pc * STRIDE;
	switch (code[at]) {
		case opcode.SET: file[code[at + 1]!] = file[code[at + 2]!]!; return pc + 1;
		case opcode.ALU: file[code[at + 1]!] = compute(code[at + 2]!, file[code[at + 3]!]!, file[code[at + 4]!]!); return pc + 1;
		case opcode.JUMP: return code[at + 1]!;
		default: return file[code[at + 1]!] !== 0 ? code[at + 2]! : pc + 1;
	}
}

/** Setup or quiescence: all of it in one go, in nobody's name; failed assertions gather in `faults`. */
function runApart(m: Machine, thread: CompiledThread): void {
	m.unchecked = true;
	thread.file.fill(0, 0, thread.registers);
	run(m, m.threads.length, thread, 0, true);
	m.unchecked = false;
	m.fault = undefined;
}

/** Runs the invariants at quiescence; true when none failed. What failed is in `faults`. */
export function checkQuiescence(m: Machine): boolean {
	m.faults.length = 0;
	m.pending = 0;
	m.met = 0;
	runApart(m, m.quiescence);
	return m.faults.length === 0;
}

/** Takes one step of thread `t` in the current state. Only for a thread that `canStep`. */
export function step(m: Machine, t: number, choice: number): Outcome {
	m.pending = choice;
	m.met = 0;
	m.fault = undefined;
	m.tooLong = false;
	m.never = false;
	if (m.tracking) m.clearSets();
	if (t >= m.threads.length) {
		settleOne(m, t - m.threads.length);
		return ended(m, DONE);
	}
	const thread = m.threads[t]!;
	const area = m.layout.threads[t]!;
	if (m.tracking) {
		if (m.layout.interruptible[t] === 1) m.reads(m.layout.processorResource + t);
	}
	const control = m.decode[m.slots[area.control]!]!;
	// What a register that is dead here was put off for is nobody's business any more.
	if (m.memory !== SC) thread.file.fill(0, 0, thread.registers);
	if (control >= RUNNING) {
		const place = control - RUNNING;
		const live = thread.live[place]!;
		for (let i = 0; i < live.length; i++) thread.file[live[i]!] = m.decode[m.slots[area.registers + i]!]!;
		return ended(m, run(m, t, thread, thread.restPc[place]!, false));
	}
	const under = m.program.threads[t]!.interrupts;
	if (under !== undefined) {
		const where = m.choose(under.length + 1);
		if (where > 0) {
			const victim = under[where - 1]!;
			if (m.tracking) m.writes(m.layout.processorResource + victim);
			if (victim === t || !mayInterrupt(m, t, victim)) return NOT_NOW;
			m.slots[area.nested] = victim + 1;
		}
	}
	begin(m, t);
	const pc = prelude(m, t);
	stand(m, t, pc);
	const place = thread.restOf[pc]!;
	if (thread.waitsFor[place] !== 0 && !mayPass(m, t, place)) {
		if (m.tracking) trackWait(m, t, pc);
		return DONE;
	}
	return ended(m, run(m, t, thread, pc, false));
}

/** A step that failed without a fault is on a path that is none. */
const ended = (m: Machine, outcome: Outcome): Outcome => (m.never ? NOT_NOW : outcome === FAILED && m.fault === undefined ? CUT : outcome);

/** After a step that failed: the thread stops there for ever, with whatever it holds. */
export function abandon(m: Machine, t: number): void {
	const area = m.layout.threads[t]!;
	for (let i = 0; i < m.threads[t]!.mostLive; i++) m.slots[area.registers + i] = 0;
	m.slots[area.control] = ENDED;
}

/** A step that only began a thread has looked at what it then waits for. */
function trackWait(m: Machine, t: number, pc: number): void {
	const op = m.threads[t]!.ops[pc]!;
	if ('at' in op) {
		const cell = m.cellAt('reg' in op.at.base ? m.threads[t]!.file[op.at.base.reg]! : op.at.base.value, op.at.offset);
		if (cell >= 0) m.reads(cell);
	} else if (op.op === 'join') m.reads(m.layout.threadResource + op.thread);
}

