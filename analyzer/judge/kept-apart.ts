import type { Failure, Op, Program, Step } from '../../sim';
import type { Lowered } from '../lower/program';
import { LIFETIME, UPDATES } from './founded';
import { callsNamed } from '../knowledge/namings';
import { replayed } from './replayed';

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
	if (type === '' || !parties.every(({ definition: { fn } }) => isFetchedHere(fn.body.text, type, new RegExp(`^=\\s*${callsNamed(lowered, 'own-cpu')}`)))) return false;
	const key = notes[thread]?.[pc]?.key;
	const levels = new Map<number, number>();
	const own: number[] = [];
	const others = new Set<number>();
	for (const step of replayed(program, failure.schedule).steps) {
		for (const at of step.executed) {
			const op = program.threads[step.thread]?.code[at];
			levels.set(step.thread, (levels.get(step.thread) ?? 0) + raised(op));
			if (key === undefined || notes[step.thread]?.[at]?.key !== key) continue;
			if (step.thread === thread) own.push(undisturbed(program, thread, levels.get(thread) ?? 0));
			else others.add(step.thread);
		}
	}
	return own.length > 0 && others.size > 0 && [...others].every((other) => own.every((level) => level > rank(program, other)));
}

/** `struct foo *f = this_cpu_ptr(…)`: a variable of this type leads to the CPU's own, and none of it leads elsewhere. */
function isFetchedHere(text: string, type: string, fetches: RegExp): boolean {
	const declared = new RegExp(`\\bstruct\\s+${type}\\s*\\*\\s*(\\w+)\\s*(=[^;,]*)?[;,]`, 'g');
	const names = [...text.matchAll(declared)];
	return names.length > 0 && names.every(([, name = '', first]) => {
		const given = first === undefined ? [] : [first];
		for (const [, later = ''] of text.matchAll(new RegExp(`(?<![\\w.>])${name}\\s*(=[^=;][^;]*);`, 'g'))) if (!given.includes(later.trim())) given.push(later);
		return given.length > 0 && given.every((each) => fetches.test(each));
	});
}

/** Steps by which what an operation keeps off counts: a spin lock the scheduler, then softirqs, then interrupts. */
const LEVELS = { preempt: 1, softirq: 1 << 8, hardirq: 1 << 16 } as const;

function raised(op: Op | undefined): number {
	if (op?.op === 'context') return LEVELS[op.which] * op.delta;
	if ((op?.op === 'lock' || op?.op === 'unlock') && (op.kind === 'spin' || op.kind === 'rw')) return op.op === 'lock' ? LEVELS.preempt : -LEVELS.preempt;
	return 0;
}

/** What cannot come in between, of tasks (0), softirqs (1) and interrupts (2): all of a lower number. */
function undisturbed(program: Program, thread: number, level: number): number {
	const own = rank(program, thread);
	return Math.max(own === 0 ? 0 : own + 1, level >= LEVELS.hardirq ? 3 : level >= LEVELS.softirq ? 2 : level > 0 ? 1 : 0);
}

function rank({ threads }: Program, thread: number): number {
	const context = threads[thread]?.context ?? 'task';
	return context === 'hardirq' ? 2 : context === 'softirq' || context === 'timer' || context === 'rcu' ? 1 : 0;
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
	const by = steps[started]?.thread;
	const made = steps.slice(0, started + 1).flatMap((step) => (step.thread === by ? step.allocated : []));
	return made.some((each) => each !== object && program.objects[each]?.type === type);
}
