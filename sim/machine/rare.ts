import type { Op, Operand } from '../program';
import * as contexts from './contexts';
import { closeWindow, findHold, openWindow } from './locking';
import { CUT, FAILED, type Machine, NEXT, type Outcome } from './machine';
import { access, handOn, NO_CELL } from './memory';
import { allocate, free, isLive, touch } from './objects';
import { CHECKS } from './opcodes';
import { cancel, disable, spawn } from './spawning';
import { leaveQueue, prepareToWait, wake } from './waiting';
import { seesHeld } from './weakMemory';

/** Executes an operation that is not on the interpreter's fast path. NEXT: the step goes on. */
export function rare(m: Machine, t: number, op: Op, file: Int32Array): Outcome | typeof NEXT {
	const value = (operand: Operand): number => ('reg' in operand ? file[operand.reg]! : operand.value | 0);
	const apart = t >= m.threads.length;
	let cell = NO_CELL;
	if ('at' in op) {
		cell = access(m, t, value(op.at.base), op.at.offset, true);
		if (cell === NO_CELL) return m.fault !== undefined ? FAILED : CUT;
	}
	switch (op.op) {
		case 'alloc': {
			const pointer = allocate(m, t, op.objects);
			if (pointer === 0) {
				m.outOfObjects = true;
				m.cutWhy = 'no object left to allocate';
				return CUT;
			}
			file[op.dst] = pointer;
			return NEXT;
		}
		case 'free': return free(m, t, value(op.pointer)) ? NEXT : FAILED;
		case 'touch': return touch(m, t, value(op.pointer)) ? NEXT : m.fault !== undefined ? FAILED : CUT;
		case 'is-live': file[op.dst] = isLive(m, value(op.pointer)) ? 1 : 0; return NEXT;
		case 'escape': handOn(m, t, value(op.pointer)); return NEXT;
		case 'held': {
			if (m.tracking) m.writes(cell);
			file[op.dst] = (op.anyone === true ? seesHeld(m, t, cell) : findHold(m, t, cell, false) >= 0) ? 1 : 0;
			return NEXT;
		}
		case 'enter': {
			if (apart) return NEXT;
			const other = openWindow(m, t, cell, op.mode === 'shared');
			if (other === -1) return NEXT;
			if (other >= 0) return m.fail(CHECKS.indexOf(op.check), 'overlap', t, cell, m.layout.objectOf[cell]!) ? NEXT : FAILED;
			m.cutWhy = 'more locks held at once than are kept track of';
			return CUT;
		}
		case 'leave': if (!apart) closeWindow(m, t, cell, op.mode === 'shared'); return NEXT;
		case 'prepare-wait': if (!apart) prepareToWait(m, t, cell); return NEXT;
		case 'sleep':
			if (!contexts.maySleep(m, t)) return FAILED;
			if (!apart) leaveQueue(m, t, cell);
			return NEXT;
		case 'finish-wait': if (!apart) leaveQueue(m, t, cell); return NEXT;
		case 'wake': wake(m, t, cell, op.all); return NEXT;
		case 'context': if (!apart) contexts.setDepth(m, t, op.which, contexts.depth(m, t, op.which) + op.delta); return NEXT;
		case 'context-set': if (!apart) contexts.setDepth(m, t, op.which, op.depth); return NEXT;
		case 'might-sleep': return contexts.maySleep(m, t) ? NEXT : FAILED;
		case 'rcu': if (!apart) contexts.read(m, t, op.domain, op.delta); return NEXT;
		case 'grace-begin': if (!apart) m.set(m.layout.threads[t]!.grace[op.domain]!, contexts.readers(m, op.domain)); return NEXT;
		case 'grace-wait':
			if (m.tracking) m.writes(m.layout.domainResource + op.domain);
			return contexts.maySleep(m, t) ? NEXT : FAILED;
		case 'spawn': {
			const taken = spawn(m, op, value);
			if (op.dst !== undefined) file[op.dst] = taken;
			return NEXT;
		}
		case 'cancel': {
			const taken = cancel(m, op.thread);
			if (op.dst !== undefined) file[op.dst] = taken;
			return NEXT;
		}
		case 'disable': disable(m, op.thread); return NEXT;
		case 'join':
			if (m.tracking) m.reads(m.layout.threadResource + op.thread);
			// Waiting for a timer's handler spins; most other joins sleep.
			return op.spins === true || m.program.threads[op.thread]!.context === 'timer' || contexts.maySleep(m, t) ? NEXT : FAILED;
		default: throw new Error(`${op.op} is not executed here`);
	}
}
