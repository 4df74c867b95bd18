import type { Change } from './change';
import { lockOf, type Site } from './sites';

/** On one side only the lock is given back where a scope ends: what else that scope has in it tells nothing of what the lock is for. */
export function isInOtherForm({ before, after, old, now }: Change, lock: string): boolean {
	const releases = (sites: readonly Site[]): readonly Site[] => sites.filter((site) => site.row?.effect === 'unlock' && lockOf(site) === lock);
	const [left, right] = [releases(old), releases(now)];
	const isScoped = ({ fn }: Change['before'], sites: readonly Site[]): boolean => sites.some(({ start }) => fn.body.text[start - fn.body.start] === '}');
	return left.length > 0 && right.length > 0 && isScoped(before, left) !== isScoped(after, right);
}
