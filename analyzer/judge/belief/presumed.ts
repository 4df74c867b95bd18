import { type Failure, POINTER_BASE, type Program } from '../../../sim';
import type { Lowered, Party } from '../../lower';
import { isBadPointer } from './credible';
import { LIFETIME, UPDATES } from './founded';
import { leadsInto } from './leads-into';
import { type Access, type Move, type Way, wayTo } from './way';
import { replayed } from '../search/replayed';

/**
 * Code that is there before and after the patch, and that nobody speaks of, is presumed to be right: where two of its functions fail with each other all the
 * same, the world in which they do is most likely none of the kernel's. Such a failure counts only where the code itself shows that the two contend for what
 * breaks: the pointer was fetched, and taken away, under one lock; the update is made under a lock that both take for it.
 */

/** What models of the page cache tell. */
const OF_PAGES: ReadonlySet<string> = new Set(['stale-mapping', 'block-reused', 'lost-data']);

/** Nothing on the way to the failure shows that its parties contend for what breaks. */
export function isPresumed(lowered: Lowered, failure: Failure & { readonly program: Program }): boolean {
	const { program, check, thread } = failure;
	const key = lowered.notes[thread]?.[failure.pc]?.key;
	const way = (): Way => wayTo(lowered, program, replayed(program, failure.schedule).steps);
	// What a call that nobody shows does with a page decides whether it is still there.
	if (OF_PAGES.has(check) && (thread < 0 || failure.reason === 'asserted')) return lowered.unmodelled.length > 0;
	if (thread < 0) return false;
	if (!UPDATES.has(check) && !LIFETIME.has(check)) return false;
	if (isTornDown(lowered.parties, thread)) return true;
	if (!UPDATES.has(check)) return endsWhatBothHave(lowered, failure, way()) || !contendsForObject(failure, way());
	return key !== undefined && (!contendsFor(way(), failure, key) || isTheirCallers(lowered.parties, way(), key));
}

/** Functions of other files call all of them, and one of them is at it without any lock: what is held there, nobody here knows. */
const isTheirCallers = (parties: readonly Party[], { accesses }: Way, key: string): boolean =>
	parties.every(({ strangers }) => strangers === true) && accesses.some((each) => each.key === key && each.locks.size === 0);

/** Names of what ends something, and of what ends all that hangs on it. */
const TEARDOWN = /(^|_)(free|release|destroy|clean_?up|teardown|shutdown|fini|exit|deregister|unregister|purge)(_|$)/;
const OF_ALL = /(^|_)(destroy|teardown|shutdown|fini|exit|deregister|unregister)(_|$)/;

/** By its name one of them ends what both are handed, or all that hangs on what it is handed, and is no callback: its caller has kept all others off. */
function isTornDown(parties: readonly Party[], thread: number): boolean {
	const [own, other] = [parties[thread], parties.find((_, index) => index !== thread)];
	if (!own || !other || [own, other].some((party) => party.modelled || party.callback || party.registration)) return false;
	return [own, other].some(({ entry }) => OF_ALL.test(entry)) || ([own, other].some(({ entry }) => TEARDOWN.test(entry)) && handedAlike(own, other).length > 0);
}

/** Struct types of which both are handed an object. */
function handedAlike(own: Party, other: Party): readonly string[] {
	const handed = ({ definition: { fn } }: Party): readonly string[] => fn.params.flatMap(({ type }) => /\bstruct\s+(\w+)\s*\*\s*$/.exec(type)?.[1] ?? []);
	const theirs = handed(other);
	return handed(own).filter((type) => theirs.includes(type));
}

/** What breaks was freed in a call that ends, by its name, the very object that both are handed: `foo_free_request(req)` of a `struct foo_request`. Whoever called them has seen to it that nobody else is at work on that. */
function endsWhatBothHave({ parties, origins }: Lowered, { program, object, thread }: Failure & { readonly program: Program }, { steps }: Way): boolean {
	const freed = steps.findLast((step) => object !== undefined && step.freed.includes(object));
	const [own, other] = [parties[thread], parties[freed?.thread ?? thread]];
	if (!freed || !own || !other || own === other || [own, other].some((party) => party.modelled || party.registration)) return false;
	const ends = handedAlike(own, other).map((type) => /[^_]+$/.exec(type)?.[0] ?? type).map((word) => new RegExp(`(?:^|_)(?:(?:free|release|destroy)_${word}|${word}_(?:free|release|destroy))$`));
	return freed.executed.some((pc) => {
		const origin = origins[program.threads[freed.thread]?.code[pc]?.origin ?? 0];
		return [...origin?.stack ?? [], origin?.function ?? ''].some((name) => ends.some((each) => each.test(name)));
	});
}

const shares = (a: ReadonlySet<number>, b: ReadonlySet<number>): boolean => [...a].some((lock) => b.has(lock));

/** Both take one lock for some of what they do to the cell. */
function contendsFor({ accesses }: Way, { thread }: Failure, key: string): boolean {
	const [mine, theirs] = [accesses.filter((each) => each.key === key && each.thread === thread), accesses.filter((each) => each.key === key && each.thread !== thread)];
	return mine.some((own) => theirs.some((other) => shares(own.locks, other.locks)));
}

function contendsForObject(failure: Failure & { readonly program: Program }, way: Way): boolean {
	const { program, thread } = failure;
	const object = failure.object === undefined ? undefined : program.objects[failure.object];
	const within = (value: number): boolean => leadsInto(object, value);
	const behind = new Set(failure.behind ?? []);
	if (!object && behind.size === 0) {
		// A model has looked: what it speaks of is under a lock, or is not. A pointer out of a container was never there.
		if (isBadPointer(failure)) return false;
		const last = way.at.get(thread);
		return last !== undefined && (last.locks.size > 0 || last.inside);
	}
	// Who made it, or put it where others find it, and goes on using it, has who takes it away kept off till then; or does both with one of several.
	if (object && (way.steps.some((step) => step.thread === thread && step.allocated.includes(failure.object ?? -1)) || way.moves.some((move) => move.thread === thread && within(move.after) && !within(move.before)))) return false;
	if (object && isKept(way, failure, within)) return false;
	const taken = ({ cell, before, after, thread: by }: Move): boolean => by !== thread && (object ? within(before) && !within(after) : behind.has(cell) && before >= POINTER_BASE && after < POINTER_BASE);
	return way.moves.filter(taken).some((move) => way.accesses.some((own) => own.thread === thread && own.at < move.at && isOf(own, program.cells[move.cell]?.name ?? '') && shares(own.locks, move.locks)));
}

/** The access is one of that cell, or of one that has its name. */
const isOf = ({ key }: Access, name: string): boolean => key === name || lastPart(key) === lastPart(name);
const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Who frees it has itself made something lead to it on the way, and that still does: it is another one of its kind that is freed. */
function isKept({ steps, moves }: Way, { object }: Failure, within: (value: number) => boolean): boolean {
	const freed = steps.findIndex((step) => object !== undefined && step.freed.includes(object));
	if (freed < 0) return false;
	const leading = new Map<number, boolean>();
	for (const { cell, after, at } of moves) if (at <= freed) leading.set(cell, within(after));
	return [...leading.values()].some((leads) => leads);
}
