import type { LockKind } from '../../../sim';
import type { Party } from '../../lower/threads/party';
import type { Definition } from '../../lower/sources';
import { lastWord, lockOf, placeText, type Site, sitesOf, sitesIn } from '../implied/sites';
import type { Side } from '../sides/side';

/**
 * Parties of one side with what the other side's lines say of their callers: an assertion that the patch adds, or takes away, tells which lock those hold who call the
 * function, and they hold it before and after; unless one of them in sight takes it on one side only.
 */
export function heldAlike(parties: readonly Party[] | null, own: Side | null, other: Side | null): readonly Party[] | null {
	if (!parties || !own || !other) return parties;
	return parties.map((party) => {
		const there = other.functions.get(party.entry);
		const here = own.functions.get(party.entry);
		if (!there || !here || here !== party.definition || party.caller) return party;
		const kept = new Set(asserted(own, here).map(({ args }) => args[0]));
		const holds = asserted(other, there).flatMap((site) => {
			const place = site.changed && site.row?.effect === 'assert-held' && !kept.has(site.args[0]) ? placeText(site, site.row.at) : null;
			const index = there.fn.params.findIndex(({ name }) => name !== '' && place?.startsWith(`${name}->`));
			if (!place || (index < 0 && !/^\w+$/.test(place)) || site.row?.effect !== 'assert-held' || isTakenNow(own, other, party.entry, lastWord(place))) return [];
			const at = index < 0 ? place : place.replace(/^\w+/, `arg${index}`);
			return [{ at, kind: kindOf([own, other], lastWord(place)), mode: site.row.mode ?? 'exclusive' }];
		});
		return holds.length > 0 ? { ...party, holds: [...party.holds ?? [], ...holds] } : party;
	});
}

const assertions = new WeakMap<Side, WeakMap<Definition, readonly Site[]>>();

/** The function's own assertions of what is held: looked for once, for all of its scenarios. */
function asserted(side: Side, definition: Definition): readonly Site[] {
	const ofSide = assertions.get(side) ?? new WeakMap<Definition, readonly Site[]>();
	assertions.set(side, ofSide);
	const found = ofSide.get(definition) ?? sitesOf(definition, side).filter(({ row }) => row?.effect === 'assert-held');
	ofSide.set(definition, found);
	return found;
}

/** A caller in sight takes a lock of the name by a line that only one side has. */
const isTakenNow = (own: Side, other: Side, entry: string, lock: string): boolean => [own, other].some((side) =>
	(side.callers.get(entry) ?? []).some((caller) => sitesIn(side, caller).some((site) => site.changed && site.row?.effect === 'lock' && lastWord(lockOf(site) ?? '') === lock)));

/** What kind of lock goes by the name where it is taken in sight. */
function kindOf(sides: readonly Side[], lock: string): LockKind {
	for (const side of sides) {
		for (const definition of side.functions.values()) {
			for (const site of sitesOf(definition, side)) if (site.row?.effect === 'lock' && lastWord(lockOf(site) ?? '') === lock) return site.row.kind;
		}
	}
	return 'mutex';
}
