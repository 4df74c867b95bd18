import { isBrought } from './brought-lock';
import { type Change, mirrored } from './change';
import { heldAt, lastWord, lockOf, READ_SIDE, type Site, sitesIn } from './sites';
import type { Side } from '../sides/side';

/**
 * The patch brings the lock, or does away with it, so that all who take it are in sight, and all of them do so under one other lock, which they take themselves or
 * say that their callers hold: that one keeps them apart with it and without it.
 */
export function isInner(change: Change, lock: string): boolean {
	const name = lastWord(lock);
	const side = isBrought(change, name) ? change.post : isBrought(mirrored(change), name) ? change.pre : null;
	if (!side) return false;
	const takers = [...side.changed].filter((each) => sitesIn(side, each).some((site) => isTaken(site, name)));
	const [first, ...others] = takers.map((each) => outer(change, side, each, name));
	return first !== undefined && [...first].some((each) => others.every((held) => held.has(each)));
}

const isTaken = (site: Site, name: string): boolean => site.row?.effect === 'lock' && lastWord(lockOf(site) ?? '') === name;

/** The last words of the locks that the function has whenever it takes that one. */
function outer({ pre, post }: Change, side: Side, taker: string, name: string): ReadonlySet<string> {
	const sites = sitesIn(side, taker);
	const asserted = [pre, post].flatMap((each) => sitesIn(each, taker)).flatMap(({ row, args }) => (row?.effect === 'assert-held' ? [lastWord(args[0] ?? '')] : []));
	const held = sites.flatMap((site, at) => (isTaken(site, name) ? [new Set([...heldAt(sites, at).keys()].filter((lock) => lock !== READ_SIDE).map(lastWord))] : []));
	const always = [...(held[0] ?? [])].filter((lock) => lock !== name && held.every((each) => each.has(lock)));
	return new Set([...asserted, ...always]);
}
