import { isNamed } from '../../../../knowledge/namings';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { heldAt, lastWord, lockOf, placeText, rootOf, type Site, sitesOf } from '../../sites';
import { heldOnEntry } from './dropped-under';
import { drops } from './missing-drop';
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
			if (site.line > publish.line ? waitsForUs(change, change.now, publish, site) : waitsForUs(change, change.old, then, was)) continue;
			const given = publish.args.some((arg) => rootOf(arg) === object);
			found.push({ words: { object, count, struct, publish: publish.api, call: site.text, ...(given ? { given: '1' } : {}) }, tells: site.line < publish.line ? 'fixes' : 'introduces' });
		}
	}
	return found.slice(0, 1);
}

const publishes = (change: Change, { api, row }: Site): boolean => row?.effect === 'spawn' || row?.effect === 'register' || ((row === null || row.partial === true || row.effect === 'none') && isNamed(change.post.sources.table, 'lets-come-by', api));

/**
 * Whole files show what `publish` starts, and that it takes a lock first, before it drops anything, which is held from there until the reference is taken, by `late`: it
 * comes to its drop behind that.
 */
function waitsForUs(change: Change, sites: readonly Site[], publish: Site, late: Site): boolean {
	const side = change.post.entire?.() ?? change.post;
	const started = publish.row?.effect === 'spawn' ? placeText(publish, publish.row.at) : null;
	if (!started || !side.files.every(({ image }) => image.completeness === 'whole')) return false;
	const callbacks = side.registrations().filter(({ key }) => lastWord(key) === lastWord(started)).flatMap(({ callback }) => side.functions.get(callback) ?? []);
	const atBoth = [...heldAt(sites, sites.indexOf(publish)).keys()].filter((lock) => heldAt(sites, sites.indexOf(late)).has(lock));
	const held = new Set([...atBoth, ...heldOnEntry({ ...change, post: side }, sites)].map(lastWord));
	return callbacks.length > 0 && callbacks.every((callback) => {
		const own = sitesOf(callback, side);
		const [lock, drop] = [own.findIndex((site) => site.row?.effect === 'lock' && held.has(lastWord(lockOf(site) ?? ''))), own.findIndex(drops(change))];
		return lock >= 0 && (drop < 0 || lock < drop);
	});
}
