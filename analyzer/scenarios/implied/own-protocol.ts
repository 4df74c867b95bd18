import { added, type Change, removed } from './change';
import { type ImpliedScenario, own } from './partner';
import { lastWord, lockOf } from './sites';

/**
 * The change takes a lock it did not take, or in another order: other code keeps to that already. A lock that another changed function no longer
 * takes has only moved there or here.
 */
export function ownProtocol(change: Change, all: readonly Change[]): readonly ImpliedScenario[] {
	const left = new Set(all.flatMap((other) => (other === change ? [] : removed(other).flatMap((site) => (site.row?.effect === 'lock' ? lastWord(lockOf(site) ?? '') : [])))));
	const locks = added(change).filter((site) => site.row?.effect === 'lock' && !left.has(lastWord(lockOf(site) ?? '')));
	if (locks.length === 0) return [];
	const partner = { ...own(change, change.after, change.post), name: 'CPU1' };
	return [{
		because: 'environment', reason: `${change.name}() against code that keeps to the locking it now adopts: ${[...new Set(locks.map((site) => site.text))].slice(0, 2).join(', ')}`,
		pre: [own(change, change.before, change.pre), partner], post: [own(change, change.after, change.post), partner],
		entries: [change.name, `${change.name} as it is after the patch`], claimed: false, weight: 25, tells: 'fixes',
	}];
}
