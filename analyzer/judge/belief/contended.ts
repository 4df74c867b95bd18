import type { Failure, Program, Step } from '../../../sim';
import { lastOf, type Lowered, type Origin } from '../../lower';
import { isWhole } from '../../parse';
import { askedOf } from './asked-of';
import { fieldsTo, isFounded, LIFETIME, TAKES, takesKnown, UPDATES } from './founded';
import { leadsInto } from './leads-into';
import { leavesFailing } from '../outcomes/leaves-failing';
import { replayed } from '../search/replayed';
import { type Way, wayTo } from './way';

/**
 * Of a failure that the mail claims to end and that the side after still has: whether it is the code's, and not one of a world with one object of each type
 * and callers whom nobody shows. Only where the code itself shows that its parties contend for what breaks, or the patch's own lines do: they take a lock there that the
 * other one goes without, test what the other one sets, or mark an update that stays two steps. The pointer was found before what it leads to went away; who comes
 * again does so by somebody whom the code stops as well; who waits was answered, and missed it. Of what is shown in part nothing is said.
 */
export function isContended(lowered: Lowered, failure: Told): boolean {
	if (!lowered.parties.every(({ definition: { fn }, modelled }) => modelled || isWhole(fn))) return false;
	if (failure.reason === 'lost-wakeup') return true;
	if (failure.check === 'deadlock') return isCircle(lowered, failure);
	if (failure.check === 'lock-held-at-return') return leavesFailing(lowered, failure);
	const { steps } = replayed(failure.program, failure.schedule);
	if (failure.check === 'resurrection') return isLookedUp(lowered, failure, steps);
	if (UPDATES.has(failure.check) && isMarked(lowered, failure)) return true;
	if (!isFounded(lowered, failure) && !(LIFETIME.has(failure.check) && (isFreedTwice(lowered, failure, steps) || isGuardedInVain(lowered, failure, steps)))) return false;
	if (!LIFETIME.has(failure.check) || failure.thread < 0) return true;
	return foundBefore(lowered, failure, steps) && startsAgain(failure, steps);
}

type Told = Failure & { readonly program: Program };

const originOf = ({ origins }: Lowered, { threads }: Program, thread: number, pc: number): Origin | undefined => origins[threads[thread]?.code[pc]?.origin ?? 0];
const changed = (lowered: Lowered, program: Program, thread: number, pc: number): boolean => originOf(lowered, program, thread, pc)?.changed === true;

/** The update is the patch's own, one statement of two marked accesses: each is done whole, the two of them are not. */
const isMarked = (lowered: Lowered, { program, thread, pc }: Told): boolean =>
	changed(lowered, program, thread, pc) && /^(?:WRITE_ONCE\(.*\bREAD_ONCE\(|atomic\w*_set\(.*\batomic\w*_read\()/.test(originOf(lowered, program, thread, pc)?.text ?? '');

/** One path frees by itself what it has freed: both times in the code's own words. */
function isFreedTwice({ origins }: Lowered, { program, thread, pc, object }: Told, steps: readonly Step[]): boolean {
	const code = program.threads[thread]?.code ?? [];
	const own = (at: number): boolean => code[at]?.op === 'free' && origins[code[at]?.origin ?? 0]?.modelled !== true;
	const freed = steps.find((step) => object !== undefined && step.freed.includes(object));
	return own(pc) && steps.every((step) => step.thread === thread) && (freed?.executed.some(own) ?? false);
}

/** What the patch puts against the other one: a lock held there that the other one frees without, or that who frees holds and the other one goes without, or a test of what the other one sets. */
function isGuardedInVain(lowered: Lowered, failure: Told, steps: readonly Step[]): boolean {
	const { program, thread, object } = failure;
	const freed = steps.findIndex((step) => object !== undefined && step.freed.includes(object));
	const other = steps[freed]?.thread;
	if (other === undefined || other === thread) return false;
	const way = wayTo(lowered, program, steps);
	const took = new Set(steps.flatMap((step) => (step.thread === thread && step.executed.some((pc) => changed(lowered, program, thread, pc)) ? step.locked : [])));
	const held = way.at.get(thread)?.locks ?? new Set<number>();
	const theirs = new Set(way.steps.slice(0, freed + 1).filter((step) => step.thread === other).flatMap(({ locked }) => locked));
	if ([...held].some((lock) => took.has(lock) && !theirs.has(lock))) return true;
	if (goesWithout(lowered, failure, steps.slice(0, freed + 1), way)) return true;
	return asksInVain(lowered, failure, steps, way);
}

/** The patch's own lines ask of what the other one sets, or of what was read from there, and what was found so is freed all the same. */
function asksInVain(lowered: Lowered, { program, thread, object }: Told, steps: readonly Step[], { moves }: Way): boolean {
	const freed = steps.findIndex((step) => object !== undefined && step.freed.includes(object));
	const other = steps[freed]?.thread;
	if (other === undefined || other === thread || !steps.slice(0, freed).some((step) => step.thread === thread)) return false;
	const sets = new Set(moves.filter((move) => move.thread === other).map(({ cell }) => lastOf(program.cells[cell]?.name ?? '')));
	return [...askedOf(lowered, program, thread, steps)].some((field) => sets.has(field));
}

/** Of a failure of which that is so: the patch's own question is what was to keep the other one out. */
export function isAskedInVain(lowered: Lowered, failure: Told): boolean {
	if (!LIFETIME.has(failure.check)) return false;
	const { steps } = replayed(failure.program, failure.schedule);
	return asksInVain(lowered, failure, steps, wayTo(lowered, failure.program, steps));
}

/** Who frees it has taken it out under a lock that the patch takes there, and who has found it, called by nobody in particular, never takes that. */
function goesWithout(lowered: Lowered, { program, thread, object }: Told, upToFree: readonly Step[], { moves }: Way): boolean {
	const other = upToFree.at(-1)?.thread ?? thread;
	const own = lowered.parties[thread];
	if (!own || own.modelled || !(own.registration || own.callback || own.role)) return false;
	const put = new Set(upToFree.flatMap((step) => (step.thread === other && step.executed.some((pc) => changed(lowered, program, other, pc)) ? step.locked : [])));
	const leads = (value: number): boolean => leadsInto(program.objects[object ?? -1], value);
	const taken = moves.filter((move) => move.thread === other && leads(move.before) && !leads(move.after));
	const takes = new Set((program.threads[thread]?.code ?? []).flatMap((op, at) => (TAKES.has(op.op) ? [lowered.notes[thread]?.[at]?.key ?? ''] : [])));
	return taken.some(({ locks }) => [...locks].some((lock) => put.has(lock) && !takes.has(program.cells[lock]?.name ?? '')));
}

/** Threads wait for each other, for locks that they took themselves and for each other's end; or one for itself. */
function isCircle(lowered: Lowered, { program, blocked = [], schedule }: Told): boolean {
	const { steps } = replayed(program, schedule);
	const took = (thread: number, cell: number): boolean => steps.some((step) => step.thread === thread && step.locked.includes(cell) && takesKnown(lowered, program, step));
	const waiting = new Set(blocked.map(({ thread }) => thread));
	if (blocked.length === 1) return blocked.every(({ cell, thread, by }) => cell >= 0 && by.includes(thread) && took(thread, cell));
	return blocked.length > 1 && blocked.every(({ cell, thread, by }) => by.some((holder) => holder !== thread && waiting.has(holder) && (cell < 0 || took(holder, cell))));
}

const STORES: ReadonlySet<string> = new Set(['store', 'rmw', 'cas']);

/** The last reference is dropped by somebody else, and the thread has found the object where others find it: nobody has handed it over. */
function isLookedUp({ notes }: Lowered, { program, cell = -1, thread }: Told, steps: readonly Step[]): boolean {
	const object = program.objects.findIndex(({ first, size }) => cell >= first && cell < first + size);
	const leading = fieldsTo(program, object < 0 ? undefined : object);
	const found = steps.some((step) => step.thread === thread && step.executed.some((pc) => program.threads[thread]?.code[pc]?.op === 'load' && leading.has(lastOf(notes[thread]?.[pc]?.key ?? ''))));
	return found && steps.some((step) => step.thread !== thread && step.changes.some((change) => change.cell === cell && change.after === 0));
}

/** The thread had its pointer before the other one freed the object, was handed it, or read it where the other one has left it. */
function foundBefore({ notes }: Lowered, { program, object, thread }: Told, steps: readonly Step[]): boolean {
	const freed = steps.findIndex((step) => object !== undefined && step.freed.includes(object));
	if (freed < 0) return true;
	const leading = fieldsTo(program, object);
	const loads = steps.flatMap((step, at) => (step.thread === thread && step.executed.some((pc) => program.threads[thread]?.code[pc]?.op === 'load' && leading.has(lastOf(notes[thread]?.[pc]?.key ?? ''))) ? [at] : []));
	// What is put there in its place would be another object in a world that has more than one.
	const replaced = steps.slice(0, freed).some((step) => step.thread !== thread && step.executed.some((pc) => STORES.has(program.threads[step.thread]?.code[pc]?.op ?? 'end') && leading.has(lastOf(notes[step.thread]?.[pc]?.key ?? ''))));
	return loads.length === 0 || !replaced || loads.some((at) => at < freed);
}

/** Where it was cancelled on the way, and is started again after that: whoever starts it is one that the canceller stops as well. */
function startsAgain({ program, thread, object }: Told, steps: readonly Step[]): boolean {
	const freer = steps.find((step) => object !== undefined && step.freed.includes(object))?.thread;
	const does = (step: Step, op: 'spawn' | 'cancel', target: number): boolean => step.executed.some((pc) => { const each = program.threads[step.thread]?.code[pc]; return each?.op === op && each.thread === target; });
	const cancelled = steps.findIndex((step) => step.thread === freer && does(step, 'cancel', thread));
	const by = cancelled < 0 ? undefined : steps.find((step, at) => at > cancelled && step.thread !== freer && does(step, 'spawn', thread))?.thread;
	return by === undefined || (program.threads[freer ?? -1]?.code.some((op) => (op.op === 'cancel' || op.op === 'join' || op.op === 'disable') && op.thread === by) ?? false);
}
