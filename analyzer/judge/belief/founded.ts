import type { Failure, Op, Program, Step } from '../../../sim';
import { isModelField, lastOf, type Lowered } from '../../lower';
import { haveLocksApart, keepsOffTooLittle } from './kept-off-too-little';
import { wayTo } from './way';
import { dropsUnseen, handedByCaller, takesItself } from './unseen-holder';
import { leadsInto } from './leads-into';
import { replayed } from '../search/replayed';

/** Checks that tell of one trouble: an object's life. */
export const LIFETIME: ReadonlySet<string> = new Set(['use-after-free', 'resurrection', 'refcount-underflow', 'pinned-after-free']);
/** What is wrong with an object's life, or follows from its end. */
const OF_A_LIFE: ReadonlySet<string> = new Set([...LIFETIME, 'stale-mapping', 'block-reused']);
export const UPDATES: ReadonlySet<string> = new Set(['lost-data', 'check-then-act', 'data-race']);
/** What a path shows by itself: where the code does it before and after the patch, something is held, known or set that nobody here knows of. */
const OF_ONE_PATH: ReadonlySet<string> = new Set(['assertion', 'lock-held-at-return', 'unlock-not-held', 'sleep-in-atomic', 'refcount-leak']);

/**
 * Of a failure that is there before and after the patch alike: whether the code shows that its two parties are meant to keep out of each other's way, and do
 * not. Two functions that share no lock, no read side, no cancelling around what they both work on are kept apart by who calls
 * them: their meeting is our doing.
 */
export function isFounded(lowered: Lowered, failure: Failure & { readonly program: Program }): boolean {
	const { program } = failure;
	if (OF_ONE_PATH.has(failure.check)) return false;
	if (failure.check === 'deadlock') return isCircle(lowered, failure);
	const { steps } = replayed(program, failure.schedule);
	if (OF_A_LIFE.has(failure.check) && dropsUnseen(lowered, program, steps)) return false;
	if (failure.thread < 0 || (!LIFETIME.has(failure.check) && !UPDATES.has(failure.check))) return true;
	const way = wayTo(lowered, program, steps);
	const last = way.at.get(failure.thread) ?? { locks: new Set<number>(), inside: false };
	const other = otherParty(failure, way.steps);
	if (other === undefined) return false;
	if (UPDATES.has(failure.check)) {
		// One of them has a lock for it, and the other one goes without, though it takes that lock for other things: its caller does not hold it.
		const key = lowered.notes[failure.thread]?.[failure.pc]?.key;
		const theirs = way.accesses.filter((each) => each.thread === other && each.key === key);
		const without = (bare: number, locks: ReadonlySet<number>): boolean => [...locks].some((lock) => takesItself(lowered, program, bare, program.cells[lock]?.name ?? ''));
		return theirs.some(({ locks }) => (locks.size > 0 && last.locks.size === 0 && without(failure.thread, locks)) || (locks.size === 0 && last.locks.size > 0 && without(other, last.locks)))
			|| haveLocksApart(lowered, program, way, theirs, way.accesses.filter((each) => each.thread === failure.thread && each.key === key))
			|| keepsOffTooLittle(lowered, program, way, failure, other, key);
	}
	// Read by RCU, and freed all the same; or stopped by who frees it, and not for good.
	if (last.inside || (way.readers.has(failure.thread) && program.threads[other]?.context === 'rcu')) return true;
	if (stops(program, other, failure.thread) || stops(program, failure.thread, other)) return true;
	if (handedByCaller(lowered, failure, way.steps)) return false;
	// A pointer that was taken away leads to no object: only where it was read from concerns both.
	const behind = failure.object === undefined ? (failure.behind ?? []).map((cell) => lastOf(program.cells[cell]?.name ?? '')) : [];
	const leading = behind.length > 0 ? new Set(behind) : fieldsTo(program, failure.object);
	const type = failure.object === undefined ? '' : (program.objects[failure.object]?.type ?? '');
	const concerns = (key: string): boolean => (behind.length === 0 && (key.startsWith(`${type}.`) || isModelField(key))) || leading.has(lastOf(key));
	const mine = way.accesses.filter((each) => each.thread === failure.thread && concerns(each.key));
	return way.accesses.some((theirs) => theirs.thread === other && concerns(theirs.key)
		&& mine.some((own) => own.key === theirs.key && [...own.locks].some((lock) => theirs.locks.has(lock))));
}

const SYNCHRONISING: ReadonlySet<Op['op']> = new Set(['lock', 'trylock', 'rcu', 'grace-begin', 'cancel', 'join', 'rmw', 'cas', 'get', 'put', 'context', 'inherit', 'held', 'enter', 'await', 'fence']);

/** Who takes a reference on something keeps nobody out of what he updates meanwhile. */
const KEEPING_OUT: ReadonlySet<Op['op']> = new Set([...SYNCHRONISING].filter((op) => op !== 'get'));

/** Whether two runs of a function that update the same are kept apart by who calls it: nothing that it does, but for taking references, is for the sake of others. */
export const updatesAlone = (sides: readonly Lowered[]): boolean => !meetsItself(sides, KEEPING_OUT);

/**
 * Whether a function, run twice at once, shows on some side of the patch that it knows of the other run: it is a callback, or it synchronises. One that does
 * nothing of the kind is kept from meeting itself by who calls it.
 */
export function meetsItself(sides: readonly Lowered[], by: ReadonlySet<Op['op']> = SYNCHRONISING): boolean {
	return sides.some(({ parties, program }) => {
		const [first, second] = parties;
		if (parties.length !== 2 || !first || first.entry !== second?.entry || first.role || first.callback || first.modelled) return true;
		return program.threads.some(({ code }) => code.some((op) => by.has(op.op)));
	});
}

/** Operations by which a thread takes a lock. */
export const TAKES: ReadonlySet<Op['op']> = new Set(['lock', 'trylock']);

/** In this step a thread took a lock itself, or was called with one that all who are called so have. */
export const takesKnown = ({ notes }: Lowered, program: Program, { thread, executed }: Step): boolean =>
	executed.some((pc) => TAKES.has(program.threads[thread]?.code[pc]?.op ?? 'end') || (program.threads[thread]?.code[pc]?.op === 'inherit' && notes[thread]?.[pc]?.role === true));

/** Threads wait for each other for locks that each of them took itself, or that who calls such functions holds. */
function isCircle(lowered: Lowered, { program, blocked = [], schedule }: Failure & { readonly program: Program }): boolean {
	const { steps } = replayed(program, schedule);
	const took = (thread: number, cell: number): boolean => steps.some((step) => step.thread === thread && step.locked.includes(cell) && takesKnown(lowered, program, step));
	const waiting = new Set(blocked.map(({ thread }) => thread));
	return blocked.length > 1 && blocked.every(({ cell, thread, by }) => cell >= 0 && by.some((holder) => holder !== thread && waiting.has(holder) && took(holder, cell)));
}

/** Who did what the failing thread trips over. */
function otherParty({ thread, object, cell, check }: Failure, steps: readonly Step[]): number | undefined {
	const freed = steps.findLast((step) => object !== undefined && step.freed.includes(object));
	if (freed) return freed.thread === thread ? undefined : freed.thread;
	const changed = steps.findLast((step) => step.thread !== thread && cell !== undefined && step.changes.some((change) => change.cell === cell));
	if (changed) return changed.thread;
	const others = new Set(steps.flatMap((step) => (step.thread === thread ? [] : [step.thread])));
	return others.size === 1 || UPDATES.has(check) ? [...others][0] : undefined;
}

/** Fields that point at the object. */
export function fieldsTo({ objects, cells }: Program, index: number | undefined): ReadonlySet<string> {
	const object = index === undefined ? undefined : objects[index];
	if (!object) return new Set();
	const within = (value: number): boolean => leadsInto(object, value);
	return new Set(cells.filter(({ initial, domain }) => within(initial) || domain?.some(within)).map(({ name }) => lastOf(name)));
}

const stops = ({ threads }: Program, by: number, whom: number): boolean =>
	threads[by]?.code.some((op) => (op.op === 'cancel' || op.op === 'join') && op.thread === whom) ?? false;
