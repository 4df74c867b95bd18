import { isNamed } from '../../../../knowledge/namings';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { placeText, type Site, sitesOf } from '../../sites';
import { startedNow } from './started-now';
import { askedFor } from './stop-condition';
import { isInReadersPlace } from './waits';

/** `call` waits for all RCU callbacks, on one side only, before this code or what it keeps its objects in goes away. */
export function callbackBarriers(change: Change): readonly Finding[] {
	const of = (sites: readonly Site[], way: string, tells: 'fixes' | 'introduces'): readonly Finding[] =>
		sites.filter((site) => change.ways.get(site) === way && site.row?.effect === 'flush' && site.row.every === 'rcu' && !(way === 'added' && startedNow(change, site, ''))).map((site) => ({ words: { call: site.text }, context: 'rcu', tells }));
	const removed = of(change.old, 'removed', 'introduces');
	return [...(isInReadersPlace(change) ? [] : of(change.now, 'added', 'fixes')), ...(removed.length > 0 && noCallbackLeft(change) ? [] : removed)];
}

/** The patch leaves none of the callbacks in sight: what only frees needs no code of the module, unless it frees into a cache that goes away. */
function noCallbackLeft({ pre, post, now }: Change): boolean {
	const calls = (side: Change['post']): boolean => [...side.functions.values()].some((definition) => sitesOf(definition, side).some(({ row }) => row?.effect === 'rcu-call'));
	return calls(pre) && !calls(post) && !now.some(({ api }) => isNamed(post.sources.table, 'ends-cache', api));
}

/** `call` waits, on one side only, for the callback of a variable of the file, before the code goes away with its module. */
export function moduleStops(change: Change): readonly Finding[] {
	if (!isNamed(change.post.sources.table, 'ends-module', change.name.toLowerCase())) return [];
	const stopped = (sites: readonly Site[]): readonly { readonly site: Site; readonly name: string }[] => sites.flatMap((site) => {
		const { row } = site;
		const name = row?.effect === 'cancel' && row.wait && !row.every ? placeText(site, row.at) : null;
		return name !== null && /^\w+$/.test(name) && !new RegExp(`\\b\\*?${name}\\s*[;,=]`).test(change.after.fn.body.text.split('\n')[0] ?? '') ? [{ site, name }] : [];
	});
	const old = new Set(stopped(change.old).map(({ name }) => name));
	return stopped(change.now).filter(({ site, name }) => change.ways.get(site) === 'added' && !old.has(name)).map(({ site, name }) => ({
		words: { ...askedFor(change, site), key: change.threadKeys().find((key) => key.endsWith(name)) ?? name }, context: site.row?.effect === 'cancel' ? (site.row.stops ?? 'work') : 'work', tells: 'fixes' as const,
	}));
}
