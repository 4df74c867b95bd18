import { added, type Change, removed } from '../../change';
import type { Finding } from '../../partner';
import { placeText } from '../../sites';
import { stopsOf } from './waits';

/**
 * `call` waited for the callback of `place` (`key`), and nothing does any more on the side after: `weak` is what only stops it now. `acquire` and
 * `release` are of a lock that such a callback can take.
 */
export function noLongerWaited(change: Change): readonly Finding[] {
	const gone = new Set(removed(change));
	const waits = new Set(stopsOf(change, change.now).map(({ key }) => key));
	return stopsOf(change, change.old).filter(({ site, key, context }) => gone.has(site) && !waits.has(key) && context !== 'hardirq').map(({ site, place, key, base, context }): Finding => {
		const weak = added(change).find(({ row, ...each }) => row?.effect === 'cancel' && !row.wait && placeText({ ...each, row }, row.at) === place);
		const lock = '&INSTANCE(told_lock)->__other';
		const [acquire, release] = context === 'task' || context === 'work' ? [`mutex_lock(${lock})`, `mutex_unlock(${lock})`] : [`spin_lock_bh(${lock})`, `spin_unlock_bh(${lock})`];
		return { words: { call: site.text, place, key, base, acquire, release, ...(weak ? { weak: weak.api } : {}) }, context, tells: 'fixes' };
	});
}
