import { isNamed } from '../../../../knowledge/namings';
import { dropsByName } from '../../../../lower/unmodelled';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, lastWord, placeText, rootOf, type Site } from '../../sites';
import { statementAt, statementsOf, twins } from '../../twins';

/** `place` is freed, and on one side only set to NULL as well, in something that lives on: `lives`, where the function's name does not say that it ends there. */
export function danglingPointers(change: Change): readonly Finding[] {
	return [...ownPointers(change), ...otherPointers(change)];
}

function ownPointers(change: Change): readonly Finding[] {
	const freed = (sites: Change['now']): ReadonlySet<string> => new Set(sites.flatMap((site) => (site.row?.effect === 'free' ? (placeText(site, site.row.pointer) ?? []) : [])));
	const [before, after] = [freed(change.old), freed(change.now)];
	return [...after].filter((place) => before.has(place) && /->|\./.test(place)).flatMap((place) => {
		const root = rootOf(place);
		if (!root || !structOf(change, root) || after.has(root)) return [];
		const [old, now] = [clears(change.before.fn.body.text, place), clears(change.after.fn.body.text, place)];
		return old === now ? [] : [{ words: { place, ...(isNamed(change.post.sources.table, 'tears-down', change.name) ? {} : { lives: '1' }) }, tells: now ? 'fixes' as const : 'introduces' as const }];
	});
}

const clears = (body: string, place: string): boolean => {
	const written = escaped(place).replace(/\s+/g, '\\s*');
	return new RegExp(`\\b${written}\\s*=\\s*(NULL|0)\\s*;`).test(body);
};

/** What a call frees, or is said by its name to free. */
function given(change: Change, site: Site): string | null {
	const { row } = site;
	const freed = row?.effect === 'free' ? placeText(site, row.pointer) : row?.effect === 'put' ? (site.args[0] ?? null) : null;
	if (freed !== null) return PLACE.test(freed) ? freed : null;
	return row === null && (isNamed(change.post.sources.table, 'frees-or-drops', site.api) || dropsByName(site.api)) ? (site.args.findLast((arg) => PLACE.test(arg)) ?? null) : null;
}

const PLACE = /^[A-Za-z_]\w*(?:(?:->|\.)\w+)*$/;
const CLEARED = /^([A-Za-z_]\w*(?:(?:->|\.)\w+)+(?:\[\w+\])?)\s*=\s*(?:NULL|0)\s*;$/;

/** On one side only `other`, which leads to the `object` that `call` frees, is set to NULL as well: it is the object, has its name, or is set from it or read into it, or stands next to it. */
function otherPointers(change: Change): readonly Finding[] {
	const text = `${change.before.fn.body.text}\n${change.after.fn.body.text}`;
	const of = (side: 'before' | 'after', tells: 'fixes' | 'introduces'): readonly Finding[] => statementsOf(change[side].fn.body).flatMap((clear) => {
		const other = change[side].file.place(clear.line).changed ? CLEARED.exec(clear.text.replace(/\s+/g, ' '))?.[1] : undefined;
		if (!other || !structOf(change, rootOf(other) ?? '') || clears(change[side === 'after' ? 'before' : 'after'].fn.body.text, other)) return [];
		const site = change[side === 'after' ? 'now' : 'old'].find((each) => {
			const object = change.ways.get(each) === 'kept' ? given(change, each) : null;
			return object !== null && Math.abs(each.line - clear.line) <= NEAR && (Math.abs(each.line - clear.line) === 1 || object === other || lastWord(other) === object || new RegExp(`${escaped(other)}\\s*=\\s*${escaped(object)}\\b|\\b${escaped(object)}\\s*=\\s*${escaped(other)}`).test(text));
		});
		const object = site ? given(change, site) : null;
		const free = site ? statementAt(change[side].fn.body, site.line) : undefined;
		const marked = free ? twins(change).find((each) => each[side].start === free.start) : undefined;
		return object && site && marked ? [{ words: { object, other, call: site.text }, tells, marked }] : [];
	});
	return [...of('after', 'fixes'), ...of('before', 'introduces')];
}

/** Lines between the freeing and the clearing. */
const NEAR = 6;
