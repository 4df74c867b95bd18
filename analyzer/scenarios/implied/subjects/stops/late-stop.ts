import { added, type Change } from '../../change';
import type { Finding } from '../../partner';
import { onTheWay, placeText, rootOf, type Site } from '../../sites';
import { statementAt, twins } from '../../twins';
import { stopsOf } from './waits';

/** `call`, which the patch adds, waits for the callback of `place` only after `freed`, a part of what `place` belongs to, was given back: the words of who uses it. */
export function lateStops(change: Change): readonly Finding[] {
	const fresh = new Set(added(change));
	return stopsOf(change, change.now).filter(({ site, code }) => fresh.has(site) && !code).flatMap((stop) => {
		const freed = change.now.slice(0, stop.at).find((site) => isPartOf(site, stop.base) && change.ways.get(site) === 'kept' && onTheWay(change.after, site, stop.site));
		const statement = freed && statementAt(change.after.fn.body, freed.line);
		const marked = statement && twins(change).find(({ after }) => after.start === statement.start);
		return marked ? [{ words: { base: stop.base, place: stop.place, key: stop.key, call: stop.site.text, freed: freed.text }, context: stop.context, tells: 'still-fails' as const, marked }] : [];
	});
}

/** It frees what a field of the object leads to. */
function isPartOf(site: Site, base: string): boolean {
	const freed = site.row?.effect === 'free' ? placeText(site, site.row.pointer) : null;
	return freed !== null && rootOf(freed) === base && /->|\./.test(freed);
}
