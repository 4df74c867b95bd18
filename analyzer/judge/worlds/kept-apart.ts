import type { Failure, Program, Step } from '../../../sim';
import { lastOf, type Lowered } from '../../lower';
import { LIFETIME, UPDATES } from '../belief/founded';
import { callsNamed } from '../../knowledge/namings';
import { levelsOn, rank, undisturbed } from './on-one-cpu';
import { replayed } from '../search/replayed';

/**
 * Whether two threads that meet in our world of one object of each type work on two different objects in the kernel's: on what each one's caller gave it
 * for itself, on what belongs to the CPU on which each of them runs undisturbed, or on what has been made anew for who comes again.
 */
export function areKeptApart(lowered: Lowered, failure: Failure): boolean {
	if (failure.thread < 0) return false;
	if (UPDATES.has(failure.check)) return isCallersOwn(lowered, failure) || isOfOneCpu(lowered, failure);
	return LIFETIME.has(failure.check) && isStartedForAnother(lowered.program, failure);
}

/** The role says that this parameter is memory of the caller's own, filled by this call. */
function isCallersOwn({ program, parties, origins }: Lowered, { thread, pc, cell }: Failure): boolean {
	const party = parties[thread];
	const type = typeAt(program, cell);
	const statement = origins[program.threads[thread]?.code[pc]?.origin ?? 0]?.text ?? '';
	return (party?.role?.fills ?? []).some((index) => {
		const param = party?.definition.fn.params[index];
		return param !== undefined && type !== '' && structOf(param.type) === type && new RegExp(`\\b${param.name}\\s*->`).test(statement);
	});
}

const structOf = (type: string): string => /\bstruct\s+(\w+)\s*\*/.exec(type)?.[1] ?? '';

const typeAt = ({ objects }: Program, cell: number | undefined): string => objects.find(({ first, size }) => cell !== undefined && cell >= first && cell < first + size)?.type ?? '';

/** The object is this CPU's, to all that are at work here, and who is in between its own two steps cannot be interrupted by the other one. */
function isOfOneCpu(lowered: Lowered, failure: Failure): boolean {
	const { program, notes, parties } = lowered;
	const { thread, pc, cell } = failure;
	const type = typeAt(program, cell);
	const key = notes[thread]?.[pc]?.key;
	const calls = callsNamed(lowered, 'own-cpu');
	if (type === '' || !parties.every(({ definition: { fn } }) => isFetchedHere(fn.body.text, type, calls, lastOf(key ?? '')))) return false;
	const own: number[] = [];
	const others = new Set<number>();
	for (const { thread: by, pc: at, level } of levelsOn(program, replayed(program, failure.schedule).steps)) {
		if (key === undefined || notes[by]?.[at]?.key !== key) continue;
		if (by === thread) own.push(undisturbed(program, thread, level));
		else others.add(by);
	}
	return own.length > 0 && others.size > 0 && [...others].every((other) => own.every((level) => level > rank(program, other)));
}

/** `struct foo *f = this_cpu_ptr(…)`: a variable of this type leads to the CPU's own, and none of it leads elsewhere; or no variable does, and the field is reached in place. */
function isFetchedHere(text: string, type: string, calls: string, field: string): boolean {
	const declared = new RegExp(`\\bstruct\\s+${type}\\s*\\*\\s*(\\w+)\\s*(=[^;,]*)?[;,]`, 'g');
	const names = [...text.matchAll(declared)];
	if (names.length === 0) return isReachedInPlace(text, calls, field);
	const fetches = new RegExp(`^=\\s*${calls}`);
	return names.every(([, name = '', first]) => {
		const given = first === undefined ? [] : [first];
		for (const [, later = ''] of text.matchAll(new RegExp(`(?<![\\w.>])${name}\\s*(=[^=;][^;]*);`, 'g'))) if (!given.includes(later.trim())) given.push(later);
		return given.length > 0 && given.every((each) => fetches.test(each));
	});
}

/** `this_cpu_ptr(…)->field`, or `this_cpu_add(…->field, …)`, and the field nowhere else. */
function isReachedInPlace(text: string, calls: string, field: string): boolean {
	// What is reached by a pointer to a number has no name.
	if (!/^\w+$/.test(field)) return false;
	const uses = [...text.matchAll(new RegExp(`(?:->|\\.)\\s*${field}\\b`, 'g'))];
	const own = new RegExp(`(?:${calls}[^;]*\\)\\s*|\\b(?:raw|__this|this)_cpu_\\w+\\s*\\([^;]*)$`);
	return uses.length > 0 && uses.every(({ index }) => own.test(text.slice(text.lastIndexOf(';', index) + 1, index)));
}

/** Who started the failing thread last has just made an object of this type to start it for, and it is another one that was freed. */
function isStartedForAnother(program: Program, { schedule, thread, object }: Failure): boolean {
	const type = object === undefined ? undefined : program.objects[object]?.type;
	if (type === undefined) return false;
	const { steps } = replayed(program, schedule);
	const starts = (step: Step): boolean => step.executed.some((pc) => {
		const op = program.threads[step.thread]?.code[pc];
		return op?.op === 'spawn' && op.thread === thread;
	});
	const started = steps.findLastIndex((step) => step.thread !== thread && starts(step));
	// Who was on his way already when he was started again is not there for what was made meanwhile.
	const began = steps.findLastIndex((step) => step.thread === thread && step.executed.includes(0));
	if (began >= 0 && began < started) return false;
	const by = steps[started]?.thread;
	const made = steps.slice(0, started + 1).flatMap((step) => (step.thread === by ? step.allocated : []));
	return made.some((each) => each !== object && program.objects[each]?.type === type);
}
