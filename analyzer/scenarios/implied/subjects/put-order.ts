import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { placeText, rootOf, type Site } from '../sites';

/** `call` drops a reference of `object`, on one side only after its last use. */
export function putOrders(change: Change): readonly Finding[] {
	const puts = (sites: readonly Site[]): readonly { readonly site: Site; readonly object: string }[] => sites.flatMap((site) => {
		const { row } = site;
		const object = row?.effect === 'put' && row.release !== 'none' ? rootOf(placeText(site, row.at) ?? '') : null;
		return object && structOf(change, object) ? [{ site, object }] : [];
	});
	const old = puts(change.old);
	return puts(change.now).flatMap(({ site, object }) => {
		const twin = old.find((each) => each.site.text === site.text);
		if (!twin || change.ways.get(site) !== 'moved') return [];
		const [before, after] = [usedAfter(change.before.fn.body, object, twin.site.endLine), usedAfter(change.after.fn.body, object, site.endLine)];
		return before === after ? [] : [{ words: { object, call: site.text }, tells: before ? 'fixes' as const : 'introduces' as const }];
	});
}

const usedAfter = (body: Change['after']['fn']['body'], object: string, line: number): boolean =>
	body.text.split('\n').some((text, index) => body.line + index > line && new RegExp(`\\b${object}\\s*->`).test(text));
