import type { Op, Order } from '../program';
import { type CompiledThread, ON_SLEEP } from './compiled';
import { excuseContext, maySleep, settleContext } from './contexts';
import { excuseHolds, release, settleHolds, take, takeable } from './locking';
import { CUT, DONE, FAILED, type Machine, NEXT, type Outcome, UNRESOLVED } from './machine';
import { access, arm, isBroken, NO_CELL, read, write } from './memory';
import { getReference, putReference, settleReferences } from './objects';
import * as opcode from './opcodes';
import { rare } from './rare';
import { finish, rest } from './spawning';
import { comeToSleep } from './waiting';
import { SC } from './memoryKinds';
import { before, weakExchange, weakLoad, weakStore, weakTaken, weakUpdate } from './weakMemory';

const { STRIDE, CHECKS, compute } = opcode;

/** The thread rests before its next step. */
export function stand(m: Machine, t: number, pc: number): void {
	rest(m, t, pc);
	const thread = m.threads[t]!;
	const place = thread.restOf[pc]!;
	if (thread.waitsFor[place] === ON_SLEEP) comeToSleep(m, t, place);
}

/** Executes from `pc` to the end of the step. `apart`: setup or quiescence, which has no thread of its own. */
export function run(m: Machine, t: number, thread: CompiledThread, from: number, apart: boolean): Outcome {
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
				const pinned = code[at + 5]!;
				const cell = pinned > 0 ? pinned - 1 : access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
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
				const pinned = code[at + 5]!;
				const cell = pinned > 0 ? pinned - 1 : access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				if (code[at + 4]! >= 0 && refused(m, t, thread.ops[pc]!, code[at + 4]!, cell)) return FAILED;
				if (weak) weakStore(m, t, cell, file[code[at + 3]!]!, orderOf(thread.ops[pc]!));
				else write(m, t, cell, file[code[at + 3]!]!);
				pc++;
				break;
			}
			case opcode.RMW: {
				const pinned = code[at + 7]!;
				const cell = pinned > 0 ? pinned - 1 : access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				if (code[at + 6]! > 1 && refused(m, t, thread.ops[pc]!, (code[at + 6]! >> 1) - 1, cell)) return FAILED;
				const value = file[code[at + 4]!]!;
				if (weak && weakUpdate(m, t, cell, code[at + 3]!, value, code[at + 5]! < 0, orderOf(thread.ops[pc]!))) {
					pc++;
					break;
				}
				const before = read(m, t, cell);
				const after = code[at + 3]! < 0 ? value : compute(code[at + 3]!, before, value);
				write(m, t, cell, after);
				if (code[at + 5]! >= 0) file[code[at + 5]!] = (code[at + 6]! & 1) === 1 ? after : before;
				pc++;
				break;
			}
			case opcode.CAS: {
				const cell = access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
				if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
				if (weak) {
					file[code[at + 5]!] = weakExchange(m, t, cell, file[code[at + 3]!]!, file[code[at + 4]!]!, thread.ops[pc]!);
					pc++;
					break;
				}
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
				if (free && weak) weakTaken(m, t, cell);
				pc++;
				break;
			}
			case opcode.UNLOCK: {
				const pinned = code[at + 5]!;
				const cell = pinned > 0 ? pinned - 1 : access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
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
				const pinned = code[at + 6]!;
				const cell = pinned > 0 ? pinned - 1 : access(m, t, file[code[at + 1]!]!, code[at + 2]!, true);
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

/** Whether a store or an update fails for what another thread has stored since the watch was armed. */
function refused(m: Machine, t: number, op: Op, watch: number, cell: number): boolean {
	if (!isBroken(m, t, watch, cell)) return false;
	if (m.tracking) m.reads(cell);
	return (op.op === 'store' || op.op === 'rmw') && op.unless !== undefined && !m.fail(CHECKS.indexOf(op.unless.check), 'watch-broken', t, cell, m.layout.objectOf[cell]!);
}

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
	if (!take(m, t, cell, value, code[at + 3]!, shared, code[at + 7] === 1)) return tooMany(m);
	if (m.memory !== SC && t < m.threads.length) weakTaken(m, t, cell);
	return NEXT;
}

