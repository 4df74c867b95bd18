import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { escaped, placeText, rootOf } from '../sites';

/** `place` is freed, and on one side only set to NULL as well, in something that lives on. */
export function danglingPointers(change: Change): readonly Finding[] {
	const freed = (sites: Change['now']): ReadonlySet<string> => new Set(sites.flatMap((site) => (site.row?.effect === 'free' ? (placeText(site, site.row.pointer) ?? []) : [])));
	const [before, after] = [freed(change.old), freed(change.now)];
	return [...after].filter((place) => before.has(place) && /->|\./.test(place)).flatMap((place) => {
		const root = rootOf(place);
		if (!root || !structOf(change, root) || after.has(root)) return [];
		const [old, now] = [clears(change.before.fn.body.text, place), clears(change.after.fn.body.text, place)];
		return old === now ? [] : [{ words: { place }, tells: now ? 'fixes' as const : 'introduces' as const }];
	});
}

const clears = (body: string, place: string): boolean => {
	const written = escaped(place).replace(/\s+/g, '\\s*');
	return new RegExp(`\\b${written}\\s*=\\s*(NULL|0)\\s*;`).test(body);
};
