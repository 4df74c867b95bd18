import { isNamed } from '../../../../knowledge/namings';
import type { Asked } from '../../../../knowledge/partner-row';
import { unregisters } from '../../../../lower/unmodelled';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site } from '../../sites';

/** On one side only `init` sets a count before `wipe`, one of the row's calls, writes over the whole `object`. */
export function wipedCounts(change: Change, row: Asked): readonly Finding[] {
	const wipes = new Set(row.calls ?? []);
	const wiped = (sites: readonly Site[], init: Site): Site | undefined => {
		const root = init.row?.effect === 'set-count' ? rootOf(placeText(init, init.row.at) ?? '') : null;
		return root ? sites.slice(sites.indexOf(init) + 1).find((site) => wipes.has(site.api) && site.args[0] === root) : undefined;
	};
	return change.now.flatMap((init) => {
		const twin = change.old.find((each) => each.text === init.text);
		if (!twin) return [];
		const [before, after] = [wiped(change.old, twin), wiped(change.now, init)];
		const wipe = before ?? after;
		return !wipe || (before && after) ? [] : [{ words: { init: init.api, wipe: wipe.api, object: wipe.args[0] ?? '' }, tells: before ? 'fixes' as const : 'introduces' as const }];
	});
}

const INITIALISES = /(^|_)(init|setup|prepare|alloc)(_|$)|^INIT_/;

/**
 * `init` makes a part of `base` ready on one side before `publish` lets others at `base`, on the other side after it. Each is the function's only
 * call of that name.
 */
export function initOrders(change: Change): readonly Finding[] {
	const once = (sites: readonly Site[], site: Site): boolean => sites.filter((each) => each.api === site.api).length === 1;
	const positions = (sites: readonly Site[], text: string): number => sites.findIndex((each) => each.text === text);
	const found: Finding[] = [];
	for (const [at, init] of change.now.entries()) {
		const base = rootOf(init.args[0] ?? '');
		const was = positions(change.old, init.text);
		if (!base || was < 0 || !structOf(change, base) || !INITIALISES.test(init.api) || !/->|\./.test(init.args[0] ?? '') || !once(change.now, init) || !once(change.old, init)) continue;
		for (const [index, publish] of change.now.entries()) {
			const then = positions(change.old, publish.text);
			if (then < 0 || index === at || (index < at) === (then < was) || !isNamed(change.post.sources.table, 'starts-others', publish.api) || publish.row?.feeds || unregisters(publish.api) || INITIALISES.test(publish.api)) continue;
			if (!publish.args.some((arg) => rootOf(arg) === base) || !once(change.now, publish) || !once(change.old, publish)) continue;
			if (change.ways.get(publish) !== 'moved' && change.ways.get(init) !== 'moved') continue;
			found.push({ words: { init: init.api, publish: publish.api, part: init.args[0]?.replace(/^&\s*/, '') ?? '', base }, tells: at < index ? 'fixes' : 'introduces' });
		}
	}
	return found.slice(0, 1);
}
