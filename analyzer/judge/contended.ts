import { type Failure, type Program, replay, type Step } from '../../sim';
import { lastOf } from '../lower/access';
import type { Lowered } from '../lower/program';
import { fieldsTo, isFounded, LIFETIME } from './founded';

/**
 * Of a failure that the mail claims to end and that the side after still has: whether it is the code's, and not one of a world with one object of each type
 * and callers whom nobody shows. Only where the code itself shows that its parties contend for what breaks, and the pointer was found before what it leads to
 * went away; who comes again does so by somebody whom the code stops as well; who waits was answered, and missed it.
 */
export function isContended(lowered: Lowered, failure: Failure & { readonly program: Program }): boolean {
	if (failure.reason === 'lost-wakeup') return true;
	if (failure.check === 'deadlock') return isCircle(failure);
	const { steps } = replay(failure.program, failure.schedule);
	if (failure.check === 'resurrection') return isLookedUp(lowered, failure, steps);
	if (!isFounded(lowered, failure)) return false;
	if (!LIFETIME.has(failure.check) || failure.thread < 0) return true;
	return foundBefore(lowered, failure, steps) && startsAgain(failure, steps);
}

/** Threads wait for each other, for locks that they took themselves and for each other's end. */
function isCircle({ program, blocked = [], schedule }: Failure & { readonly program: Program }): boolean {
	const { steps } = replay(program, schedule);
	const took = (thread: number, cell: number): boolean => steps.some((step) => step.thread === thread && step.locked.includes(cell) && step.executed.some((pc) => TAKES.has(program.threads[thread]?.code[pc]?.op ?? 'end')));
	const waiting = new Set(blocked.map(({ thread }) => thread));
	return blocked.length > 1 && blocked.every(({ cell, thread, by }) => by.some((holder) => holder !== thread && waiting.has(holder) && (cell < 0 || took(holder, cell))));
}

const TAKES: ReadonlySet<string> = new Set(['lock', 'trylock']);

/** The last reference is dropped by somebody else, and the thread has found the object where others find it: nobody has handed it over. */
function isLookedUp({ notes }: Lowered, { program, cell = -1, thread }: Failure & { readonly program: Program }, steps: readonly Step[]): boolean {
	const object = program.objects.findIndex(({ first, size }) => cell >= first && cell < first + size);
	const leading = fieldsTo(program, object < 0 ? undefined : object);
	const found = steps.some((step) => step.thread === thread && step.executed.some((pc) => program.threads[thread]?.code[pc]?.op === 'load' && leading.has(lastOf(notes[thread]?.[pc]?.key ?? ''))));
	return found && steps.some((step) => step.thread !== thread && step.changes.some((change) => change.cell === cell && change.after === 0));
}

/** The thread had its pointer before the other one freed the object; or was handed it. */
function foundBefore({ notes }: Lowered, { program, object, thread }: Failure & { readonly program: Program }, steps: readonly Step[]): boolean {
	const freed = steps.findIndex((step) => object !== undefined && step.freed.includes(object));
	if (freed < 0) return true;
	const leading = fieldsTo(program, object);
	const loads = steps.flatMap((step, at) => (step.thread === thread && step.executed.some((pc) => program.threads[thread]?.code[pc]?.op === 'load' && leading.has(lastOf(notes[thread]?.[pc]?.key ?? ''))) ? [at] : []));
	return loads.length === 0 || loads.some((at) => at < freed);
}

/** Where it was cancelled on the way, and is started again after that: whoever starts it is one that the canceller stops as well. */
function startsAgain({ program, thread, object }: Failure & { readonly program: Program }, steps: readonly Step[]): boolean {
	const freer = steps.find((step) => object !== undefined && step.freed.includes(object))?.thread;
	const does = (step: Step, op: 'spawn' | 'cancel', target: number): boolean => step.executed.some((pc) => { const each = program.threads[step.thread]?.code[pc]; return each?.op === op && each.thread === target; });
	const cancelled = steps.findIndex((step) => step.thread === freer && does(step, 'cancel', thread));
	const by = cancelled < 0 ? undefined : steps.find((step, at) => at > cancelled && step.thread !== freer && does(step, 'spawn', thread))?.thread;
	return by === undefined || (program.threads[freer ?? -1]?.code.some((op) => (op.op === 'cancel' || op.op === 'join' || op.op === 'disable') && op.thread === by) ?? false);
}
