import { isNamed } from '../../../../knowledge/namings';
import { type Change, structOf } from '../../change';
import type { Table } from '../../../../knowledge/table';
import type { Finding } from '../../partner';
import { escaped, heldAt, lastWord, READ_SIDE, rootOf, type Site } from '../../sites';
import { plainCalls } from '../../plain-calls';

/** Drops a reference and has the lock, its argument of this number, when that was the last: its caller, or the release that it calls, gives it back. */
const WITH_LOCK: Readonly<Record<string, { readonly lock: number; readonly kind: 'spin_' | 'mutex_'; readonly calls: boolean }>> = {
	kref_put_mutex: { lock: 2, kind: 'mutex_', calls: true }, kref_put_lock: { lock: 2, kind: 'spin_', calls: true },
	refcount_dec_and_mutex_lock: { lock: 1, kind: 'mutex_', calls: false }, refcount_dec_and_lock: { lock: 1, kind: 'spin_', calls: false }, refcount_dec_and_lock_irqsave: { lock: 1, kind: 'spin_', calls: false },
	atomic_dec_and_mutex_lock: { lock: 1, kind: 'mutex_', calls: false }, atomic_dec_and_lock: { lock: 1, kind: 'spin_', calls: false }, atomic_dec_and_lock_irqsave: { lock: 1, kind: 'spin_', calls: false },
	atomic_dec_and_raw_lock: { lock: 1, kind: 'spin_', calls: false }, atomic_dec_and_raw_lock_irqsave: { lock: 1, kind: 'spin_', calls: false },
};

interface Put {
	readonly site: Site;
	readonly count: string;
	/** Locks that are held where the last reference goes. */
	readonly locks: ReadonlySet<string>;
}

/** A place as the code writes it, of the argument that is its address, or a pointer to it. */
const placeOf = (argument: string): string => /^&\s*\(?([^()]+)\)?$/.exec(argument)?.[1]?.trim() ?? `*${argument}`;

export function putsOf(table: Table, sites: readonly Site[]): readonly Put[] {
	return sites.flatMap((site, at) => {
		const [argument = ''] = site.args;
		const locked = WITH_LOCK[site.api];
		if ((!locked && !isNamed(table, 'drops-last', site.api)) || !argument.startsWith('&') || !rootOf(argument)) return [];
		const held = [...heldAt(sites, at).keys()].filter((lock) => lock !== READ_SIDE);
		return [{ site, count: placeOf(argument), locks: new Set([...held, ...(locked ? [placeOf(site.args[locked.lock] ?? '')] : [])]) }];
	});
}

/**
 * The last reference (`count`, of the one `struct`) goes under `lock` on one side only, under which it is looked up: by `together`, which has the lock when it was
 * the last, or (`around`) with the lock held around it. `plain` drops it where the lock is not held.
 */
export function lastPuts(change: Change): readonly Finding[] {
	const of = (own: readonly Put[], other: readonly Put[], tells: 'fixes' | 'introduces'): readonly Finding[] => own.flatMap(({ site, count, locks }) => {
		const twin = other.find((each) => each.count === count);
		const object = rootOf(count);
		const struct = object ? structOf(change, object) : null;
		if (!twin || !object || !struct || !isNamed(change.post.sources.table, 'drops-last', twin.site.api)) return [];
		return [...locks].filter((lock) => ![...twin.locks].some((each) => lastWord(each) === lastWord(lock)) && !lock.startsWith('*')).flatMap((lock): readonly Finding[] => {
			const locked = WITH_LOCK[site.api];
			const calls = locked ? callsFor(locked.kind, lock) : plainCalls(change, lock, 'task', true);
			const shared = ofInstance(change, lock);
			const unseen = shared && calls ? { acquired: calls.acquire.replace(lock, shared), released: calls.release.replace(lock, shared), locked: shared } : null;
			if (!calls || !unseen) return [];
			const counted = count.replace(new RegExp(`^${escaped(object)}\\s*(?:->|\\.)`), '');
			return [{ words: { ...calls, ...unseen, lock, object, struct, count: counted, plain: twin.site.api, call: site.text, ...(locked ? { [locked.calls ? 'together' : 'handed']: site.api } : { around: '1' }) }, tells }];
		});
	});
	const [old, now] = [putsOf(change.post.sources.table, change.old), putsOf(change.post.sources.table, change.now)];
	return [...of(now, old, 'fixes'), ...of(old, now, 'introduces')];
}

const callsFor = (kind: string, lock: string): { readonly acquire: string; readonly release: string } => ({ acquire: `${kind}lock(&${lock})`, release: `${kind}unlock(&${lock})` });

/** The place as code has it that knows no locals: by the one instance of what it begins with. */
function ofInstance(change: Change, place: string): string | null {
	const root = rootOf(place);
	if (!root || root === place) return place;
	const struct = structOf(change, root);
	return struct ? place.replace(new RegExp(`^${escaped(root)}\\s*(?:->|\\.)`), `INSTANCE(${struct})->`) : place;
}
