import { isNamed } from '../../../../knowledge/namings';
import { unregisters } from '../../../../lower/unmodelled';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { lastWord, placeText, type Site, sitesOf } from '../../sites';
import { goingAway, withCode } from './going-away';
import { broughtNow } from './started-now';
import { isShown, startsNot, type Stop, stopsOf } from './waits';

/**
 * `call` waits for the callback of `place`, on one side only after `silence`, which stops the one that starts it: `armer`, by its key, in the
 * context of `silence`; else (`unregistered`) an operation that the unregister ends. `arm` starts it. The words of `goingAway`.
 */
export function stopOrders(change: Change): readonly Finding[] {
	const [old, now] = [stopsOf(change, change.old), stopsOf(change, change.now)];
	const arm = starter(change);
	return now.flatMap((after) => {
		const before = old.find((each) => each.key === after.key);
		if (!before || !after.site.args.some((arg) => arg.startsWith('&')) || isShown(change, after)) return [];
		const first = (sites: readonly Site[], end: number): readonly Site[] => sites.slice(0, end);
		const [left, right] = [first(change.old, before.at), first(change.now, after.at)];
		const stopped = (sites: readonly Site[]): ReadonlySet<string> => new Set([...old, ...now].flatMap(({ site, key }) => (sites.includes(site) ? [key] : [])));
		// What stops the same thing by another name is no more than that.
		const silences = (own: readonly Site[], other: readonly Site[], stopsThere: readonly Stop[]): readonly { readonly site: Site; readonly stop: Stop | undefined }[] =>
			own.filter((site) => !other.some((each) => each.text === site.text)).flatMap((site) => {
				const stop = stopsThere.find((each) => each.site === site);
				return ((stop && !stopped(other).has(stop.key)) || (!stop && unregisters(site.api) && !broughtNow(change, site))) && !startsNot(change, stop?.key, site.args, after.place) ? [{ site, stop }] : [];
			});
		const found = (list: ReturnType<typeof silences>, tells: Finding['tells']): readonly Finding[] => list.flatMap(({ site, stop }) => ways(change, after.base).map((words) => ({
			words: {
				...words, base: after.base, place: after.place, key: after.key, call: after.site.text, silence: site.text, arm: `${arm ?? ''}(&${after.place})`,
				...(stop ? { armer: stop.key } : { unregistered: site.api }),
			}, context: after.context, ...(stop ? { silenced: stop.context } : {}), tells,
		})));
		return arm ? [...found(silences(right, left, now), 'fixes'), ...found(silences(left, right, old), 'introduces')] : [];
	});
}

/** `call` keeps the callback of `place` from being started again, on one side only; `arm` starts it. The words of `goingAway`. */
export function lastStops(change: Change): readonly Finding[] {
	const arm = starter(change);
	const forever = (stop: Stop): boolean => stop.site.row?.effect === 'cancel' && stop.site.row.forever === true;
	const of = (own: readonly Stop[], other: readonly Stop[], tells: 'fixes' | 'introduces'): readonly Finding[] => own.flatMap((stop) => {
		const weaker = other.find((each) => each.key === stop.key);
		if (!forever(stop) || !weaker || forever(weaker) || isShown(change, stop) || startsInSight(change, stop) || !stop.site.args.some((arg) => arg.startsWith('&'))) return [];
		return (stop.code ? withCode(change) : goingAway(change, stop.base)).map((words) => ({ words: { ...words, base: stop.base, place: stop.place, key: stop.key, call: stop.site.api, arm: `${arm ?? ''}(&${stop.place})` }, context: stop.context, tells }));
	});
	const [old, now] = [stopsOf(change, change.old), stopsOf(change, change.now)];
	return arm ? [...of(now, old, 'fixes'), ...of(old, now, 'introduces')] : [];
}

/** A function that the mail shows starts what bears the name: then that one is who does, under what it asks for. */
const startsInSight = ({ post }: Change, { place }: Stop): boolean => [...post.functions.values()].some((definition) =>
	sitesOf(definition, post).some((site) => site.row?.effect === 'spawn' && lastWord(placeText(site, site.row.at) ?? '') === lastWord(place)));

/** The plain call that starts what its argument names. */
export const starter = ({ post }: Change): string | undefined =>
	post.sources.table.rows.ofEffect('spawn').find((row) => row.effect === 'spawn' && row.at === '*arg0' && row.args === 1 && !row.every)?.api;

/** As goingAway(); and what is only put to sleep is no longer to be used: `asleep`. */
function ways(change: Change, base: string): readonly Readonly<Record<string, string>>[] {
	const gone = goingAway(change, base);
	return gone.length === 0 && isNamed(change.post.sources.table, 'suspends', change.name) ? [{ asleep: `${base}->__asleep` }] : gone;
}
