import { type Blocked, CHOICE_STRIDE, type CellChange, DEFAULT_BOUNDS, type Failure, type Replay, type Schedule, type Step, type Stepper } from './exploration';
import { initialize, step as take } from './machine/stepping';
import { DONE, FAILED, type Fault, Machine, NOT_NOW, type Observer, UNRESOLVED } from './machine/machine';
import type { MemoryModel, Program } from './program';
import { describe, relive } from './search/annotate';
import { blockedThread, blockedThreads } from './search/blocked';
import { History } from './search/history';
import { enabledThreads, preemptionsOf } from './search/schedules';
import { judgeTerminal } from './search/terminal';
import { canStep } from './machine/waiting';
import { RUNNING } from './machine/layout';

/** Passes everything on to the history and gathers what one step did. */
class Recorder implements Observer {
	executed: number[] = [];
	freedObjects: number[] = [];
	allocatedObjects: number[] = [];
	lockedCells: number[] = [];
	unlockedCells: number[] = [];

	constructor(private readonly history: History) {}

	operation(thread: number, pc: number): void { this.executed.push(pc); this.history.operation(thread, pc); }
	read(thread: number, pc: number, cell: number, value: number): void { this.history.read(thread, pc, cell, value); }
	wrote(thread: number, pc: number, cell: number, before: number, after: number): void { this.history.wrote(thread, pc, cell, before, after); }
	locked(thread: number, pc: number, cell: number): void { this.lockedCells.push(cell); this.history.locked(thread, pc, cell); }
	unlocked(thread: number, pc: number, cell: number): void { this.unlockedCells.push(cell); this.history.unlocked(thread, pc, cell); }
	entered(thread: number, pc: number, cell: number): void { this.history.entered(thread, pc, cell); }
	left(thread: number, cell: number): void { this.history.left(thread, cell); }
	freed(thread: number, pc: number, object: number): void { this.freedObjects.push(object); this.history.freed(thread, pc, object); }
	allocated(thread: number, pc: number, object: number): void { this.allocatedObjects.push(object); this.history.allocated(thread, pc, object); }
}

/** Cell values for people: what is still open reads as its initial value. */
const cellsOf = (m: Machine): Int32Array => Int32Array.from(m.program.cells, (_, cell) => told(m, cell, m.slots[cell]!));

function told({ program, decode }: Machine, cell: number, code: number): number {
	const value = decode[code]!;
	return value === UNRESOLVED ? program.cells[cell]!.initial : value;
}

/** By how the cells now differ from these codes: programs have many cells, and a step changes few. */
function changesFrom(m: Machine, before: Machine['slots']): readonly CellChange[] {
	const { slots } = m;
	const changes: CellChange[] = [];
	for (let cell = 0; cell < before.length; cell++) {
		if (slots[cell] === before[cell]) continue;
		const change = { cell, before: told(m, cell, before[cell]!), after: told(m, cell, slots[cell]!) };
		if (change.before !== change.after) changes.push(change);
	}
	return changes;
}

interface Taken {
	readonly step: Step;
	readonly outcome: number;
}

/** One entry in the machine's current state; undefined when it cannot be taken there. */
function takeEntry(m: Machine, entry: number, history: History): Taken | undefined {
	const thread = entry % CHOICE_STRIDE;
	if (!(thread >= 0 && thread < m.movers) || !canStep(m, thread)) return undefined;
	const before = m.slots.slice(0, m.layout.cells);
	const owner = thread % m.threads.length;
	const control = m.control(owner);
	const pc = control >= RUNNING ? m.threads[owner]!.restPc[control - RUNNING]! : 0;
	const saved = m.words.slice();
	const recorder = new Recorder(history);
	m.observer = recorder;
	const outcome = take(m, thread, Math.floor(entry / CHOICE_STRIDE));
	m.observer = undefined;
	if (outcome === NOT_NOW) {
		m.words.set(saved);
		return undefined;
	}
	const changes = changesFrom(m, before);
	const { executed, freedObjects: freed, allocatedObjects: allocated, lockedCells: locked, unlockedCells: unlocked } = recorder;
	return { step: { thread: owner, entry, pc, executed, changes, freed, allocated, locked, unlocked }, outcome };
}

/** The failure that a state or the step into it shows, if any. */
function failureOf(m: Machine, outcome: number, history: History, schedule: Schedule): Failure | undefined {
	let faults: readonly Fault[] = [];
	if (outcome === FAILED) faults = [m.fault!];
	else if (outcome === DONE && enabledThreads(m) === 0) {
		m.observer = history;
		faults = judgeTerminal(m);
		m.observer = undefined;
	}
	const fault = faults[0];
	if (fault === undefined) return undefined;
	const failure = describe(m, fault, history, schedule, 0);
	const saved = m.words.slice();
	const preemptions = preemptionsOf(m, schedule);
	m.words.set(saved);
	return { ...failure, preemptions };
}

/** Runs a schedule, which may come from another program, as far as it goes. */
export function replay(program: Program, schedule: Schedule, memory: MemoryModel = program.memory ?? 'sc'): Replay {
	const m = new Machine(program, 2, DEFAULT_BOUNDS.localOperations, memory);
	const history = new History(m);
	initialize(m);
	const steps: Step[] = [];
	let failure: Failure | undefined;
	let stuck: Replay['stuck'];
	let outcome: number = DONE;
	for (let at = 0; at < schedule.length && outcome === DONE; at++) {
		const taken = takeEntry(m, schedule[at]!, history);
		if (taken === undefined) {
			stuck = { at, blocked: whoBlocks(m, schedule[at]! % CHOICE_STRIDE, history) };
			break;
		}
		steps.push(taken.step);
		outcome = taken.outcome;
	}
	const state = cellsOf(m);
	const live = program.objects.map((_, object) => m.isLive(m.layout.outermost[object]!));
	if (stuck === undefined) failure = failureOf(m, outcome, history, steps.map((one) => one.entry));
	return { steps, state, live, ...(failure === undefined ? {} : { failure }), ...(stuck === undefined ? {} : { stuck }) };
}

/** The wanted thread first, then all others that cannot move. */
function whoBlocks(m: Machine, wanted: number, history: History): readonly Blocked[] {
	const first = wanted >= 0 && wanted < m.threads.length ? blockedThread(m, wanted, history) : undefined;
	const all = blockedThreads(m, history);
	return first === undefined ? all : [first, ...all.filter((one) => one.thread !== wanted)];
}

/** Steps through a program by hand, forwards and back. */
export function stepper(program: Program, memory: MemoryModel = program.memory ?? 'sc'): Stepper {
	const m = new Machine(program, 2, DEFAULT_BOUNDS.localOperations, memory);
	let history = new History(m);
	const taken: number[] = [];
	let over = false;
	initialize(m);
	return {
		program,
		get state() { return cellsOf(m); },
		get schedule() { return [...taken]; },
		enabled() {
			if (over) return [];
			const entries: number[] = [];
			const saved = m.words.slice();
			for (let t = 0; t < m.movers; t++) {
				if (!canStep(m, t)) continue;
				for (let choice = 0; choice >= 0;) {
					const outcome = take(m, t, choice);
					if (outcome !== NOT_NOW) entries.push(t + CHOICE_STRIDE * choice);
					choice = m.nextChoice();
					m.words.set(saved);
				}
			}
			return entries;
		},
		blocked() { return blockedThreads(m, history); },
		step(entry) {
			const one = over ? undefined : takeEntry(m, entry, history);
			if (one === undefined) throw new Error(`schedule entry ${entry} cannot be taken now`);
			taken.push(entry);
			over = one.outcome !== DONE;
			const saved = m.words.slice();
			const failure = failureOf(m, one.outcome, history, [...taken]);
			m.words.set(saved);
			return { step: one.step, ...(failure === undefined ? {} : { failure }), ...(over ? { over } : {}) };
		},
		undo() {
			if (taken.pop() === undefined) return false;
			({ history } = relive(m, taken));
			over = false;
			return true;
		},
	};
}

