import type { Side } from '../sides/side';
import type { Change } from './change';
import { lastWord, lockOf, type Site, sitesIn } from './sites';

/**
 * What is no longer done under the lock here may be done under it elsewhere: another function, which may be new, takes it more often than it did, or one that calls
 * this one takes or releases it in lines of the patch's own.
 */
export function isTakenElsewhere({ name, pre, post }: Change, lock: string): boolean {
	const word = lastWord(lock);
	const of = (side: Side, other: string): readonly Site[] => sitesIn(side, other).filter((site) => lastWord(lockOf(site) ?? '') === word);
	const takes = (sites: readonly Site[]): number => sites.filter(({ row }) => row?.effect === 'lock').length;
	const callers = post.callers.get(name) ?? [];
	return post.changed.some((other) => {
		const sites = other === name ? [] : of(post, other);
		return takes(sites) > takes(of(pre, other)) || (callers.includes(other) && sites.some(({ changed }) => changed));
	});
}
