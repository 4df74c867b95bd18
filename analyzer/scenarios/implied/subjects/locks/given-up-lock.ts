import type { Row } from '../../../../knowledge/row';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { type Point, pointsOf } from '../../sections';
import { heldAt, lastWord, lockOf, READ_SIDE, rootOf, type Site, sitesIn } from '../../sites';
import { plainCalls } from '../../plain-calls';

/**
 * A `lock` (`acquire`, `release`; `otherAcquire`, `otherRelease` for one more of its kind) that the function takes, or holds while it does something,
 * on the side before only: `caller` where it takes it no longer, or no longer waits for it (`moved` where another function of the patch does); `callee` where it is not held around that call any
 * more; `later` where `who` calls it now, behind the release; `inner` and `innerRelease` where it is not around what takes another lock; `awaited`, by its name, where it is not around a wait; `crosses`, by its place, where it is not around a call (`api`) that may take
 * that lock on its way.
 */
export function givenUpLocks(change: Change): readonly Finding[] {
	return [...leftToCallers(change), ...notAround(change), ...unlockedVariants(change), ...leftForLater(change)];
}

/** What nobody shows is no longer called here, but by another function of the patch, right after that has released a lock. */
function leftForLater(change: Change): readonly Finding[] {
	const { old, now, ways, pre, post, name } = change;
	return old.filter((site) => ways.get(site) === 'removed' && (!site.row || site.row.partial) && !pre.functions.has(site.api) && !now.some(({ api }) => api === site.api)).flatMap(({ api }) => post.changed.flatMap((each): readonly Finding[] => {
		const sites = each === name ? [] : sitesIn(post, each);
		const at = sites.findIndex((site) => site.changed && site.api === api);
		const released = at < 0 ? undefined : sites.slice(0, at).findLast(({ row }) => row?.effect === 'unlock' || row?.effect === 'lock');
		return released?.row?.effect === 'unlock' ? [{ words: { later: api, lock: lockOf(released) ?? released.text, who: each }, tells: 'fixes' }] : [];
	}));
}

type Words = Readonly<Record<string, string>>;

function wordsOf(change: Change, lock: string): Words | null {
	const calls = lock === READ_SIDE ? null : plainCalls(change, lock, 'task', true);
	if (!calls) return null;
	// Who only reads waits for a writer.
	const writing = (text: string): string => {
		const api = text.slice(0, text.indexOf('('));
		const writer = api.replace('read', 'write');
		return change.post.sources.table.rows.has(writer) ? writer : api;
	};
	const [take, give] = [writing(calls.acquire), writing(calls.release)];
	// A function that nobody shows knows none of the names: it speaks of instances.
	const root = rootOf(lock);
	const struct = root && root !== lock ? structOf(change, root) : null;
	const instance = struct && root ? lock.replace(new RegExp(`^${root}(->|\\.)`), `INSTANCE(${struct})->`) : lock;
	return { acquire: `${take}(&${lock})`, release: `${give}(&${lock})`, lock, ownAcquire: `${take}(&${instance})`, ownRelease: `${give}(&${instance})`, otherAcquire: `${take}(&${OTHER})`, otherRelease: `${give}(&${OTHER})` };
}

/** Stands for a lock that nobody shows. */
const OTHER = 'INSTANCE(told_lock)->__other';

const takes = ({ row }: Site): boolean => row?.effect === 'lock';

function leftToCallers(change: Change): readonly Finding[] {
	const taken = (sites: readonly Site[]): ReadonlySet<string> => new Set(sites.filter(takes).flatMap((site) => lockOf(site) ?? []));
	const [left, right] = [taken(change.old.filter((site) => change.ways.get(site) === 'removed')), taken(change.now)];
	return [...left].filter((lock) => !right.has(lock)).flatMap((lock) => {
		const words = wordsOf(change, lock);
		return words ? [{ words: { ...words, ...(goesElsewhere(change, lock) ? { moved: lock } : { caller: lock }) }, tells: 'fixes' as const }] : [];
	});
}

/** Another function of the patch takes a lock of that name anew. */
function goesElsewhere({ name, post }: Change, lock: string): boolean {
	return post.changed.some((each) => each !== name && sitesIn(post, each).some((site) => site.changed && takes(site) && lastWord(lockOf(site) ?? '') === lastWord(lock)));
}

/** It takes that lock no longer, and another function of the patch does around the call of it: what is done here is still done under it. */
function goesToCaller(change: Change, lock: string): boolean {
	const { name, post, now } = change;
	if (now.some((site) => takes(site) && lockOf(site) === lock)) return false;
	return post.changed.some((each) => {
		const sites = each === name ? [] : sitesIn(post, each);
		const call = sites.findIndex(({ api }) => api === name);
		return call >= 0 && [...heldAt(sites, call)].some(([held, { acquire }]) => acquire?.changed === true && lastWord(held) === lastWord(lock));
	});
}

/** What the way to the call has taken and not released. */
const heldOnTheWay = (points: readonly Point[], { start }: Site): readonly string[] =>
	[...points.find(({ node }) => node.type !== 'if_statement' && node.start <= start && start < node.end)?.held.keys() ?? []];

/** What is called under the lock before, and either without it after, or no longer. */
function notAround(change: Change): readonly Finding[] {
	const [was, is] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	return change.old.flatMap((site, at) => {
		const known = meets(change, site, change.old.slice(0, at));
		if (!known) return [];
		const after = sameCall(change, site);
		const before = heldAt(change.old, at);
		const still = after < 0 ? new Set<string>() : new Set([...heldAt(change.now, after).keys(), ...heldOnTheWay(is, change.now[after] ?? site)]);
		if (after < 0 && change.now.some(({ api }) => api === site.api)) return [];
		const givenUp = after < 0 ? [] : droppedBefore(change, after);
		return [...new Set([...before.keys(), ...heldOnTheWay(was, site), ...givenUp])].filter((lock) => !still.has(lock) && lock !== lockOf(site) && !(after >= 0 && goesToCaller(change, lock))).flatMap((lock) => {
			const words = wordsOf(change, lock);
			return words ? [{ words: { ...words, ...known, call: site.text, ...(after < 0 ? { gone: site.api } : {}) }, tells: 'fixes' as const }] : [];
		});
	});
}

/** The call on the side after: of the same text, or, where what it is given makes no difference, the only one of its name. */
function sameCall({ old, now }: Change, site: Site): number {
	const same = now.findIndex((each) => each.text === site.text);
	const only = (sites: readonly Site[]): boolean => sites.filter(({ api }) => api === site.api).length === 1;
	return same >= 0 || !site.row?.crosses || !only(old) || !only(now) ? same : now.findIndex(({ api }) => api === site.api);
}

/** Locks that the patch releases for the call, though nothing in sight took them. */
function droppedBefore({ now, ways }: Change, at: number): readonly string[] {
	return now.slice(0, at).flatMap((site, index) => {
		const lock = site.row?.effect === 'unlock' && ways.get(site) === 'added' ? lockOf(site) : null;
		return lock && !now.slice(0, at).some((each, other) => other !== index && lockOf(each) === lock) ? [lock] : [];
	});
}

const MEETS: ReadonlySet<Row['effect']> = new Set(['might-sleep', 'none']);

/** What may be met inside the call, or was right before it in lines that are not shown. */
function meets(change: Change, site: Site, behind: readonly Site[]): Words | null {
	const { row } = site;
	const unseen = row?.effect === 'unlock' && !change.whole && !behind.some((each) => takes(each) && lockOf(each) === lockOf(site));
	if (row?.effect === 'lock' || unseen) {
		const lock = lockOf(site);
		const calls = lock ? plainCalls(change, lock, 'task', true) : null;
		return calls ? { inner: calls.acquire, innerRelease: calls.release } : null;
	}
	if (row?.crosses) return { crosses: row.crosses[0] ?? '', api: site.api };
	if (row?.effect === 'wait-completion' || row?.effect === 'wait-event') return { awaited: site.api };
	if (!/^[a-z_]\w*$/.test(site.api) || change.post.functions.has(site.api) || change.pre.functions.has(site.api) || change.post.sources.model(site.api)) return null;
	return !row || (MEETS.has(row.effect) && row.partial) ? { callee: site.api } : null;
}

/** `snd_pcm_stop_xrun()` before, `snd_pcm_stop()` after. */
const lengthens = (one: string, other: string): boolean => one.length >= 6 && other.startsWith(`${one}_`);

const VARIANT = /^_+|_(?:nolock|unlocked|locked|lockless|nested|no_lock|unsafe|sync)(?=_|$)|(?<=_)(?:nolock|unlocked|locked)_|^(?:__|un)?locked_/g;

/** `foo()` before, `__foo()` or `foo_locked()` after: who calls has the lock already. */
function unlockedVariants(change: Change): readonly Finding[] {
	const stem = (name: string): string => name.replace(VARIANT, '');
	return change.old.flatMap((site, at): readonly Finding[] => {
		if (change.ways.get(site) !== 'removed' || (site.row && !site.row.partial) || change.pre.functions.has(site.api)) return [];
		const twin = change.now.find((each) => change.ways.get(each) === 'added' && each.api !== site.api && ((stem(each.api) === stem(site.api) && each.api.length > site.api.length) || lengthens(each.api, site.api)));
		if (!twin || (twin.row && !twin.row.partial && twin.row.effect !== 'none')) return [];
		const locks = [...heldAt(change.old, at).keys()].filter((lock) => lock !== READ_SIDE);
		return locks.length === 0 ? [{ words: { variant: site.api, call: twin.text }, tells: 'fixes' as const }] : locks.flatMap((lock) => {
			const words = wordsOf(change, lock);
			return words ? [{ words: { ...words, callee: site.api, call: site.text }, tells: 'fixes' as const }] : [];
		});
	});
}
