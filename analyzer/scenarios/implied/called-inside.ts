import { digestsOf } from '../digests/digests';
import type { Change } from './change';

/** The caller calls the function in a read side or under a lock, as far as its text tells: a release on a way that leaves is none on the others. */
export function isCalledInside({ post, name }: Change, caller: string): boolean {
	let depth = 0;
	for (const { kind, key, leaves } of digestsOf(post).factsOf(caller)) {
		if (kind === 'lock' || kind === 'rcu-lock') depth++;
		else if ((kind === 'unlock' || kind === 'rcu-unlock') && !leaves) depth = Math.max(0, depth - 1);
		else if (kind === 'call' && key === name && depth > 0) return true;
	}
	return false;
}
