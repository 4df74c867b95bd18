import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site } from '../../sites';

/**
 * A reference (`count`) is taken by `call` before an exit on one side only, a goto to `label`, which nobody shows: the code there drops what the code
 * before took.
 */
export function earlyGets(change: Change): readonly Finding[] {
	if (!/\bint\b/.test(change.after.fn.returns)) return [];
	const gets = (sites: readonly Site[]): readonly { readonly site: Site; readonly count: string }[] => sites.flatMap((site) => {
		const count = site.row?.effect === 'get' ? placeText(site, site.row.at) : null;
		return count && rootOf(count) && change.ways.get(site) === 'moved' ? [{ site, count }] : [];
	});
	const old = gets(change.old);
	const [left, right] = [exits(change.before.fn.body), exits(change.after.fn.body)];
	return gets(change.now).flatMap(({ site, count }) => {
		const twin = old.find((each) => each.site.text === site.text);
		if (!twin) return [];
		for (const [label, line] of right) {
			const before = left.get(label);
			if (before === undefined || (before < twin.site.line) === (line < site.line)) continue;
			return [{ words: { count, get: site.api, call: site.text, label }, tells: line > site.line ? 'fixes' as const : 'introduces' as const }];
		}
		return [];
	});
}

/** The first goto of each label that is out of sight, by line. */
function exits(body: Change['after']['fn']['body']): ReadonlyMap<string, number> {
	const found = new Map<string, number>();
	body.text.split('\n').forEach((text, index) => {
		const label = /\bgoto\s+(\w+)\s*;/.exec(text)?.[1];
		if (label && !found.has(label) && !new RegExp(`^\\s*${label}\\s*:`, 'm').test(body.text)) found.set(label, body.line + index);
	});
	return found;
}
