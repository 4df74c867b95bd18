import { CONTAINER } from '../../../../lower/grammar/container';
import { added, type Change, declared, removed, structOf } from '../../change';
import type { Definition } from '../../../../lower/sources';
import { heldOnEntry, isDroppedUnder } from './dropped-under';
import type { Finding } from '../../partner';
import { heldAt, lastWord, placeText, READ_SIDE, rootOf, type Site } from '../../sites';
import { plainCalls } from '../../plain-calls';

/** One element of an array stands for all. */
const plain = (place: string): string => place.replace(/\[[^\]]*\]/g, '');

const counts = (sites: readonly Site[], effects: readonly string[]): readonly { readonly site: Site; readonly count: string }[] => sites.flatMap((site) => {
	const { row } = site;
	const place = row && effects.includes(row.effect) && 'at' in row ? placeText(site, row.at) : null;
	return place && rootOf(place) && (row?.effect !== 'rmw' || row.alu === 'add') ? [{ site, count: plain(place) }] : [];
});

/** `count` is raised only above zero on one side (`careful`), in any case on the other (`careless`), there `under` locks of those names. */
export function lastReferences(change: Change): readonly Finding[] {
	// A lock had kept the last reference, where a read side takes its place.
	if (removed(change).some(({ row }) => row?.effect === 'lock') && added(change).some(({ row }) => row?.effect === 'rcu-lock')) return [];
	const of = (own: readonly Site[], other: readonly Site[], tells: Finding['tells']): readonly Finding[] => counts(own, ['get-unless-zero']).flatMap(({ site, count }) => {
		if (isAsserted(tells === 'fixes' ? change.after : change.before, site)) return [];
		const weaker = counts(other, ['get', 'rmw']).find((each) => rootOf(each.count) === rootOf(count));
		if (!weaker) return [];
		const held = tells === 'introduces' ? [...[...heldAt(change.now, change.now.indexOf(weaker.site)).keys()].filter((lock) => lock !== READ_SIDE), ...heldOnEntry(change, change.now)] : [];
		if (isDroppedUnder(change, count, held)) return [];
		const under = held.map(lastWord);
		return [{ words: { count, careful: site.api, careless: weaker.site.api, ...(under.length > 0 ? { under: under.join(' ') } : {}) }, tells }];
	});
	return [...of(added(change), removed(change), 'fixes'), ...of(removed(change), added(change), 'introduces'), ...namedReferences(change)];
}

/** References of an object that are taken only of what has one left, each in the place of one that was taken in any case: by rows, or by names alone. */
export function carefulGets(change: Change): readonly { readonly object: string; readonly careful: Site; readonly careless: Site }[] {
	const gone = removed(change);
	return added(change).flatMap((careful) => {
		const known = counts([careful], ['get-unless-zero'])[0];
		const object = known ? rootOf(known.count) : CAREFUL.test(careful.api) && isAsked(change, careful) ? rootOf(careful.args[0] ?? '') : null;
		const careless = object ? gone.find((site) => (known ? counts([site], ['get', 'rmw']).some((each) => rootOf(each.count) === object) : CARELESS.test(site.api) && !CAREFUL.test(site.api) && rootOf(site.args[0] ?? '') === object)) : undefined;
		return object && careless ? [{ object, careful, careless }] : [];
	});
}

/** That there is one left is asserted there, and so presumed. */
const isAsserted = ({ fn }: Definition, { api }: Site): boolean => new RegExp(`\\b(?:WARN|BUG)_ON\\w*\\s*\\(\\s*!\\s*${api}\\s*\\(|\\bif\\s*\\(\\s*!\\s*${api}\\s*\\([^;{]*\\)\\s*\\{?\\s*(?:BUG|panic)\\s*\\(`).test(fn.body.text);

/** The same where only the names say so: `named`. */
function namedReferences(change: Change): readonly Finding[] {
	// Where a lock goes with it, that had kept the last reference.
	if (removed(change).some(({ row }) => row?.effect === 'lock' || row?.effect === 'unlock')) return [];
	return added(change).flatMap((site) => {
		const object = rootOf(site.args[0] ?? '');
		const weaker = object && CAREFUL.test(site.api) && isAsked(change, site) ? removed(change).find(({ api, row, args }) => (row === null || row.partial === true || row.effect === 'get') && CARELESS.test(api) && !CAREFUL.test(api) && rootOf(args[0] ?? '') === object) : undefined;
		return weaker && !change.now.some(({ api }) => api === weaker.api) ? [{ words: { careful: site.api, careless: weaker.api, named: '1' }, tells: 'fixes' as const }] : [];
	}).slice(0, 1);
}

/** Names of functions that take a reference only of what has one left; and of those that do in any case. */
const CAREFUL = /(^|_)(try_?get|try_?hold|tryref|get_rcu|hold_rcu|get_live|get_active|get_alive)(_|$)|(get|hold|ref|inc)\w*_(unless|not|if_not)_(zero|dead|0|null)$|_(get|hold|ref)_(maybe|safe)$/;
const CARELESS = /(^|_)(get|hold|ref|grab)$|(^|_)(ref|inc|get)(_|$)/;

/** What it answers is asked for. */
const isAsked = ({ after }: Change, { api }: Site): boolean => new RegExp(`(?:\\b(?:if|while)\\s*\\([^;{]*|=\\s*|!\\s*|&&\\s*|return\\s+)\\b${api}\\s*\\(`).test(after.fn.body.text);

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
