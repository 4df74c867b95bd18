import { isNamed } from '../../../../knowledge/namings';
import type { Row } from '../../../../knowledge/row';
import { added, type Change, removed, structOf } from '../../change';
import type { Finding } from '../../partner';
import { readsInPlace } from '../../read-side';
import { placeText, rootOf, type Site } from '../../sites';

/** `entry` is taken out by `plain` on one side, by `call` that leaves readers their way on the other. What also gives readers their section is a conversion. */
export function poisonedLinks(change: Change): readonly Finding[] {
	const converts = [...change.post.changed].some((name) => readsInPlace(change.post, name) && !readsInPlace(change.pre, name));
	return [...(converts ? [] : linksIn(change, added(change), removed(change), 'fixes')), ...(waits(change) ? linksIn(change, removed(change), added(change), 'introduces') : [])];
}

/** The same, where the function that poisons the link now does not itself wait for readers, but other code in sight still lets them in at the same member. What was freed at once before had no readers. */
export function turnedLinks(change: Change): readonly Finding[] {
	if (waits(change) || change.old.some(({ row }) => row?.effect === 'free')) return [];
	return linksIn(change, removed(change), added(change), 'introduces').filter(({ words: { entry = '' } }) => {
		const member = /(?:->|\.)(\w+)$/.exec(entry)?.[1];
		const lets = new RegExp(String.raw`\b(?:h?list|hash)_(?!\w*del)\w*_rcu\s*\([^;{}]*\b${member}\b`);
		return member !== undefined && [...change.post.functions.values()].some(({ fn }) => lets.test(fn.body.text));
	});
}

const waits = ({ now }: Change): boolean => now.some(({ row }) => row?.effect === 'free-rcu' || row?.effect === 'rcu-call' || row?.effect === 'rcu-sync');

/** Takes an entry out of a list: what it does to the entry's own pointer is for readers who are at the entry, or for nobody. */
function linksIn({ post }: Change, strict: readonly Site[], weak: readonly Site[], tells: 'fixes' | 'introduces'): readonly Finding[] {
	const { table } = post.sources;
	const unlinks = ({ api }: Site, forReaders: boolean): boolean => isNamed(table, 'takes-out', api) && isNamed(table, 'for-readers', api) === forReaders;
	return strict.filter((site) => unlinks(site, true)).flatMap((site) => {
		const plain = weak.find((each) => unlinks(each, false) && each.args[0] === site.args[0]);
		return plain ? [{ words: { entry: plain.args[0] ?? '', plain: plain.api, call: site.text }, tells }] : [];
	});
}

const FREES: ReadonlySet<Row['effect']> = new Set(['free', 'free-rcu', 'rcu-call']);

/** `object` is given to be freed by `call`, on one side only after `replace` has put something else where readers find it. */
export function freedPublished(change: Change): readonly Finding[] {
	const freed = (site: Site): string | null => {
		const { row } = site;
		if (!row || !FREES.has(row.effect)) return null;
		return rootOf(placeText(site, row.effect === 'rcu-call' ? row.argument : row.effect === 'free' || row.effect === 'free-rcu' ? row.pointer : '') ?? '');
	};
	return change.now.flatMap((site, at) => {
		const object = freed(site);
		const was = change.old.findIndex((each) => each.text === site.text);
		if (!object || was < 0 || !structOf(change, object)) return [];
		return change.now.flatMap((replace, index) => {
			const then = change.old.findIndex((each) => each.text === replace.text);
			if (!isNamed(change.post.sources.table, 'replaces-pointer', replace.api) || then < 0 || (index < at) === (then < was) || rootOf(replace.args[1] ?? '') === object) return [];
			return [{ words: { object, replace: replace.api, call: site.text }, tells: index < at ? 'fixes' as const : 'introduces' as const }];
		}).slice(0, 1);
	});
}
