import { isNamed } from '../../../../knowledge/namings';
import { added, type Change } from '../../change';
import type { Finding } from '../../partner';
import { goingAway } from './going-away';
import { starter } from './stop-order';
import { type Stop, stopsOf } from './waits';

/**
 * `call`, which the patch adds, waits for the work item `place` before `silence` frees the interrupt of the same object, which nothing has kept off till then and which may start it
 * again: `armer` is the interrupt's key, `arm` what starts the work. The words of `goingAway`. An interrupt whose handler is shown takes part as itself.
 */
export function earlyStops(change: Change): readonly Finding[] {
	const fresh = new Set(added(change));
	const arm = starter(change);
	const stops = stopsOf(change, change.now);
	if (!arm) return [];
	return stops.filter(({ site, context }) => context === 'work' && fresh.has(site) && site.args.some((arg) => arg.startsWith('&'))).flatMap((stop) => {
		const silence = stops.find((each) => each.at > stop.at && each.base === stop.base && endsInterrupt(each));
		if (!silence || change.now.slice(0, stop.at).some(({ api }) => isNamed(change.post.sources.table, 'quiets', api)) || isShown(change, silence)) return [];
		return goingAway(change, stop.base).map((words) => ({
			words: { ...words, base: stop.base, place: stop.place, key: stop.key, call: stop.site.text, silence: silence.site.text, armer: silence.key, arm: `${arm}(&${stop.place})` },
			context: stop.context, silenced: silence.context, tells: 'still-fails' as const,
		}));
	});
}

const endsInterrupt = ({ context, site: { row } }: Stop): boolean => context === 'hardirq' && row?.effect === 'cancel' && row.forever === true && row.wait;

function isShown(change: Change, { key }: Stop): boolean {
	const handlers = change.post.registrations().filter((each) => each.key === key || each.key.startsWith(`${key} `));
	return handlers.some(({ callback }) => change.post.functions.has(callback));
}
