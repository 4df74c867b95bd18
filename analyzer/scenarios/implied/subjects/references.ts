import { CONTAINER } from '../../../lower/grammar/container';
import { added, type Change, declared, removed, structOf } from '../change';
import type { Finding } from '../partner';
import { heldAt, placeText, READ_SIDE, rootOf, type Site } from '../sites';
import { plainCalls } from './stops';

/** One element of an array stands for all. */
const plain = (place: string): string => place.replace(/\[[^\]]*\]/g, '');

const counts = (sites: readonly Site[], effects: readonly string[]): readonly { readonly site: Site; readonly count: string }[] => sites.flatMap((site) => {
	const { row } = site;
	const place = row && effects.includes(row.effect) && 'at' in row ? placeText(site, row.at) : null;
	return place && rootOf(place) && (row?.effect !== 'rmw' || row.alu === 'add') ? [{ site, count: plain(place) }] : [];
});

/** `count` is raised only above zero on one side (`careful`), in any case on the other (`careless`). */
export function lastReferences(change: Change): readonly Finding[] {
	const of = (own: readonly Site[], other: readonly Site[], tells: Finding['tells']): readonly Finding[] => counts(own, ['get-unless-zero']).flatMap(({ site, count }) => {
		const weaker = counts(other, ['get', 'rmw']).find((each) => rootOf(each.count) === rootOf(count));
		return weaker ? [{ words: { count, careful: site.api, careless: weaker.site.api }, tells }] : [];
	});
	return [...of(added(change), removed(change), 'fixes'), ...of(removed(change), added(change), 'introduces')];
}

/**
 * `object` is looked up, from `source` or by `lookup`, and gets its reference under `lock` on one side only; `acquire` and `release` take and give it
 * back, `drop` drops a reference, `type` is the object's.
 */
export function guardedLookups(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], others: readonly Site[], body: string, tells: Finding['tells']): readonly Finding[] =>
		counts(sites, ['get', 'get-unless-zero']).flatMap(({ site, count }) => {
			const object = rootOf(count);
			const type = object ? declared(change, object) : undefined;
			if (!object || !type) return [];
			const twin = others.findIndex((each) => each.text === site.text);
			const elsewhere = new Set(twin < 0 ? [] : heldAt(others, twin).keys());
			return [...heldAt(sites, sites.indexOf(site)).keys()].filter((lock) => !elsewhere.has(lock)).flatMap((lock) => {
				const calls = lock === READ_SIDE ? { section: '1' } : plainCalls(change, lock, 'task');
				const from = fetched(change, body, object);
				return calls && from ? [{ words: { ...calls, ...from, lock, object, type: type.trim(), struct: structOf(change, object) ?? '', count, get: site.api }, tells }] : [];
			});
		});
	return [...of(change.now, change.old, change.after.fn.body.text, 'fixes'), ...of(change.old, change.now, change.before.fn.body.text, 'introduces')];
}

/** Where the variable's value is from. */
function fetched(change: Change, body: string, object: string): Readonly<Record<string, string>> | null {
	const source = new RegExp(`\\b${object}\\s*=\\s*([A-Za-z_][\\w.>\\[\\]-]*)\\s*;`).exec(body)?.[1];
	if (source && /->|\[|\./.test(source) && !/_next$|_prev$/.test(source)) return { source };
	const lookup = new RegExp(`\\b${object}\\s*=\\s*([A-Za-z_]\\w*)\\s*\\(`).exec(body)?.[1];
	const row = lookup ? change.post.sources.table.rows.get(lookup) : undefined;
	return lookup && !row && !change.post.functions.has(lookup) && !CONTAINER.has(lookup) ? { lookup } : null;
}
