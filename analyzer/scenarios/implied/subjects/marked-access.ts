import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { placeText, rootOf, type Site } from '../sites';

/** `place` is read or written by `call`, which no compiler may tear or repeat, on one side only; plainly on the other. */
export function markedAccesses(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], way: string, other: string, tells: Finding['tells']): readonly Finding[] => sites.flatMap((site) => {
		const { row } = site;
		if ((row?.effect !== 'load' && row?.effect !== 'store') || row.order !== 'once' || change.ways.get(site) !== way) return [];
		const place = placeText(site, row.at);
		const root = place ? rootOf(place) : null;
		if (!place || !root || !/->/.test(place) || /\[/.test(place) || !structOf(change, root)) return [];
		// On the other side the same place stands without the call.
		const plain = other.replaceAll(site.text, '');
		return plain.includes(place) && !plain.includes(`${site.api}(${place}`) ? [{ words: { place, call: site.api }, tells }] : [];
	});
	return [...of(change.now, 'added', change.before.fn.body.text, 'fixes')].slice(0, 1);
}
