import { alike, digestOf, digestsOf } from '../../../digests/digests';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { plainCalls } from '../../plain-calls';
import { lockOf, READ_SIDE, type Site, sitesOf } from '../../sites';
import { keyOf } from './kept-lock';

/**
 * `inner` was taken under `outer`, and is the first of the two now: `acquire_outer`, `release_outer`, `acquire_inner`, `release_inner` take and give them back.
 * Not where another function of the patch, or one that it leaves alone, takes both in the new order.
 */
export function turnedNests(change: Change): readonly Finding[] {
	const now = nestsOf(change.now);
	return nestsOf(change.old).flatMap(([outer, inner]): readonly Finding[] => {
		if (!now.some(([first, second]) => first === inner && second === outer) || now.some(([first, second]) => first === outer && second === inner)) return [];
		const [one, other] = [plainCalls(change, outer, 'task', true), plainCalls(change, inner, 'task', true)];
		if (!one || !other || isOrderOfOthers(change, outer, inner)) return [];
		return [{ words: { outer, inner, acquire_outer: one.acquire, release_outer: one.release, acquire_inner: other.acquire, release_inner: other.release }, tells: 'introduces', outline: ['deadlock'] }];
	}).slice(0, 1);
}

/** Two locks, the second taken while the first is held. */
function nestsOf(sites: readonly Site[]): readonly (readonly [string, string])[] {
	const held = new Set<string>();
	return sites.flatMap((site) => {
		const lock = lockOf(site);
		if (!lock || lock === READ_SIDE) return [];
		const found = site.row?.effect === 'lock' ? [...held].filter((each) => each !== lock).map((each) => [each, lock] as const) : [];
		if (site.row?.effect === 'unlock') held.delete(lock);
		else if (site.row?.effect === 'lock') held.add(lock);
		return found;
	});
}

/** Some other function takes both in the new order, by the locks' classes or as it calls them. */
function isOrderOfOthers(change: Change, outer: string, inner: string): boolean {
	// Where its hunks alone are looked at, the whole files still tell who else takes them.
	const side = change.post.entire?.() ?? change.post;
	const digests = digestsOf(side);
	const [above, below] = [outer, inner].map((lock) => keyOf(change.old, digestsOf(change.pre), change.name, lock));
	return [...side.functions].some(([name, definition]) => name !== change.name && ([...digestOf(digests.factsOf(name)).orders].some((order) => {
		const [first = '', second = ''] = order.split('>');
		return above && below && alike(first, below) && alike(second, above);
	}) || (definition.fn.body.text.includes(inner) && nestsOf(sitesOf(definition, side)).some(([first, second]) => first === inner && second === outer))));
}
