import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { rootOf } from '../../sites';
import { covers, lastUse, sections } from './read-section';

/**
 * `object` (of the one `struct`) is used behind a call that nobody shows, `handed`, which gives away what kept it; on one side only all of that is
 * under rcu_read_lock().
 */
export function handedOver(change: Change): readonly Finding[] {
	const [inside, outside] = [sections(change.now), sections(change.old)];
	const { table } = change.post.sources;
	const names = new Set([...change.after.fn.body.text.matchAll(/\b([A-Za-z_]\w*)\s*->/g)].map(([, name = '']) => name));
	return [...names].flatMap((object): readonly Finding[] => {
		const struct = structOf(change, object);
		const [after, before] = [lastUse(table, change.after.fn.body, object), lastUse(table, change.before.fn.body, object)];
		const section = inside.find(([from, to]) => after >= from && after <= to);
		if (!struct || !section || covers(outside, before)) return [];
		const handed = change.now.find((site) => site.line > section[0] && site.line < after && (site.row === null || site.row.effect === 'none') && site.args.length > 0 && change.post.sources.model(site.api) === null
			&& !change.post.functions.has(site.api) && change.ways.get(site) === 'kept' && site.args.some((arg) => rootOf(arg) !== null));
		return handed ? [{ words: { object, struct, handed: handed.api, call: handed.text }, tells: 'fixes' }] : [];
	}).slice(0, 2);
}
