import { type Failure, type Op, POINTER_BASE, type Program, successorsOf } from '../../../sim';
import { isNamed } from '../../knowledge/namings';
import { lastOf, type Lowered, type Reading, UNNAMED } from '../../lower';
import { countsWhatIsEmptied } from '../worlds/emptied';
import { endsEachElement } from '../worlds/each-element';
import { type Around, isHandedOn } from './handed-on';
import { areKeptApart } from '../worlds/kept-apart';
import { lockedBeforeMade } from '../worlds/made-anew';
import { waitsForOutside } from '../worlds/outside';
import { publishedTooEarly } from '../worlds/published';
import { passed, replayed } from '../search/replayed';
import { triggeredAtStart } from './triggered-at-start';

/** What either side of the scenario releases: what is released on some path is not kept on purpose. */
export interface Releases {
	readonly unlocked: ReadonlySet<string>;
	readonly put: ReadonlySet<string>;
	/** Queues that somebody wakes. */
	readonly woken: ReadonlySet<string>;
	/** What the caller holds before and after. */
	readonly lent: ReadonlySet<string>;
	readonly around: Around;
}

export function releasesOf(sides: readonly (Lowered | null)[]): Releases {
	const all = (kind: 'unlock' | 'put' | 'wake'): readonly { readonly key: string; readonly changed: boolean; readonly side: Reading['side'] }[] => sides.flatMap((side) => side?.program.threads.flatMap((thread, index) =>
		thread.code.flatMap((op, at) => (op.op === kind ? [{ key: side.notes[index]?.[at]?.key ?? '', changed: side.origins[op.origin]?.changed === true, side: side.reading.side }] : []))) ?? []);
	const keys = (kind: 'unlock' | 'put' | 'wake'): ReadonlySet<string> => new Set(all(kind).map(({ key }) => lastOf(key)));
	const releasedBefore = new Set(all('unlock').flatMap(({ key, changed, side }) => (changed && side === 'pre' ? [key] : [])));
	// A read side, or what keeps others off the CPU, has no name.
	const ends = sides.some((side) => side?.program.threads.some(({ code }) => code.some((op) => (op.op === 'rcu' || op.op === 'context') && op.delta < 0)));
	return { unlocked: new Set([...keys('unlock'), ...(ends ? [''] : [])]), put: keys('put'), woken: keys('wake'), lent: new Set(sides.flatMap((side) => [...side?.lent ?? []])), around: { fresh: sides.some((side) => side === null), releasedBefore } };
}

/** A pointer that is none: NULL, an error code, an integer. */
export const isBadPointer = ({ reason }: Failure): boolean => reason === 'null' || reason === 'error-pointer' || reason === 'wild';

/** Is it the code's failure, or only our world's? */
export function credible(lowered: Lowered, failure: Failure, { unlocked, put, woken, lent, around }: Releases): boolean {
	const { program, parties } = lowered;
	// Where the mail speaks of a dead lock, what elided lines take is what it speaks of.
	if (lowered.notes[failure.thread]?.[failure.pc]?.inferred && !(failure.check === 'deadlock' && lowered.reading.deadlocks)) return false;
	// A pointer that was NULL from the start is no race: some thread must have made it so, or have said too early that it is set.
	if (isBadPointer(failure)) return cleared(lowered, failure) || publishedTooEarly(lowered, failure);
	// Nobody knows the address of what is yet to be allocated: our world has one too few of it.
	if (failure.reason === 'never-allocated') return false;
	// What a model or a partner of ours asserts is no property of a lock or a count of this world.
	if (program.threads[failure.thread]?.code[failure.pc]?.op === 'assert' && checkedByUs(lowered, failure)) return true;
	// Who waits for the locks that his caller holds has not been called yet.
	const uncalled = (thread: number, pc: number): boolean => program.threads[thread]?.code[pc]?.op === 'inherit';
	if (areKeptApart(lowered, failure)) return false;
	switch (failure.check) {
		case 'lock-held-at-return': {
			// What is told of an elided label's lock; and a function that nowhere releases the lock returns with it held on purpose.
			if (failure.cell === undefined && failure.message.endsWith(' held')) return true;
			const name = failure.cell === undefined ? '' : program.cells[failure.cell]?.name ?? '';
			if (lent.has(name) || lockedBeforeMade(lowered, { ...failure, program })) return false;
			// Where the mail says so, a way out that the patch takes away is no way to hand the lock on.
			if (lowered.reading.lockKept && lowered.reading.side === 'pre' && name !== '' && leavesByPatch(lowered, failure)) return true;
			if (name !== '' && isHandedOn(lowered, { ...failure, program }, name, around)) return false;
			return unlocked.has(name === '' ? '' : lastOf(name)) || (lowered.reading.side === 'post' && leavesByPatch(lowered, failure) && restReleases(lowered, failure));
		}
		case 'unlock-not-held':
			if (failure.cell === undefined) return true;
			if (lockedBeforeMade(lowered, { ...failure, program })) return false;
			// In a fragment the lock may have been taken again in elided code.
			return (!parties[failure.thread]?.definition.fn.headElided && (parties[failure.thread]?.definition.fn.gaps.length ?? 0) === 0) || releasedInSight(lowered, failure);
		case 'sleep-in-atomic':
			return failure.cell === undefined || holdsSurely(lowered, failure, failure.thread, failure.pc, lowered.program.cells[failure.cell]?.name ?? '');
		case 'deadlock':
		case 'irq-unsafe-lock':
			if (failure.check === 'irq-unsafe-lock' && (uncalled(failure.thread, failure.pc) || isLent(lowered, failure))) return false;
			if ((failure.blocked ?? []).some((each) => each.by.some((holder) => !holdsSurely(lowered, failure, holder, restOf(failure, holder), program.cells[each.cell]?.name ?? '')))) return false;
			return !(failure.blocked?.length && failure.blocked.every(({ thread, pc }) => uncalled(thread, pc))) && !waitsForOutside(lowered, failure, woken);
		case 'refcount-leak':
			return dropsSome(lowered, failure, put) || checkedByUs(lowered, failure) || failure.message.includes(` on ${UNNAMED}`) || (lowered.reading.referenceKept && lowered.reading.side === 'pre' && getsByPatch(lowered, failure));
		case 'check-then-act':
			return !countsWhatIsEmptied(lowered, failure);
		case 'resurrection':
			return failure.cell === undefined || dropped(program, failure);
		case 'refcount-underflow':
		case 'use-after-free':
			return failure.aliased !== true && !dropsWhatLeaked(lowered, failure) && !endsEachElement(lowered, failure);
		case 'assertion':
			return !triggeredAtStart(lowered, failure);
		default:
			return true;
	}
}

/** What is believed of a failure for what it is, by whichever schedule it comes. */
const BY_ITSELF: ReadonlySet<Failure['check']> = new Set(['stale-mapping', 'check-then-act', 'lost-data', 'block-reused', 'use-after-free']);

/** `credible` says so of this failure, and of the same one with any other schedule. */
export const isCredibleAnyhow = (lowered: Lowered, failure: Failure): boolean =>
	BY_ITSELF.has(failure.check) && !isBadPointer(failure) && !countsWhatIsEmptied(lowered, failure) && failure.reason !== 'never-allocated' && failure.aliased !== true && !lowered.notes[failure.thread]?.[failure.pc]?.inferred && !dropsWhatLeaked(lowered, failure) && !endsEachElement(lowered, failure) && !areKeptApart(lowered, failure);

/** Who is interrupted has the lock from his caller, who may well have taken it with interrupts off. */
const isLent = ({ program, notes }: Lowered, { blocked = [] }: Failure): boolean => blocked.some(({ cell, by }) =>
	by.some((holder) => program.threads[holder]?.code.some((op, at) => op.op === 'inherit' && notes[holder]?.[at]?.key === program.cells[cell]?.name) ?? false));

/** The count was more than nothing on the way: one that begins at nothing is our world's. */
const dropped = (program: Program, { cell, schedule }: Failure): boolean =>
	(program.cells[cell ?? -1]?.initial ?? 0) > 0 || replayed(program, schedule).steps.some(({ changes }) => changes.some((change) => change.cell === cell && change.before > 0));

/** The mail says that a reference leaked, and the patch drops it here: so it is held, whoever took it. */
function dropsWhatLeaked({ program, origins, reading }: Lowered, { thread, pc }: Failure): boolean {
	const op = program.threads[thread]?.code[pc];
	return reading.referenceKept && !reading.droppedTwice && reading.side === 'post' && op?.op === 'put' && origins[op.origin]?.changed === true;
}

/** A model or a partner of ours has looked. */
const checkedByUs = ({ program, origins }: Lowered, { thread, pc }: Failure): boolean => origins[program.threads[thread]?.code[pc]?.origin ?? 0]?.modelled === true;

/** The count that the thread raised is dropped by somebody; any count is meant where none of them is told. */
function dropsSome({ program, notes }: Lowered, { thread, message }: Failure, put: ReadonlySet<string>): boolean {
	const taken = (program.threads[thread]?.code ?? []).flatMap((op, at) => (op.op === 'get' ? [notes[thread]?.[at]?.key ?? ''] : [])).filter((key) => key !== '' && message.endsWith(` ${key.split('.')[0]}`));
	return taken.length > 0 ? taken.some((key) => put.has(lastOf(key))) : put.size > 0;
}

/** A line of the patch takes a reference in this thread. */
const getsByPatch = ({ program, origins }: Lowered, { thread }: Failure): boolean =>
	program.threads[thread]?.code.some((op) => op.op === 'get' && origins[op.origin]?.changed === true) ?? false;

/** The thread released the lock before, or did not get it where it was tried, and no elided code lies between. */
function releasedInSight({ program, notes }: Lowered, failure: Failure): boolean {
	const name = failure.cell === undefined ? '' : (program.cells[failure.cell]?.name ?? '');
	const { code } = program.threads[failure.thread] ?? { code: [] };
	const taken = code.findLastIndex((op, at) => at < failure.pc && (op.op === 'trylock' || notes[failure.thread]?.[at]?.refusable === true) && notes[failure.thread]?.[at]?.key === name);
	if (taken >= 0 && !passed(program, failure.schedule, failure.thread).some((at) => at === taken || (at > taken && at < failure.pc && code[at]?.op === 'excuse'))) return true;
	let released = false;
	const ran = replayed(program, failure.schedule).steps.filter((step) => step.thread === failure.thread);
	for (const step of ran) {
		for (const pc of step.executed) {
			// The release that fails is none.
			if (step === ran.at(-1) && pc === failure.pc) return released;
			const op = code[pc];
			if (op?.op === 'excuse' || op?.op === 'lock') released = op.op === 'lock' && released && notes[failure.thread]?.[pc]?.key !== name;
			else if (op?.op === 'unlock' && notes[failure.thread]?.[pc]?.key === name) released = true;
		}
	}
	return released;
}

/** The last of its code that the thread ran is the patch's own. */
function leavesByPatch({ program, origins }: Lowered, { thread, schedule }: Failure): boolean {
	const ran = passed(program, schedule, thread);
	const last = ran.findLast((pc) => { const op = program.threads[thread]?.code[pc]; return op !== undefined && op.op !== 'end' && op.op !== 'excuse'; });
	return last !== undefined && origins[program.threads[thread]?.code[last]?.origin ?? 0]?.changed === true;
}

/** The patch makes a new way out between the taking and lines that nobody shows: it is there that the function releases what it does not promise to hand on. */
function restReleases({ program, parties, namings }: Lowered, { thread, schedule }: Failure): boolean {
	const { fn } = parties[thread]?.definition ?? {};
	if (!fn || isNamed({ namings }, 'hands-on', fn.name)) return false;
	const code = program.threads[thread]?.code ?? [];
	const ran = new Set(passed(program, schedule, thread));
	const last = [...ran].findLast((pc) => code[pc]?.op !== 'end') ?? 0;
	return code.some((op, at) => at > last && op.op === 'excuse' && !ran.has(at));
}

const WRITING: ReadonlySet<string> = new Set(['store', 'rmw', 'cas']);

/** Where a blocked thread stands; the end of one that is not. */
const restOf = (failure: Failure, thread: number): number => failure.blocked?.find((each) => each.thread === thread)?.pc ?? Number.MAX_SAFE_INTEGER;

/**
 * Whether the thread really holds the lock at this place: what it took before lines that the patch does not show it may have released there, unless
 * it releases it in lines that are shown after this place.
 */
function holdsSurely({ program, notes }: Lowered, failure: Failure, thread: number, pc: number, lock: string): boolean {
	const code = program.threads[thread]?.code ?? [];
	const key = (at: number): boolean => lock !== '' && notes[thread]?.[at]?.key === lock;
	const taken = code.findLastIndex((op, at) => at < pc && (op.op === 'lock' || op.op === 'trylock') && key(at));
	const elided = taken >= 0 && code.some((op, at) => at > taken && at < pc && op.op === 'excuse') && passed(program, failure.schedule, thread).some((at) => at > taken && code[at]?.op === 'excuse');
	return !elided || unlocksAhead(code, pc, key);
}

/** From this place the thread can come to where it releases the lock without taking it once more: a goto back to where it is taken tells nothing. */
function unlocksAhead(code: readonly Op[], pc: number, key: (at: number) => boolean): boolean {
	const seen = new Set<number>();
	const open = [pc];
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		const op = code[at];
		if (!op || seen.has(at)) continue;
		seen.add(at);
		if (op.op === 'unlock' && key(at)) return true;
		if (at === pc || op.op !== 'lock' || !key(at)) open.push(...successorsOf(code, at));
	}
	return false;
}

/** Another thread, or what a partner of ours does before the function is entered, took the pointer away on the way to the failure. */
function cleared({ program, origins }: Lowered, failure: Failure): boolean {
	let entered = false;
	return replayed(program, failure.schedule).steps.some(({ thread, executed, changes }) => {
		const ops = executed.flatMap((pc) => program.threads[thread]?.code[pc] ?? []);
		const own = thread === failure.thread;
		entered ||= own && ops.some(({ origin }) => origins[origin]?.modelled !== true);
		// What a step only loads was so from the start: a value out of the cell's domain is no change.
		return !(own && entered) && ops.some(({ op }) => WRITING.has(op)) && changes.some(({ before, after }) => before >= POINTER_BASE && after <= 0);
	});
}
