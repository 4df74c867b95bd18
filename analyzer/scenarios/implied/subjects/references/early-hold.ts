import { isNamed } from '../../../../knowledge/namings';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { rootOf, type Site } from '../../sites';
import { countOf } from './missing-hold';

/**
 * The reference of `object` (its `count`, of the one `struct`) is taken, by `call`, before `publish` on one side only and after it on the other: whoever finds what
 * is published there drops what was never taken. `given`: it is given the object itself.
 */
export function earlyHolds(change: Change): readonly Finding[] {
	const found: Finding[] = [];
	for (const site of change.now) {
		const object = rootOf(site.args[0] ?? '');
		const count = countOf(site);
		const struct = object ? structOf(change, object) : null;
		const twin = change.old.filter((each) => each.text === site.text);
		if (change.ways.get(site) !== 'moved' || !object || !count || !struct || twin.length !== 1) continue;
		const [was] = twin;
		for (const publish of change.now) {
			const then = change.old.find((each) => each.text === publish.text);
			if (!was || !then || !publishes(change, publish) || (site.line < publish.line) === (was.line < then.line)) continue;
			const given = publish.args.some((arg) => rootOf(arg) === object);
			found.push({ words: { object, count, struct, publish: publish.api, call: site.text, ...(given ? { given: '1' } : {}) }, tells: site.line < publish.line ? 'fixes' : 'introduces' });
		}
	}
	return found.slice(0, 1);
}

const publishes = (change: Change, { api, row }: Site): boolean => row?.effect === 'spawn' || row?.effect === 'register' || ((row === null || row.partial === true || row.effect === 'none') && isNamed(change.post.sources.table, 'lets-come-by', api));
