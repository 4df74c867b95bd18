import { heldByCallers } from '../../../callers/held-by-callers';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { pointsOf } from '../../sections';
import { placeText, READ_SIDE, rootOf } from '../../sites';
import { told } from '../../steps';
import { oldOf } from '../../twins';

/**
 * A reference (`get`, of `object`, whose struct is these files' own) that the patch takes, or brings into a read side, is taken there and under nothing else, whatever the count is: readers keep the
 * memory, not the count.
 * Marked is the statement that takes it.
 */
export function plainReferences(change: Change): readonly Finding[] {
	const { before: was, after, old, now, post } = change;
	if ((heldByCallers(post, change.name) ?? []).length > 0 || now.some(({ row }) => row?.effect === 'get-unless-zero')) return [];
	return now.flatMap((site): readonly Finding[] => {
		const count = site.row?.effect === 'get' && site.row.fails === undefined ? placeText(site, site.row.at) : null;
		const object = count ? rootOf(count) : null;
		const struct = object ? structOf(change, object) : null;
		const at = pointsOf(after, now).find(({ node }) => node.start <= site.start && site.start < node.end);
		if (!object || !at?.held.has(READ_SIDE) || at.held.size > 1 || after.fn.params.some(({ name }) => name === object) || (struct !== null && post.sources.table.types.has(struct))) return [];
		const before = oldOf(change, at.node);
		const covered = pointsOf(was, old).some(({ node, held }) => node.start === before?.start && held.has(READ_SIDE));
		return before && (site.changed || !covered) ? [{ words: { object, get: site.api, taken: told(at.text) }, tells: 'still-fails', marked: { before, after: at.node }, outline: ['resurrection'], inPart: true }] : [];
	}).slice(0, 1);
}
