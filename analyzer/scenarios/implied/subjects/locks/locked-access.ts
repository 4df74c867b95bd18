import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { lockOf, rootOf } from '../../sites';
import { covered } from './locked-use';

/** A path to a field, that is no call. */
const PATH = /(?<![\w.>&])([A-Za-z_]\w*(?:(?:->|\.)\w+)+)(?!\s*[\w.([]|->)/g;

/** `place` is read or set under `lock` on the side after only, and on both sides. `acquire` and `release` take and give it back. */
export function lockedAccesses(change: Change): readonly Finding[] {
	const { after, before, now } = change;
	const lines = after.fn.body.text.split('\n').map((text, index) => ({ text, line: after.fn.body.line + index }));
	const old = before.fn.body.text.replace(/\s+/g, ' ');
	const locks = new Set(now.flatMap((site) => lockOf(site) ?? []));
	return covered(change).flatMap(({ lock, acquire, release, covers, was }): readonly Finding[] => {
		for (const { text, line } of lines.filter((each) => covers(each.line) && !was(each.text))) {
			if (now.some((site) => site.line === line && lockOf(site) !== null)) continue;
			for (const [, place = ''] of text.matchAll(PATH)) {
				const root = rootOf(place);
				if (root && !locks.has(place) && structOf(change, root) !== null && old.includes(place)) return [{ words: { place, lock, acquire, release, base: place }, tells: 'fixes' }];
			}
		}
		return [];
	}).slice(0, 1);
}
