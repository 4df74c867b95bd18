import type { ContextKind } from '../../../../../sim';
import { threadOf } from '../../../../lower/threads/directory';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { plainCalls, SLEEPS } from '../../plain-calls';
import { heldAt, lockOf, placeText, type Site } from '../../sites';
import { isShown, type Stop, stopsOf } from './waits';

/** `call` waits, on one side only, with `lock` held, which `acquire` takes and `release` gives back, for the callback of `place`; or on both, by another call (`again`). */
export function stopsInLocks(change: Change): readonly Finding[] {
	const [old, now] = [stopsOf(change, change.old), stopsOf(change, change.now)];
	const held = (stop: Stop | undefined, sites: readonly Site[]): ReadonlySet<string> => new Set(stop ? heldAt(sites, stop.at).keys() : []);
	return [...now.map((stop) => [old.find((each) => each.key === stop.key), stop] as const), ...old.filter((stop) => !now.some((each) => each.key === stop.key)).map((stop) => [stop, undefined] as const)].flatMap(([before, after]) => {
		const stop = after ?? before;
		if (!stop || isShown(change, stop)) return [];
		const [left, right] = [new Set([...held(before, change.old), ...givenUpFor(change, before, after)]), held(after, change.now)];
		return [...new Set([...left, ...right])].filter((lock) => (left.has(lock) !== right.has(lock) && (before !== undefined || right.has(lock))) || isAgain(change, before, after)).flatMap((lock) => {
			const again = left.has(lock) && right.has(lock);
			// Who sleeps for a lock is an interrupt's thread.
			const threaded = stop.context === 'hardirq' && before !== undefined && after !== undefined && sleepsFor(change, lock);
			const calls = plainCalls(change, lock, threaded ? 'task' : stop.context);
			return calls ? [{ words: { ...calls, lock, base: stop.base, place: stop.place, key: threaded ? threadOf(stop.key) : stop.key, call: stop.site.text, ...(again ? { again: '1' } : {}) }, context: threaded ? 'task' as const : underLock(change, stop, lock), tells: again ? 'still-fails' as const : left.has(lock) ? 'fixes' as const : 'introduces' as const }] : [];
		});
	});
}

/** One call that waits is in the place of another one. */
const isAgain = ({ ways }: Change, before: Stop | undefined, after: Stop | undefined): boolean =>
	before !== undefined && after !== undefined && ways.get(before.site) === 'removed' && ways.get(after.site) === 'added' && before.site.api !== after.site.api;

const sleepsFor = ({ old, now }: Change, lock: string): boolean => [...now, ...old].some(({ row, ...site }) => row?.effect === 'lock' && SLEEPS.has(row.kind) && placeText({ ...site, row }, row.at) === lock);

/** Locks that the patch gives up right before the call, and that nothing in sight had taken: they were held before. */
function givenUpFor({ old, now, ways }: Change, before: Stop | undefined, after: Stop | undefined): readonly string[] {
	if (!before || !after) return [];
	return now.slice(0, after.at).flatMap((site, index) => {
		const lock = site.row?.effect === 'unlock' && ways.get(site) === 'added' ? lockOf(site) : null;
		const others = (sites: readonly Site[]): boolean => sites.some((each) => lockOf(each) === lock);
		return lock && !others(now.slice(0, index)) && !others(now.slice(index + 1, after.at)) && !others(old.slice(0, before.at)) ? [lock] : [];
	});
}

/** A lock that is taken with softirqs off only is nothing for an interrupt: what looks like one is a softirq, then. */
const underLock = ({ old, now }: Change, { context }: Stop, lock: string): ContextKind =>
	context === 'hardirq' && [...old, ...now].some((site) => site.row?.effect === 'lock' && site.row.irq === 'bh-off' && placeText(site, site.row.at) === lock) ? 'softirq' : context;
