import { type Blocked, CHOICE_STRIDE, type Failure, type Op, POINTER_BASE, type Program, type Schedule, type Step, stepper } from '../../sim';
import { byVariable, type Lowered, type Origin, type Party } from '../lower';
import type { ReviewFailure, ReviewStep, WaitingThread } from '../review';
import { laneOf } from './lanes';

/** A cell's value in words: an object's name, NULL, a number. */
function word(words: Words, value: number): string {
	const { program } = words;
	if (value < POINTER_BASE) return value === 0 ? '0' : String(value);
	const cell = value - POINTER_BASE;
	let best: Program['objects'][number] | undefined;
	for (const object of program.objects) if (cell >= object.first && cell < object.first + object.size && (!best || object.size < best.size)) best = object;
	if (!best) return 'a pointer';
	return cell === best.first ? byVariable(best.name) : cellName(words, cell);
}

/** What a lowered program is told with. */
type Words = Pick<Lowered, 'program' | 'own'>;

/** A mark that only a model keeps, set, cleared or looked at: nobody's code has it, so that readers are told what it stands for. The one object of a type goes by the type's name. */
function markWords({ own }: Words, text: string): string {
	const says = (field: string): string => own.get(field) ?? field.slice(2).replaceAll('_', ' ');
	return text
		.replace(/^INSTANCE\(\w+\)->(__[a-z]\w*) = ([01])$/, (_, field: string, value: string) => (value === '1' ? `now ${says(field)}` : `(not ${says(field)} yet)`))
		.replace(/^cmpxchg\(&INSTANCE\(\w+\)->(__[a-z]\w*), 0, 1\)$/, (_, field: string) => `now ${says(field)}`)
		.replace(/^(?:READ_ONCE\()?INSTANCE\(\w+\)->(__[a-z]\w*)\)?$/, (_, field: string) => `${says(field)}?`)
		.replace(/\bINSTANCE\(\w+\)->(__[a-z]\w*)/g, (_, field: string) => `'${says(field)}'`)
		.replace(/\bINSTANCE\((\w+)\)/g, '$1');
}

/** A model's question after a lock that only models name: `vmf.page locked?`. */
const questionWords = (text: string): string => text.replace(/^\w+\(&?([\w.>-]+?)(?:->|\.)__(\w+)\)$/, (_, object: string, field: string) => `${object} ${field.replaceAll('_', ' ')}?`);

/** Models' own fields begin with `__`: readers are shown their words, else the bare name. */
export const inKernelTerms = (words: Words, text: string): string => byVariable(inOwnTerms(words, markWords(words, text)));
const inOwnTerms = ({ own }: Words, text: string): string => text
	.replace(/\b(\w+)->(__[a-z]\w*)/g, (whole, object: string, field: string) => (own.has(field) ? `${object}'s ${own.get(field)}` : whole))
	.replace(/\bglobals\.(?=\w)/g, '')
	.replace(/\b([a-z]\w*)\*{2,}(?!\w)/g, 'a pointer to $1')
	.replace(/~([a-z_]\w*)\/([a-z_]\w*)\.([a-z]\w*)/g, '$1.$2->$3')
	.replace(/~([a-z_]\w*)\/([a-z_]\w*)\b(?!\/)/g, 'what $1.$2 leads to')
	.replace(/\.(__[a-z_]\w*)/g, (_, field: string) => `.${own.get(field) ?? field.slice(2)}`);

const rawName = ({ program }: Words, cell: number): string => program.cells[cell]?.name ?? `cell ${cell}`;
const cellName = (words: Words, cell: number): string => inKernelTerms(words, rawName(words, cell));

/** A change of a cell in words. What pointed somewhere, or will, is NULL otherwise. */
function changeWords(words: Words, { cell, before, after }: Step['changes'][number]): string {
	const pointer = before >= POINTER_BASE || after >= POINTER_BASE;
	const told = (value: number): string => (pointer && value === 0 ? 'NULL' : word(words, value));
	return `${cellName(words, cell)}: ${told(before)} -> ${told(after)}`;
}

/** What a weak memory does behind a thread's back. */
const memoryStep = (words: Words, { changes: [change] }: Step): string =>
	(change ? `(others now see its store to ${cellName(words, change.cell)})` : '(a load is done only now)');

/** Cells that only models have are told of where there are words for them. */
const told = ({ own }: Words, name: string): boolean => name.split('.').every((part) => !part.startsWith('__') || own.has(part)) && !/^globals\.?$/.test(name);

type Told = Pick<ReviewStep, 'operation' | 'function' | 'stack' | 'file' | 'line' | 'inputLine' | 'modelled'>;

/** Where a step stands for a reader: beside the statement that a scenario has added it to; else out of the models' own functions, of which the innermost says what is done. */
function standing(words: Words, origin: Origin): Told {
	const at = origin.beside ?? origin;
	return {
		...(origin.beside ? { operation: origin.beside.text.replace(/;$/, ''), function: origin.beside.function, stack: origin.beside.stack } : outside(words, origin)),
		file: at.file, line: at.line > 0 ? at.line : null, inputLine: at.input > 0 ? at.input : null,
		...(origin.modelled && !origin.beside ? { modelled: true } : {}),
	};
}

/** The first function of a thread by what it is called, where nobody's code has it. */
const inCalled = (party: Party | undefined, told: Told): Told => {
	if (party?.called === undefined) return told;
	const words = (name: string): string => (name === party.definition.fn.name ? party.called ?? name : name);
	return { ...told, stack: told.stack.map(words), function: words(told.function) };
};

function outside({ own }: Words, { text, function: name, stack }: Origin): Pick<Told, 'operation' | 'function' | 'stack'> {
	const path = [...stack, name].filter((each) => each !== '');
	const inside = path.find((each) => own.has(each)) ?? /^(__\w+)\(/.exec(text)?.[1] ?? '';
	const known = path.filter((each) => !own.has(each));
	return { operation: own.get(inside) ?? text, function: known.at(-1) ?? '', stack: known.slice(0, -1) };
}

const NOWHERE: Told = { operation: '', function: '', stack: [], file: null, line: null, inputLine: null };

export function stepsOf(lowered: Lowered, steps: readonly Step[]): readonly ReviewStep[] {
	const { program, origins } = lowered;
	return steps.map((step) => {
		const thread = program.threads[step.thread];
		const code = thread?.code ?? [];
		// The operation that others see, not the register work it rides with.
		const at = step.executed.find((pc) => code[pc]?.step) ?? step.executed[0] ?? step.pc;
		// What was inferred stands at the line that it was put before, and says itself what it takes.
		const taken = step.locked[0] ?? step.changes[0]?.cell ?? -1;
		const memory = step.entry % CHOICE_STRIDE >= program.threads.length;
		const origin = memory ? undefined : origins[code[at]?.origin ?? 0];
		const names = (cells: readonly number[]): readonly string[] => cells.map((cell) => cellName(lowered, cell));
		const where = inCalled(lowered.parties[step.thread], origin ? standing(lowered, origin) : NOWHERE);
		return {
			...where,
			thread: laneOf(lowered, step.thread),
			operation: lowered.notes[step.thread]?.[at]?.inferred && taken >= 0 ? takenUnseen(code[at], cellName(lowered, taken)) : memory ? memoryStep(lowered, step) : inKernelTerms(lowered, where.modelled && code[at]?.op === 'held' ? questionWords(where.operation) : code[at]?.op === 'load' && origin?.whole !== undefined && !origin.beside && !origin.modelled ? origin.whole : where.operation),
			changes: [
				...step.changes.filter(({ cell }) => told(lowered, rawName(lowered, cell)) && !step.locked.includes(cell) && !step.unlocked.includes(cell)).map((change) => changeWords(lowered, change)),
				...step.freed.map((object) => `${byVariable(program.objects[object]?.name ?? 'an object')} is freed`),
				...step.allocated.map((object) => `${byVariable(program.objects[object]?.name ?? 'an object')} is allocated`),
			],
			locked: names(step.locked),
			unlocked: names(step.unlocked),
			...(origin && code[at]?.op === 'held' ? { asks: true } : {}),
		};
	});
}

/** The steps of a schedule that can be taken whole, each with the threads that stand blocked once it is done. */
export function tellSchedule(lowered: Lowered, schedule: Schedule): readonly ReviewStep[] {
	const machine = stepper(lowered.program);
	const told: ReviewStep[] = [];
	for (const entry of schedule) {
		const { step, over } = machine.step(entry);
		const waiting = waitingOf(lowered, machine.blocked().filter(({ by }) => by.length > 0));
		for (const each of stepsOf(lowered, [step])) told.push(waiting.length > 0 ? { ...each, waiting } : each);
		// A schedule's remarks may lie behind a failure, or where the path is given up: what comes after that cannot be told.
		if (over) break;
	}
	return told;
}

/** What nobody shows, and was inferred: it is told by what it takes, not by the line that it was put before. Undefined for what is shown. */
function unseen({ program, notes }: Lowered, thread: number, origin: number, cell: number): string | undefined {
	const at = program.threads[thread]?.code.findIndex((op, index) => op.origin === origin && notes[thread]?.[index]?.inferred) ?? -1;
	return at < 0 || cell < 0 ? undefined : takenUnseen(program.threads[thread]?.code[at], program.cells[cell]?.name ?? 'a lock');
}

/** A lock by its field and what that lies in, a reference by what it is to. */
const takenUnseen = (op: Op | undefined, name: string): string => {
	const path = name.split('.');
	return `takes ${op?.op === 'get' ? `a reference to ${path.slice(0, -1).join('.') || name}` : path.slice(-2).join('.')}, not shown`;
};

/** Threads that stand blocked, in the source's words. */
export function waitingOf(lowered: Lowered, blocked: readonly Blocked[]): readonly WaitingThread[] {
	return blocked.map(({ thread, origin, cell, by }) => {
		const at = lowered.origins[origin];
		const { operation, inputLine } = at ? standing(lowered, at) : NOWHERE;
		return { thread: laneOf(lowered, thread), operation: inKernelTerms(lowered, unseen(lowered, thread, origin, cell) ?? operation), on: cell < 0 ? null : cellName(lowered, cell), by: by.map((each) => laneOf(lowered, each)), inputLine };
	});
}

/** The operation that breaks, where it rides with a step that is told by another one. */
function breaksAt(lowered: Lowered, { thread, pc }: Failure, last: ReviewStep | undefined): ReviewFailure['breaks'] {
	const op = lowered.program.threads[thread]?.code[pc];
	const origin = lowered.origins[op?.origin ?? 0];
	// Ways out meet at the thread's end: which of them was gone, that does not say.
	if (!op || op.op === 'end' || !origin || origin.text === '' || last?.thread !== laneOf(lowered, thread)) return undefined;
	const { operation, file, line, inputLine, modelled, ...at } = standing(lowered, origin);
	if (!modelled) return inputLine === null || (last.operation.includes(operation) && inputLine === last.inputLine) ? undefined : { operation, file, line, inputLine };
	// Inside of what the code calls, that call is what breaks.
	const [path, before] = [[...at.stack, at.function], [...last.stack, last.function]];
	const called = path.find((name, depth) => depth > 0 && name !== before[depth]);
	return called === undefined || last.modelled ? undefined : { operation: `${called}()`, file: null, line: null, inputLine: null };
}

const OF_LOCKS: ReadonlySet<string> = new Set(['irq-unsafe-lock', 'sleep-in-atomic', 'lock-held-at-return', 'unlock-not-held']);

/** What threads wait for, each once and in the order of their names' cells; else what the failure is about. */
const cellsOf = ({ blocked, cell }: Failure): readonly number[] =>
	(blocked && blocked.length > 0 ? [...new Set(blocked.map((each) => each.cell))].filter((each) => each >= 0).sort((a, b) => a - b) : cell === undefined || cell < 0 ? [] : [cell]);

export function tellFailure(lowered: Lowered, failure: Failure): ReviewFailure {
	const { program, origins } = lowered;
	const object = failure.object === undefined ? undefined : program.objects[failure.object]?.name;
	const steps = tellSchedule(lowered, failure.schedule);
	const breaks = breaksAt(lowered, failure, steps.at(-1));
	const sites = failure.sites.map((site) => origins[site]).filter((origin) => origin !== undefined && origin.text !== '');
	const lines = sites.map((site) => (site?.beside ?? site)?.input ?? 0).filter((line) => line > 0);
	const cells = cellsOf(failure).map((cell) => cellName(lowered, cell));
	const [lock] = cells;
	const blocked = failure.blocked?.map((each) => {
		const origin = origins[each.origin];
		const holders = each.by.map((thread) => (thread === each.thread ? 'itself' : program.threads[thread]?.name ?? 'a thread')).join(', ');
		const { operation, function: name } = origin ? inCalled(lowered.parties[each.thread], standing(lowered, origin)) : NOWHERE;
		const where = lowered.parties[each.thread]?.called === name ? `as ${name}` : `in ${name}()`;
		return `${program.threads[each.thread]?.name ?? 'a thread'} waits ${where} at ${inKernelTerms(lowered, unseen(lowered, each.thread, each.origin, each.cell) ?? operation)}${holders ? ` for ${holders}` : ''}`;
	});
	return {
		check: failure.check,
		message: inKernelTerms(lowered, failure.message),
		schedule: failure.schedule,
		steps,
		...(lines.length > 0 ? { window: { from: Math.min(...lines), to: Math.max(...lines) } } : {}),
		...(object ? { object: byVariable(object) } : {}),
		...(cells.length > 0 ? { cells } : {}),
		...(lock !== undefined && cells.length === 1 && OF_LOCKS.has(failure.check) ? { lock } : {}),
		...(blocked ? { blocked } : {}),
		...(breaks ? { breaks } : {}),
		...(failure.cell !== undefined && !told(lowered, rawName(lowered, failure.cell)) ? { modelled: true } : {}),
	};
}
