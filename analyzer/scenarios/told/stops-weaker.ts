import type { Change } from '../implied/change';
import { lastWord, placeText, type Site, sitesIn } from '../implied/sites';
import { told } from '../implied/steps';
import { oldOf, statementAt, statementsOf } from '../implied/twins';
import type { Side } from '../sides/side';
import type { Claim } from './claim';
import { isInSight } from './places';
import type { Shortfall } from './window';

/**
 * A stop that waits for who runs was elsewhere, and the patch has one in its place, or further up, that does not wait: who runs already uses what goes away behind it.
 */
export function stopsWeaker(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ check }) => check === 'use-after-free');
	// Who waits no longer may do so for a reason.
	if (!claim || claims.some(({ check }) => check === 'deadlock' || check === 'sleep-in-atomic' || check === 'irq-unsafe-lock')) return null;
	const { now, after, pre, post } = change;
	const all = statementsOf(after.fn.body);
	for (const [at, site] of now.entries()) {
		const place = site.changed ? stopped(site, false) : null;
		const waited = place && waits(pre, place, true);
		if (!place || !waited || waits(post, place, false) || now.slice(at + 1).some(({ row }) => row?.effect === 'flush')) continue;
		const stop = statementAt(after.fn.body, site.line);
		const next = stop && all.find((node) => node.start > stop.end && node.type === 'expression_statement');
		const old = next && oldOf(change, next);
		if (!stop || !next || !old || !isInSight(change, stop, next)) continue;
		return {
			check: 'use-after-free', message: `who runs already uses what goes away from \`${told(next.text)}\` on: ${site.api}() does not wait for him`, other: 'who_runs_already',
			said: claim.text, reason: `\`${told(site.text)}\` does not wait for who runs already, as \`${told(waited.text)}\` did, which the patch takes away`,
			opens: { after: stop }, opensAt: 'before', ends: { before: old, after: next },
		};
	}
	return null;
}

/** The last name of what a call stops: it waits for who runs, or does not. */
function stopped({ row, ...site }: Site, waiting: boolean): string | null {
	const place = row?.effect === 'cancel' && Boolean(row.wait) === waiting ? placeText({ ...site, row }, row.at) : null;
	return place === null ? null : lastWord(place);
}

/** A call that waits for it, `own`: one of the patch's lines. */
function waits(side: Side, place: string, own: boolean): Site | undefined {
	for (const name of own ? side.changed : side.functions.keys()) {
		const found = sitesIn(side, name).find((site) => (site.changed || !own) && stopped(site, true) === place);
		if (found) return found;
	}
	return undefined;
}
