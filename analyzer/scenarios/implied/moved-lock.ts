import type { Change } from './change';
import { lastWord, lockOf, sitesIn } from './sites';

/** The last words of the locks that a function takes, once for each time: each of the others asks. */
const taking = new WeakMap<Change['pre'], Map<string, readonly string[]>>();

function locksTaken(side: Change['pre'], name: string): readonly string[] {
	const known = taking.get(side) ?? new Map<string, readonly string[]>();
	taking.set(side, known);
	const locks = known.get(name) ?? sitesIn(side, name).flatMap((site) => (site.row?.effect === 'lock' ? [lastWord(lockOf(site) ?? '')] : []));
	known.set(name, locks);
	return locks;
}

/** Another function of the patch takes it no longer. */
export const movedHere = (change: Change, lock: string): boolean => gaveUp(change, lock, () => true);

function gaveUp({ pre, post, name }: Change, lock: string, who: (name: string) => boolean): boolean {
	const last = lastWord(lock);
	const taken = (side: Change['pre'], each: string): number => locksTaken(side, each).filter((taken) => taken === last).length;
	return pre.changed.some((each) => each !== name && taken(pre, each) > taken(post, each) && who(each));
}

/** Another function of the patch held the lock around its call of this one, and holds it no longer: what is done under it here was so before. */
export function handedDown(change: Change, lock: string): boolean {
	const calls = new RegExp(`\\b${change.name}\\s*\\(`);
	return gaveUp(change, lock, (each) => calls.test(change.pre.functions.get(each)?.fn.body.text ?? ''));
}
