import { isWhole } from '../../../../parse';
import { heldByCallers } from '../../../callers/held-by-callers';
import type { Change } from '../../change';
import { lastWord, type Site, sitesOf } from '../../sites';
import { putsOf } from './last-put';

/**
 * Whole files show who drops the last reference of the count (by its last word), and all of them do so under one of the locks: whoever holds that, and finds the
 * object, finds it with a reference left.
 */
export function isDroppedUnder({ post: { entire }, post: own, name }: Change, count: string, held: readonly string[]): boolean {
	const post = entire?.() ?? own;
	const locks = new Set(held.map(lastWord));
	if (locks.size === 0 || !post.files.every(({ image }) => image.completeness === 'whole')) return false;
	const puts = [...post.functions.values()].filter(({ fn }) => fn.name !== name && isWhole(fn)).flatMap((definition) =>
		putsOf(post.sources.table, sitesOf(definition, post)).filter((put) => lastWord(put.count) === lastWord(count)).map((put) => [...put.locks, ...callersLocks(post, definition.fn.name)]));
	return puts.length > 0 && puts.every((each) => each.some((lock) => locks.has(lastWord(lock))));
}

/** Locks that are held wherever the function is entered: its callers in sight hold them, or it says itself that they do. */
export const heldOnEntry = ({ post, name }: Change, sites: readonly Site[]): readonly string[] => [
	...callersLocks(post, name), ...sites.flatMap(({ row, args: [lock = ''] }) => (row?.effect === 'assert-held' ? [lock] : [])),
];

const callersLocks = (side: Change['post'], name: string): readonly string[] => (heldByCallers(side, name) ?? []).map(({ at }) => at);
