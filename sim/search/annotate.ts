import { cellName, threadName } from '../checks/check';
import { checkOf } from '../checks/index';
import { CHOICE_STRIDE, type Failure, type Schedule } from '../exploration';
import { initialize, step } from '../machine/stepping';
import { DONE, FAILED, type Fault, type Machine } from '../machine/machine';
import { CHECKS } from '../machine/opcodes';
import { blockedThreads } from './blocked';
import { History } from './history';
import { CONSTANT } from './roots';
import { type Found, preemptionsOf } from './schedules';
import { judgeTerminal } from './terminal';

/** Replays a schedule with the machine remembering what happened. Gives the history, and the fault in which it ends when it does. */
export function relive(m: Machine, schedule: Schedule): { readonly history: History; readonly faults: readonly Fault[] } {
	const history = new History(m);
	initialize(m);
	m.observer = history;
	let faults: readonly Fault[] = [];
	let outcome: number = DONE;
	for (const entry of schedule) {
		outcome = step(m, entry % CHOICE_STRIDE, Math.floor(entry / CHOICE_STRIDE));
		if (outcome !== DONE) break;
	}
	if (outcome === FAILED) faults = [m.fault!];
	m.observer = undefined;
	return { history, faults };
}

/** What a fault means, in words of cells and objects. The machine must be in the state in which it happened. */
export function describe(m: Machine, fault: Fault, history: History, schedule: Schedule, preemptions: number): Failure {
	const quiescent = fault.thread < 0;
	const op = (quiescent ? m.quiescence : m.threads[fault.thread]!).ops[fault.pc]!;
	const name = CHECKS[fault.check]!;
	const asserted = fault.reason === 'asserted' || fault.reason === 'watch-broken' || fault.reason === 'overlap';
	const stuck = fault.reason === 'deadlock' || fault.reason === 'lost-wakeup';
	const blocked = stuck ? blockedThreads(m, history) : [];
	const finding = checkOf(name, asserted)({
		m, fault, history, blocked, op,
		cell: cellName(m, fault.cell),
		object: m.program.objects[fault.object]?.name ?? 'memory',
		thread: quiescent ? 'at the end' : threadName(m, fault.thread),
	});
	return {
		check: finding.check ?? name,
		message: finding.message,
		schedule,
		thread: fault.thread,
		reason: fault.reason,
		pc: Math.min(fault.pc, Math.max(0, (quiescent ? m.program.quiescence : m.program.threads[fault.thread]!.code).length - 1)),
		sites: [op.origin, ...new Set(finding.others.filter((origin) => origin !== op.origin))],
		...(fault.object >= 0 ? { object: fault.object } : {}),
		...(fault.cell >= 0 ? { cell: fault.cell } : {}),
		preemptions,
		...(finding.behind?.length ? { behind: finding.behind } : {}),
		...(stuck ? { blocked } : {}),
		...(isAliased(fault, history) ? { aliased: true } : {}),
	};
}

/** Who came to what he had freed himself by another pointer. */
function isAliased(fault: Fault, history: History): boolean {
	const freed = history.freedAt.get(fault.object);
	if (freed === undefined || freed.thread !== fault.thread || (fault.reason !== 'freed' && fault.reason !== 'freed-twice')) return false;
	const root = history.roots.pointerOf(fault.thread);
	// What is named outright is the one that is meant.
	return root !== undefined && freed.root !== undefined && freed.root !== CONSTANT && root !== freed.root;
}

/** Makes failures of what the searches found: one per distinct check and set of sites, best schedule first. */
export function annotate(m: Machine, found: Iterable<Found>): readonly Failure[] {
	const best = new Map<string, Failure>();
	for (const { fault: met, schedule, preemptions } of found) {
		const cost = preemptions >= 0 ? preemptions : preemptionsOf(m, schedule);
		const { history, faults } = relive(m, schedule);
		// What a search met in a state that stands for others goes by other names than in the schedule itself.
		const fault = (faults.length > 0 ? faults : terminalFaults(m, history)).find((one) => one.check === met.check && (met.thread >= 0 || one.pc === met.pc)) ?? met;
		const failure = describe(m, fault, history, schedule, cost);
		if (m.program.without?.includes(failure.check) === true) continue;
		const key = `${failure.check}:${failure.reason === 'lost-wakeup' ? failure.reason : ''}${[...failure.sites].sort((a, b) => a - b).join(',')}`;
		const known = best.get(key);
		if (known === undefined || compare(failure, known) < 0) best.set(key, failure);
	}
	return [...best.values()].sort(compare);
}

/** What is wrong with the last state. Quiescence runs in nobody's name, and the history notes what it looks at. */
function terminalFaults(m: Machine, history: History): readonly Fault[] {
	const words = m.words.slice();
	m.observer = history;
	const faults = [...judgeTerminal(m)];
	m.observer = undefined;
	m.words.set(words);
	return faults;
}

/** Fewer preemptions, then fewer steps, then a fixed order. */
function compare(a: Failure, b: Failure): number {
	return a.preemptions - b.preemptions || a.schedule.length - b.schedule.length
		|| CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check) || a.thread - b.thread || a.pc - b.pc;
}
