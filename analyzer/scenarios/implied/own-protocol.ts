import { says } from '../../knowledge/phrases';
import { speaksOfRemedy } from '../../mail/intent';
import { added, type Change, removed } from './change';
import { type ImpliedScenario, own } from './partner';
import { heldAt, lastWord, lockOf, type Site } from './sites';

/**
 * The change takes a lock it did not take, or, where the mail speaks of that, two in another order: other code keeps to that already. A lock that another
 * changed function no longer takes has only moved there or here.
 */
export function ownProtocol(change: Change, all: readonly Change[], mail: string): readonly ImpliedScenario[] {
	const left = new Set(all.flatMap((other) => (other === change ? [] : removed(other).flatMap((site) => (site.row?.effect === 'lock' ? lastWord(lockOf(site) ?? '') : [])))));
	// One more section of a lock that it takes already says so only in a mail that speaks of trouble.
	const remedy = speaksOfRemedy(change.post.sources.table, mail);
	const locks = [...added(change).filter((site) => site.row?.effect === 'lock' && !left.has(lastWord(lockOf(site) ?? '')) && (remedy || !change.old.some((other) => other.row?.effect === 'lock' && lockOf(other) === lockOf(site)))), ...(says(change.post.sources.table, 'lock-order', mail) ? swapped(change) : [])];
	// A lock by its name only, instead of another: the same one, as likely as not.
	if (locks.length === 0 || (locks.every((site) => site.row?.source === 'its name') && removed(change).some((site) => site.row?.effect === 'lock'))) return [];
	const partner = { ...own(change, change.after, change.post), name: 'CPU1' };
	return [{
		because: 'environment', reason: `${change.name}() against code that keeps to the locking it now adopts: ${[...new Set(locks.map((site) => site.text))].slice(0, 2).join(', ')}`,
		pre: [own(change, change.before, change.pre), partner], post: [own(change, change.after, change.post), partner],
		entries: [change.name, `${change.name} as it is after the patch`], claimed: false, weight: 25, tells: 'fixes',
	}];
}

/** Locks that are taken under another one now, which was taken under them before. */
function swapped({ old, now }: Change): readonly Site[] {
	const before = nested(old);
	return nested(now).filter(({ outer, inner }) => before.some((each) => each.outer === inner && each.inner === outer)).map(({ site }) => site);
}

const nested = (sites: readonly Site[]): readonly { readonly outer: string; readonly inner: string; readonly site: Site }[] => sites.flatMap((site, at) => {
	const inner = site.row?.effect === 'lock' ? lockOf(site) : null;
	return inner ? [...heldAt(sites, at).keys()].filter((outer) => outer !== inner).map((outer) => ({ outer, inner, site })) : [];
});
