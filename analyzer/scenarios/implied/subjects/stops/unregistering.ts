import { unregisters } from '../../../../lower/unmodelled';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site } from '../../sites';
import { goingAway } from './going-away';
import { broughtNow } from './started-now';

/** On one side only nothing calls back any more, after `call`, when something goes away: the words of `goingAway`. */
export function unregistering(change: Change): readonly Finding[] {
	return [...of(change, change.now, change.old, 'fixes'), ...of(change, change.old, change.now, 'introduces')];
}

function of(change: Change, sites: readonly Site[], others: readonly Site[], tells: Finding['tells']): readonly Finding[] {
	return sites.flatMap((site, at) => {
		if (!unregisters(site.api) || (site.row && site.row.effect !== 'none' && !site.row.partial) || (tells === 'fixes' && broughtNow(change, site))) return [];
		const later = new Set(sites.slice(at + 1).map((each) => each.text));
		const there = others.findIndex((each) => each.text === site.text);
		// What is freed after it here, and there before it or without it.
		const freed = others.filter((each, index) => later.has(each.text) && (there < 0 || index < there)).flatMap((each) => bases(each));
		const roots = new Set([...freed, ...(there < 0 && !change.whole ? site.args.flatMap((arg) => rootOf(arg) ?? []) : [])]);
		return [...roots].flatMap((base) => goingAway(change, base).map((words) => ({ words: { ...words, base, call: site.api }, tells })));
	});
}

function bases(site: Site): readonly string[] {
	const { row } = site;
	const pointer = row?.effect === 'free' ? placeText(site, row.pointer) : row ? null : (site.args[0] ?? null);
	const root = pointer === null ? null : rootOf(pointer);
	return root ? [root] : [];
}
