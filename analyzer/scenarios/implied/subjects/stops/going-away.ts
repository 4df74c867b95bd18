import { type Naming, isNamed } from '../../../../knowledge/namings';
import { dropsByName } from '../../../../lower/unmodelled';
import { isShown } from '../../shown';
import { aliases, type Change, structOf } from '../../change';
import { lastWord, placeText, rootOf, type Site } from '../../sites';

export interface Destroyed {
	readonly api: string;
	readonly object: string;
	readonly struct: string;
}

/** Calls of functions that nobody shows whose name says that they free what they are given. */
export function destroyed(change: Change, sites: readonly Site[], naming: Naming = 'destroys'): readonly Destroyed[] {
	return sites.flatMap((site) => {
		const [argument] = site.args;
		const root = argument === undefined || site.args.length > 2 ? null : rootOf(argument);
		if (site.row || !root || !isNamed(change.post.sources.table, naming, site.api) || isShown(change, site.api)) return [];
		const struct = structOf(change, root);
		return struct ? [{ api: site.api, object: argument?.replace(/^&\s*/, '') ?? root, struct }] : [];
	});
}

/** Two steps of a callback that uses it all along. */
const used = (object: string): string => `${object}->__used_by_callback; ${object}->__used_by_callback`;

/**
 * How something of `base` goes away, as words for a partner: `use` is a part of it; `after`: it is freed after the function, where that does
 * not do it; `failed`: after it has failed; `destroy`, a function that nobody shows, says so in `part`.
 */
export function goingAway(change: Change, base: string): readonly Readonly<Record<string, string>>[] {
	const struct = structOf(change, base);
	if (!struct) return [];
	const sites = [...change.now, ...change.old];
	const freed = new Set(sites.flatMap((site) => (site.row?.effect === 'free' || site.row?.effect === 'free-rcu' ? (placeText(site, site.row.pointer) ?? []) : [])).filter((each) => rootOf(each) === base));
	const ways = [...freed].map((part) => ({ use: used(part) }));
	const parts = destroyed(change, sites).filter(({ object }) => rootOf(object) === base);
	const unseen = [...new Map(parts.map((part) => [part.api, part])).values()].map(({ api }) => ({ use: `CHECK("use-after-free", !INSTANCE(ended)->__freed_by_${api}, "uses what ${api}() has freed")`, destroy: api, part: `__freed_by_${api}` }));
	const use = used(base);
	if (freed.has(base)) return [{ use }, ...unseen];
	// A part goes away with what has it.
	const outer = rootOf(aliases(change).get(base) ?? base) ?? base;
	// Who drops his reference of it himself is nobody whose caller frees it.
	if (isNamed(change.post.sources.table, 'tears-down', change.name)) return [...ways, ...unseen, isDropped(change, base) ? { use } : { use, after: outer }];
	return [...ways, ...unseen, ...(isNamed(change.post.sources.table, 'sets-up-object', change.name) && /\bint\b/.test(change.after.fn.returns) ? [{ use, failed: outer }] : [])];
}

/** Both sides drop a reference of the object, by a call of which a row or its own name says so. */
const isDropped = ({ old, now }: Change, base: string): boolean =>
	[old, now].every((sites) => sites.some(({ row, api, args: [argument] }) => row === null && argument === base && dropsByName(api)));

/** The same for what is there as long as the code is. */
export const withCode = (change: Change): readonly Readonly<Record<string, string>>[] => (isNamed(change.post.sources.table, 'unloads', change.name)
	? [{ use: 'CHECK("use-after-free", !INSTANCE(module)->__unloaded, "runs after its code, and what that has given back, is gone")', unloaded: '1' }] : []);

/** What was set up in sight before the patch is no more, and nothing in sight still speaks of it: there is nothing that would have to be stopped. */
export function isSetUpNoMore({ pre, post }: Change, { key, place }: { readonly key: string; readonly place: string }): boolean {
	const ready = (side: Change['post']): boolean => side.registrations().some((each) => each.key === key);
	const name = new RegExp(`\\b${lastWord(place)}\\b`);
	return ready(pre) && !ready(post) && ![...post.functions.values()].some(({ fn }) => name.test(fn.body.text));
}
