import { type Change, declared, structOf } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site } from '../../sites';

/** `place` is read or written by `call`, which no compiler may tear or repeat, on one side only; plainly on the other. */
export function markedAccesses(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], way: string, other: string, tells: Finding['tells']): readonly Finding[] => sites.flatMap((site) => {
		const { row } = site;
		if ((row?.effect !== 'load' && row?.effect !== 'store') || row.order !== 'once' || change.ways.get(site) !== way) return [];
		const place = placeText(site, row.at);
		const root = place ? rootOf(place) : null;
		if (!place || !root || /\[/.test(place) || !(/->/.test(place) ? pointed(change, root) : shared(change, root))) return [];
		// On the other side the same place stands without the call.
		const plain = other.replaceAll(site.text, '');
		return plain.includes(place) && !plain.includes(`${site.api}(${place}`) ? [{ words: { place, call: site.api, ...(row.effect === 'load' ? { read: place } : { written: place }) }, tells }] : [];
	});
	return [...of(change.now, 'added', change.before.fn.body.text, 'fixes')].slice(0, 1);
}

/** Something that the function is given, or finds, is what the variable points at. */
const pointed = (change: Change, root: string): boolean => structOf(change, root) !== null || declared(change, root)?.trim().endsWith('*') === true;

/** No variable of the function's own. */
const shared = ({ after: { fn } }: Change, root: string): boolean =>
	!fn.params.some(({ name }) => name === root) && !new RegExp(`^\\s*(?!return\\b|goto\\b)(?:[A-Za-z_]\\w*[\\s*]+)+(?:\\w+[^;]*, *\\**)?${root}\\b`, 'm').test(fn.body.text);
