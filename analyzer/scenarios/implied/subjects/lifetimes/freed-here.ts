import { isNamed } from '../../../../knowledge/namings';
import { dropsByName } from '../../../../lower/unmodelled';
import { isShown } from '../../shown';
import type { Row } from '../../../../knowledge/row';
import { added, type Change, declared, removed, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, lastWord, placeText, rootOf, type Site } from '../../sites';

const FREES: ReadonlySet<Row['effect']> = new Set(['free', 'put', 'free-rcu']);

/** One side frees `place`, by `call`, and the other does not, or not there: who called the function frees it, or frees it once more; `fails`: after it failed. */
export function freedHere(change: Change): readonly Finding[] {
	const gone = [...removed(change), ...change.old.filter((site) => change.ways.get(site) === 'moved')];
	const fails = /\bint\b|\blong\b/.test(change.after.fn.returns);
	const places = new Map(gone.flatMap((site) => {
		const place = freed(site);
		const root = place ? rootOf(place) : null;
		return place && root && declared(change, root) !== undefined && !added(change).some((each) => freed(each) === place) ? [[place, site.text] as const] : [];
	}));
	const known = new Set(change.after.fn.params.map(({ name }) => name));
	return [...places].flatMap(([path, call]): readonly Finding[] => {
		const place = path !== rootOf(path) || known.has(path) ? path : elsewhere(change, path);
		return place === null ? [] : [...(fails ? [{ words: { place, call, fails: '1' }, tells: 'fixes' as const }] : []), { words: { place, call }, tells: 'fixes' }];
	});
}

/**
 * The patch frees a member of `object`, by `call`, leaves the pointer to it as it is, and drops the object behind it: what ends the object, out of sight, frees the
 * member as before. Not what nobody freed before, as the mail says (the row's prose), or another function did until now.
 */
export function freedBeforeLast(change: Change): readonly Finding[] {
	return added(change).flatMap((site): readonly Finding[] => {
		const place = site.row?.effect === 'free' ? placeText(site, site.row.pointer) : null;
		const object = place ? rootOf(place) : null;
		if (!place || !object || place === object || !/->/.test(place) || structOf(change, object) === null) return [];
		const set = new RegExp(`(?<![\\w.>])${escaped(place)}\\s*=(?!=)|&\\s*${escaped(place)}\\b`);
		const drops = change.now.find(({ api, row, args, start }) => start > site.start && rootOf(args[0] ?? '') === object && (row?.effect === 'put' ? row.release === 'arg1' : row === null && dropsByName(api) && args.length === 1));
		if (!drops || [drops.api, ...drops.args].some((name) => change.post.functions.has(name)) || set.test(change.after.fn.body.text.slice(Math.max(0, site.start - change.after.fn.body.start)))) return [];
		// Whoever freed it frees it still: all that the patch takes away in sight is looked at.
		const last = new RegExp(`free\\w*\\s*\\([^;]*\\b${escaped(lastWord(place))}\\b`);
		const frees = (side: Change['pre'], name: string): boolean => last.test(side.functions.get(name)?.fn.body.text ?? '');
		if ([...change.pre.changed].some((name) => frees(change.pre, name) && !frees(change.post, name))) return [];
		return [{ words: { place, call: site.text, lives: drops.text }, tells: 'introduces' }];
	}).slice(0, 1);
}

/** What a variable that elided lines declare and set points at may be reached from elsewhere. */
function elsewhere(change: Change, name: string): string | null {
	const struct = structOf(change, name);
	const { body, headElided } = change.before.fn;
	return struct && headElided && !new RegExp(`(?<![.>\\w])${name}\\s*=(?!=)`).test(body.text) ? `INSTANCE(${struct})` : null;
}

/** What a call frees, as the caller writes it. */
function freed(site: Site): string | null {
	const { row } = site;
	if (!row || !FREES.has(row.effect)) return null;
	return row.effect === 'free' || row.effect === 'free-rcu' ? placeText(site, row.pointer) : (site.args[0] ?? null);
}

/** One side calls `destroy`, which nobody shows and whose name says that it destroys `object`, and the other does not. */
export function destroyedTwice(change: Change): readonly Finding[] {
	const names = new Set(added(change).map(({ api }) => api));
	return removed(change).filter(({ row, api, args }) => (row === null || row.partial) && isNamed(change.post.sources.table, 'destroys-for-good', api) && args.length > 0 && args.length < 3 && rootOf(args[0] ?? '') !== null && !isShown(change, api) && !names.has(api))
		.slice(0, 1).map((site) => ({ words: { destroy: site.api, call: site.text, object: rootOf(site.args[0] ?? '') ?? '' }, tells: 'fixes' as const }));
}
