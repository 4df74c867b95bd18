import { added, type Change } from '../../change';
import type { Finding } from '../../partner';
import { destroyed, goingAway } from './going-away';
import { stopsOf } from './waits';

/** `call`, which the patch adds, takes back what was queued and does not wait for the callback of `place` where that runs; nothing else in sight does. The words of `goingAway`. */
export function weakStops(change: Change): readonly Finding[] {
	const fresh = new Set(added(change));
	const waits = stopsOf(change, change.now);
	return stopsOf(change, change.now, true).flatMap((stop) => {
		const rest = change.now.slice(stop.at + 1);
		// What nobody shows may wait for it.
		if (!fresh.has(stop.site) || waits.some(({ key }) => key === stop.key) || destroyed(change, rest).length > 0 || rest.some(({ row, args }) => row?.effect === 'flush' || (row === null && args.some((arg) => arg === stop.base)))) return [];
		return goingAway(change, stop.base).filter(({ after }) => after === undefined).map((words) => ({ words: { ...words, base: stop.base, place: stop.place, key: stop.key, call: stop.site.text }, context: stop.context, tells: 'still-fails' as const }));
	});
}
