import type { PartnerRow } from '../../knowledge/partner-row';
import type { Definition } from '../../lower/sources';
import { isWhole } from '../../parse';
import { slotsOf } from '../callers/roles';
import type { Side } from '../sides/side';
import type { Change } from './change';
import { heldAt, lastWord, lockOf, sitesOf } from './sites';

/** Calls into which a lock is looked for. */
const DEPTH_BOUND = 4;

/**
 * Who a row's thread is where whole files show it: functions that fill one of its slots and make one of its calls, or others that do what it does. `played`: all of
 * them take the lock; `bare`: none does, nor any lock that the change holds in its place; `without`: the same where not all of the files is shown. None of them where no such function is in sight.
 */
export function played(change: Change, row: Pick<PartnerRow, 'plays'>, lock: string): Readonly<Record<string, string>> {
	const { post, name } = change;
	if (!row.plays) return {};
	const whole = post.files.every(({ image }) => image.completeness === 'whole');
	const does = new RegExp(`\\b(?:${row.plays.does})\\s*\\(`);
	const found = [...post.functions.values()].filter((definition) => definition.fn.name !== name && isWhole(definition.fn) && does.test(definition.fn.body.text)
		&& (row.plays?.slots?.some((slot) => slotsOf(post, definition.fn.name).includes(slot)) ?? true));
	const [first] = found;
	if (!first) return {};
	const held = new Set([lastWord(lock), ...change.now.flatMap((_, at) => [...heldAt(change.now, at).keys()].map(lastWord))]);
	const taken = found.map((definition) => locksOf(post, definition, DEPTH_BOUND));
	if (taken.every((locks) => locks.has(lastWord(lock)))) return whole ? { played: first.fn.name } : {};
	const bare = taken.every((locks) => ![...held].some((each) => locks.has(each))) && !found.some((each) => isCalledUnder(post, each, held));
	return bare ? { [whole ? 'bare' : 'without']: first.fn.name } : {};
}

/** Last words of the locks that the function takes, also in what it calls: models of the kernel's own as well. */
function locksOf(side: Side, definition: Definition, depth: number): ReadonlySet<string> {
	const found = new Set<string>();
	for (const site of sitesOf(definition, side)) {
		const lock = site.row?.effect === 'lock' || site.row?.effect === 'trylock' ? lockOf(site) : null;
		if (lock) found.add(lastWord(lock));
		const callee = site.row ? null : side.functions.get(site.api) ?? side.sources.model(site.api);
		if (callee && depth > 0) for (const each of locksOf(side, callee, depth - 1)) found.add(each);
	}
	return found;
}

/** A caller in sight takes one of the locks. */
const isCalledUnder = (side: Side, { fn }: Definition, locks: ReadonlySet<string>): boolean => (side.callers.get(fn.name) ?? []).some((caller) => {
	const definition = side.functions.get(caller);
	return definition !== undefined && [...locksOf(side, definition, 1)].some((each) => locks.has(each));
});
