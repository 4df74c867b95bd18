import { type CompiledThread, ON_SLEEP } from './compiled';
import { excuseContext, mayInterrupt, maySleep, settleContext } from './contexts';
import { initialValue } from './initial';
import { ENDED, IDLE, LIVE, PENDING, RUNNING } from './layout';
import { excuseHolds, release, settleHolds, take, takeable } from './locking';
import { CUT, DONE, FAILED, type Machine, NEXT, NOT_NOW, type Outcome, UNRESOLVED } from './machine';
import { access, arm, isBroken, NO_CELL, read, write } from './memory';
import { getReference, putReference, settleReferences } from './objects';
import * as opcode from './opcodes';
import { rare } from './rare';
import { begin, finish, rest } from './spawning';
import { comeToSleep, mayPass } from './waiting';
import { before, SC, settleOne, weakLoad, weakStore } from './weakMemory';
import type { Op, Order } from '../program';

const { STRIDE, CHECKS, isLocal, compute } = opcode;

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

/** The thread rests before its next step. */
function stand(m: Machine, t: number, pc: number): void {
	rest(m, t, pc);
	const thread = m.threads[t]!;
	const place = thread.restOf[pc]!;
	if (thread.waitsFor[place] === ON_SLEEP) comeToSleep(m, t, place);
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
	if (m.tracking) m.clearSets();
	if (t >= m.threads.length) {
		settleOne(m, t - m.threads.length);
		return DONE;
	}
	const thread = m.threads[t]!;
	const area = m.layout.threads[t]!;
	if (m.tracking) {
		if (m.layout.interruptible[t] === 1) m.reads(m.layout.processorResource + t);
	}
	const control = m.decode[m.slots[area.control]!]!;
	if (control >= RUNNING) {
		const place = control - RUNNING;
		const live = thread.live[place]!;
		for (let i = 0; i < live.length; i++) thread.file[live[i]!] = m.decode[m.slots[area.registers + i]!]!;
		return run(m, t, thread, thread.restPc[place]!, false);
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
	return run(m, t, thread, pc, false);
}

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

/** Executes from `pc` to the end of the step. `apart`: setup or quiescence, which has no thread of its own. */
function run(m: Machine, t: number, thread: CompiledThread, from: number, apart: boolean): Outcome {
	const { code, file, stops } = thread;
	const weak = m.memory !== SC && !apart;
	const covered = apart ? undefined : m.covered[t]!;
	let pc = from;
	for (let ran = 0; ; ran++) {
		if (ran > 0 && stops[pc] === 1 && !apart) {
			stand(m, t, pc);
			return DONE;
		}
		if (ran > m.localOperations) {
			m.tooLong = true;
			m.cutWhy = `more than ${m.localOperations} operations in one step`;
			return CUT;
		}
		m.pc = pc;
		if (covered !== undefined) covered[pc] = 1;
		if (m.observer !== undefined) m.observer.operation(t, pc);
		if (weak) before(m, t, thread.ops[pc]!);
		const at = pc * STRIDE;
		switch (code[at]) {
			case opcode.SET: file[code[at + 1]!] = file[code[at + 2]!]!; pc++; break;
			case opcode.ALU: file[code[at + 1]!] = compute(code[at + 2]!, file[code[at + 3]!]!, file[code[at + 4]!]!); pc++; break;
			case opcode.JUMP: pc = code[at + 1]!; break;
			case opcode.BRANCH: pc = file[code[at + 1]!] !== 0 ? code[at + 2]! : pc + 1; break;
			case opcode.LOAD: {
				const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) {
					if (m.fault !== undefined) return FAILED;
					if (!apart) return CUT;
					file[code[at + 3]!] = 0;
				} else {
					file[code[at + 3]!] = weak ? weakLoad(m, t, cell, orderOf(thread.ops[pc]!), code[at + 4]! < 0) : read(m, t, cell);
					if (code[at + 4]! >= 0) arm(m, t, code[at + 4]!, cell);
				}
				pc++;
				break;
			}
			case opcode.STORE: {
				const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				if (code[at + 4]! >= 0 && isBroken(m, t, code[at + 4]!, cell)) {
					const op = thread.ops[pc]!;
					if (op.op === 'store' && op.unless !== undefined && !m.fail(CHECKS.indexOf(op.unless.check), 'watch-broken', t, cell, m.layout.objectOf[cell]!)) return FAILED;
				}
				if (weak) weakStore(m, t, cell, file[code[at + 3]!]!, orderOf(thread.ops[pc]!));
				else write(m, t, cell, file[code[at + 3]!]!);
				pc++;
				break;
			}
			case opcode.RMW: {
				const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				const before = read(m, t, cell);
				const value = file[code[at + 4]!]!;
				const after = code[at + 3]! < 0 ? value : compute(code[at + 3]!, before, value);
				write(m, t, cell, after);
				if (code[at + 5]! >= 0) file[code[at + 5]!] = code[at + 6] === 1 ? after : before;
				pc++;
				break;
			}
			case opcode.CAS: {
				const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				const before = read(m, t, cell);
				if (before === file[code[at + 3]!]) write(m, t, cell, file[code[at + 4]!]!);
				file[code[at + 5]!] = before;
				pc++;
				break;
			}
			case opcode.CHOOSE:
				file[code[at + 1]!] = m.values[code[at + 2]! + m.choose(code[at + 3]!)]!;
				pc++;
				break;
			case opcode.ASSERT:
				if (file[code[at + 1]!] === 0 && !m.fail(code[at + 2]!, 'asserted', apart ? -1 : t)) {
					if (!apart) return FAILED;
					if (thread === m.quiescence && m.fault !== undefined) m.faults.push(m.fault);
					m.fault = undefined;
				}
				pc++;
				break;
			case opcode.LOCK: {
				const outcome = lock(m, t, thread, at);
				if (outcome !== NEXT) return outcome;
				pc++;
				break;
			}
			case opcode.TRYLOCK: {
				const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				const value = read(m, t, cell);
				const free = takeable(m, t, cell, value, code[at + 4] === 1, false) !== 0;
				file[code[at + 5]!] = free ? 1 : 0;
				if (free && !take(m, t, cell, value, code[at + 3]!, code[at + 4] === 1, false)) return tooMany(m);
				pc++;
				break;
			}
			case opcode.UNLOCK: {
				const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				if (!release(m, t, cell, lockValue(m, cell), code[at + 3]!, code[at + 4] === 1)) return FAILED;
				pc++;
				break;
			}
			case opcode.GET: {
				const taken = getReference(m, t, file[code[at + 1]!]!, code[at + 2]!, code[at + 3] === 1);
				if (taken < 0) return m.fault !== undefined ? FAILED : CUT;
				if (code[at + 4]! >= 0) file[code[at + 4]!] = taken;
				pc++;
				break;
			}
			case opcode.PUT: {
				const last = putReference(m, t, file[code[at + 1]!]!, code[at + 2]!, code[at + 4] === 1);
				if (last < 0) return m.fault !== undefined ? FAILED : CUT;
				if (code[at + 3]! >= 0) file[code[at + 3]!] = last;
				pc++;
				break;
			}
			case opcode.AWAIT: {
				const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				if (code[at + 5] === 1 && !maySleep(m, t)) return FAILED;
				if (compute(code[at + 3]!, read(m, t, cell), file[code[at + 4]!]!) === 0 && !apart) {
					// A variable of unknown value turned out to be one that has to be waited for.
					rest(m, t, pc);
					return DONE;
				}
				pc++;
				break;
			}
			case opcode.FENCE: pc++; break;
			case opcode.END: {
				if (apart) return DONE;
				// Everything is let go first, so that a check left out leaves no lock behind.
				const held = settleHolds(m, t);
				const raised = held && settleContext(m, t);
				if (!raised || !settleReferences(m, t)) return FAILED;
				finish(m, t);
				return DONE;
			}
			default: {
				const op = thread.ops[pc]!;
				if (op.op === 'cut') {
					m.cutWhy = op.why;
					return CUT;
				}
				if (op.op === 'excuse') {
					excuseHolds(m, t);
					excuseContext(m, t);
				} else {
					const outcome = rare(m, t, op, file);
					if (outcome !== NEXT) return outcome;
				}
				pc++;
			}
		}
	}
}

const orderOf = (op: Op): Order => ('order' in op ? op.order : 'full');

function tooMany(m: Machine): Outcome {
	m.cutWhy = 'more locks held at once than are kept track of';
	return CUT;
}

/** What a lock's cell holds, noting nothing. */
function lockValue(m: Machine, cell: number): number {
	const value = m.decode[m.slots[cell]!]!;
	return value === UNRESOLVED ? read(m, m.threads.length, cell) : value;
}

function lock(m: Machine, t: number, thread: CompiledThread, at: number): Outcome | typeof NEXT {
	const { code, file } = thread;
	const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
	if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
	if (code[at + 5] === 1 && !maySleep(m, t)) return FAILED;
	const value = lockValue(m, cell);
	const shared = code[at + 4] === 1;
	if (takeable(m, t, cell, value, shared, code[at + 6] === 1) === 0) {
		// A lock of unknown state turned out to be held: the thread now waits for it.
		if (t >= m.threads.length) return NEXT;
		if (m.tracking) m.writes(cell);
		rest(m, t, m.pc);
		return DONE;
	}
	return take(m, t, cell, value, code[at + 3]!, shared, code[at + 7] === 1) ? NEXT : tooMany(m);
}

