import { says } from '../../knowledge/phrases';
import { holdsByName } from '../../lower/unmodelled';
import type { Change } from './change';
import type { Finding } from './partner';
import { escaped, placeText, type Site, sitesOf } from './sites';
import { drops } from './subjects/references/missing-drop';

/**
 * What is pending holds a reference, which whoever takes it away drops in its stead: the change no longer does. Nothing that it adds drops the object or speaks of it, no other function is changed,
 * and who queues it, where he is in sight, takes one. Neither does the mail say that none is held.
 */
export function isKeptWhenCancelled(change: Change, { words: { call = '', object = '' } }: Finding, mail: string): boolean {
	if (says(change.post.sources.table, 'none-pending-held', mail) || change.post.changed.length + change.pre.changed.length > 2) return false;
	const names = new RegExp(`(?<![\\w.>])${escaped(object)}\\b`);
	const speaks = (site: Site): boolean => site.text !== call && (drops(change)(site) || names.test(site.args.join()));
	return !change.now.some((site) => change.ways.get(site) === 'added' && speaks(site)) && isTakenByQueuers(change, call);
}

/** Where somebody in sight queues it, one of them takes a reference. */
function isTakenByQueuers({ old, post }: Change, call: string): boolean {
	const what = memberOf(old.find(({ text }) => text === call));
	const queuers = [...post.functions.values()].map((each) => sitesOf(each, post)).filter((sites) => sites.some((site) => site.row?.effect === 'spawn' && memberOf(site) === what));
	return queuers.length === 0 || queuers.some((sites) => sites.some(({ row, api }) => row?.effect === 'get' || row?.effect === 'get-unless-zero' || holdsByName(api)));
}

/** The member that the call starts or takes away: `loss_work` of `rp->loss_work`. */
const memberOf = (site: Site | undefined): string | undefined =>
	(site?.row?.effect === 'spawn' || site?.row?.effect === 'cancel' ? /\w+$/.exec(placeText(site, site.row.at) ?? '')?.[0] : undefined);
