import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { placeText, rootOf, type Site } from '../sites';

/**
 * A wake-up that one side does later: `completion`, of `base`; or (`queue`) a wake-up before `condition` is made true on one side, after it on the
 * other; or `everybody` waiting at a `completion` is woken on one side only; or a `renewed` completion is made so before or after what completes it
 * was begun by `starter`, with `unwaited` where the wait is out of sight.
 */
export function wakeUps(change: Change): readonly Finding[] {
	return [...completions(change), ...conditions(change), ...allOrOne(change), ...renewals(change)];
}

/** How many of the function's own uses of `base` come after the line. */
function usesAfter(body: Change['after']['fn']['body'], base: string, line: number): number {
	const use = new RegExp(`\\b${base}\\s*->`);
	return body.text.split('\n').filter((text, index) => body.line + index > line && use.test(text)).length;
}

function completions(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[]): readonly { readonly site: Site; readonly place: string; readonly base: string }[] => sites.flatMap((site) => {
		const place = site.row?.effect === 'complete' ? placeText(site, site.row.at) : null;
		const base = place ? rootOf(place) : null;
		return place && base && base !== place && structOf(change, base) ? [{ site, place, base }] : [];
	});
	const old = of(change.old);
	return of(change.now).flatMap(({ site, place, base }) => {
		const twin = old.find((each) => each.place === place);
		if (!twin) return [];
		const [before, after] = [usesAfter(change.before.fn.body, base, twin.site.endLine), usesAfter(change.after.fn.body, base, site.endLine)];
		return before === 0 === (after === 0) ? [] : [{ words: { completion: place, base, call: site.text }, tells: after === 0 ? 'fixes' as const : 'introduces' as const }];
	});
}

/** Stores of constants: place, value and line. */
function stores({ post }: Change, body: Change['after']['fn']['body']): readonly { readonly place: string; readonly value: string; readonly line: number }[] {
	return body.text.split('\n').flatMap((text, index) => {
		const found = /^\s*(?:([A-Za-z_]\w*)\s*\(\s*&?)?\s*([A-Za-z_]\w*(?:(?:->|\.)\w+)+)\s*[=,]\s*(true|false|[A-Z][A-Z0-9_]+|-?\d+)\s*\)?\s*;/.exec(text);
		const [, api, place, value] = found ?? [];
		return place && value && (!api || post.sources.table.rows.get(api)?.effect === 'store') ? [{ place, value, line: body.line + index }] : [];
	});
}

function conditions(change: Change): readonly Finding[] {
	const wakes = (sites: readonly Site[]): readonly { readonly site: Site; readonly queue: string }[] => sites.flatMap((site) => {
		const queue = site.row?.effect === 'wake' ? placeText(site, site.row.at) : null;
		return queue && rootOf(queue) ? [{ site, queue }] : [];
	});
	const [was, is] = [stores(change, change.before.fn.body), stores(change, change.after.fn.body)];
	const old = wakes(change.old);
	return wakes(change.now).flatMap(({ site, queue }) => {
		const twin = old.find((each) => each.queue === queue);
		return twin ? is.flatMap(({ place, value, line }) => {
			const other = was.find((each) => each.place === place && each.value === value);
			if (!other || (other.line < twin.site.line) === (line < site.line)) return [];
			return [{ words: { queue, condition: `${place} == ${value}`, call: site.text }, tells: line < site.line ? 'fixes' as const : 'introduces' as const }];
		}) : [];
	});
}

/** complete() or complete_all(), wake_up() or wake_up_all(). */
function allOrOne(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], way: string, all: boolean): readonly { readonly place: string; readonly site: Site }[] => sites.flatMap((site) => {
		const place = site.row?.effect === 'complete' && site.row.all === all && change.ways.get(site) === way ? placeText(site, site.row.at) : null;
		return place ? [{ place, site }] : [];
	});
	const pairs = (one: ReturnType<typeof of>, all: ReturnType<typeof of>, tells: Finding['tells']): readonly Finding[] =>
		all.filter(({ place }) => one.some((each) => each.place === place)).map(({ place, site }) => ({ words: { everybody: place, call: site.text }, tells }));
	return [...pairs(of(change.old, 'removed', false), of(change.now, 'added', true), 'fixes'), ...pairs(of(change.now, 'added', false), of(change.old, 'removed', true), 'introduces')];
}

function renewals(change: Change): readonly Finding[] {
	const renewed = (sites: readonly Site[]): readonly { readonly place: string; readonly at: number }[] => sites.flatMap((site, at) => {
		const place = site.row?.effect === 'init-completion' && change.ways.get(site) === 'moved' ? placeText(site, site.row.at) : null;
		return place ? [{ place, at }] : [];
	});
	const old = renewed(change.old);
	return renewed(change.now).flatMap(({ place, at }) => {
		const twin = old.find((each) => each.place === place);
		if (!twin) return [];
		const [before, after] = [change.old.slice(0, twin.at), change.now.slice(0, at)];
		const starts = (own: readonly Site[], other: readonly Site[]): Site | undefined =>
			own.filter((site) => (!site.row || site.row.effect === 'none') && !change.post.functions.has(site.api) && !other.some((each) => each.text === site.text)).at(-1);
		const [late, early] = [starts(before, after), starts(after, before)];
		const starter = late ?? early;
		const waits = change.now.some((site) => site.row?.effect === 'wait-completion' && placeText(site, site.row.at) === place);
		return starter ? [{ words: { renewed: place, starter: starter.api, ...(waits ? {} : { unwaited: place }) }, tells: late ? 'fixes' as const : 'introduces' as const }] : [];
	});
}
