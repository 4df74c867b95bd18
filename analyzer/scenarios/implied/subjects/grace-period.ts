import { type Change, structOf } from '../change';
import type { Finding } from '../partner';
import { placeText, rootOf, type Site } from '../sites';
import { destroyed } from './going-away';

/**
 * What is freed only after a grace period, on one side: `object`, with `call` that waits; `destroy`, where a function that nobody shows frees it (a
 * `struct` of that name); `left` instead of `object`, where it is taken out for readers and freed out of sight.
 */
export function gracePeriods(change: Change): readonly Finding[] {
	return [...of(change, change.now, 'fixes'), ...of(change, change.old, 'introduces')];
}

function of(change: Change, sites: readonly Site[], tells: Finding['tells']): readonly Finding[] {
	const way = tells === 'fixes' ? 'added' : 'removed';
	return sites.flatMap((site, at) => {
		const { row } = site;
		if (!row || change.ways.get(site) !== way) return [];
		const finding = (words: Readonly<Record<string, string>>): Finding => ({ words: { ...words, call: site.api }, tells });
		if (row.effect === 'free-rcu') return named(change, placeText(site, row.pointer)).map((object) => finding({ object, ...unseenFree(change, object, tells) }));
		if (row.effect === 'rcu-call') return named(change, rootOf(placeText(site, row.argument) ?? '')).map((object) => finding({ object }));
		if (row.effect !== 'rcu-sync' || row.domain) return [];
		const unlinked = sites.slice(0, at).flatMap((each) => (unpublishes(each) ? [each] : []));
		// That others read under RCU is told by how it was taken away from them; or else by nothing but the patch.
		if (tells === 'introduces' && unlinked.length === 0) return [];
		const later = sites.slice(at + 1);
		const freed = later.flatMap((each) => (each.row?.effect === 'free' ? named(change, placeText(each, each.row.pointer)) : []));
		if (freed.length > 0) return [...new Set(freed)].map((object) => finding({ object }));
		const destroys = destroyed(change, later, ENDS).filter(({ object }) => !object.includes('->'));
		if (destroys.length > 0) return destroys.map(({ api, object, struct }) => finding({ object, destroy: api, struct }));
		return change.whole ? [] : [...new Set(unlinked.flatMap((each) => rootOf(each.args[0] ?? '') ?? []))].flatMap((left) => named(change, left)).map((left) => finding({ left }));
	});
}

/** What a grace period is waited for before. */
const ENDS = /(^|_)(free|destroy|release|dealloc|delete|del|dispose|cleanup|uninit|deinit|fini|teardown|exit|remove|put|drop|kill|close|shutdown|stop)(_|$)/;

/** A variable, or a path from one, that a thread can be given. */
function named(change: Change, expression: string | null): readonly string[] {
	const root = expression === null ? null : rootOf(expression);
	return expression !== null && root && structOf(change, root) ? [expression] : [];
}

/** Takes out what readers may still hold: publishing a pointer with release order, or `…_rcu()` on a container. */
const unpublishes = ({ api, row }: Site): boolean => (row?.effect === 'store' && row.order === 'release') || (row?.effect === 'rmw' && row.order === 'release') || /_del\w*_rcu$|_replace_rcu$/.test(api);

/** What the other side calls instead, where nobody shows that it frees the object at once. */
function unseenFree(change: Change, object: string, tells: Finding['tells']): Readonly<Record<string, string>> {
	const other = (tells === 'fixes' ? change.old : change.now).filter((site) => change.ways.get(site) === (tells === 'fixes' ? 'removed' : 'added'));
	const [found] = destroyed(change, other).filter((each) => each.object === object);
	return found ? { destroy: found.api, struct: found.struct } : {};
}
