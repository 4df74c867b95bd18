import type { ContextKind } from '../../../../../sim';
import { aliases, type Change, structOf } from '../../change';
import { isWhole } from '../../../../parse';
import { escaped, lastWord, placeText, rootOf, type Site, sitesOf } from '../../sites';

/** A call that waits until something asynchronous is done: a work item, a timer, an interrupt, a thread. */
export interface Stop {
	readonly site: Site;
	readonly at: number;
	/** What identifies it in the lowered program. */
	readonly key: string;
	readonly base: string;
	readonly place: string;
	readonly context: ContextKind;
	/** It belongs to the code itself, and goes away with it. */
	readonly code?: boolean;
}

/** `weak`: those that only keep it from being started by what is queued, and wait for nothing. */
export function stopsOf(change: Change, sites: readonly Site[], weak = false): readonly Stop[] {
	return sites.flatMap((site, at) => {
		const { row } = site;
		if (row?.effect !== 'flush' && row?.effect !== 'cancel') return [];
		if (weak ? row.effect !== 'cancel' || row.wait : row.effect === 'cancel' && !row.wait) return [];
		if (row.every === 'rcu' && isInReadersPlace(change)) return [];
		// Where it does not say for which queue, it is for all of them.
		if (row.every && row.every !== 'rcu' && site.args.length === 0) return [{ site, at, base: site.api, place: site.text, key: site.api, context: row.every, code: true }];
		const place = row.every ? (site.args[0] ?? '') : placeText(site, row.at);
		const base = place === null ? null : rootOf(place);
		const struct = base ? structOf(change, base) : null;
		if (place !== null && base && !struct) return ofCode(change, site, at, place, base, row.every ?? row.stops ?? 'work');
		if (place === null || !base || !struct) return [];
		const member = /^\*?\s*\(?\s*\w+\s*(?:->|\.)\s*([\w.>-]+)\)?$/.exec(place)?.[1]?.replaceAll('->', '.');
		return [{ site, at, base, place, key: keyOf(change, place, struct, member), context: row.every ?? row.stops ?? 'work' }];
	});
}

/** Of a variable of file scope: it goes away with the code. */
function ofCode(change: Change, site: Site, at: number, place: string, base: string, context: ContextKind): readonly Stop[] {
	const member = place.slice(base.length).replaceAll('->', '.');
	const known = change.threadKeys().find((each) => each.endsWith(`${base}${member}`) || each.endsWith(`~${base}${member}`)) ?? (site.row?.effect === 'flush' && site.row.every ? base : undefined);
	return known !== undefined && new RegExp(`(^|[^\\w.>])${base}\\s*(\\.|$)`).test(place) ? [{ site, at, base, place, key: known, context, code: true }] : [];
}

/** A path, or, for what a pointer leads to, the name by which the lowered code knows it: what is pointed at, when that is told, or the pointer. */
function keyOf(change: Change, place: string, struct: string, member: string | undefined): string {
	const plain = member ? `${struct}.${member}` : struct;
	const keys = change.threadKeys();
	if (!member || keys.includes(plain)) return plain;
	const path = aliases(change).get(rootOf(place) ?? '');
	const outer = path ? keys.find((key) => key.endsWith(`.${path.replace(/^.*(?:->|\.)/, '')}.${member}`)) : undefined;
	if (outer) return outer;
	const last = member.replace(/^.*\./, '.');
	if (!place.startsWith('*')) return (last === member ? undefined : keys.find((key) => key.endsWith(last))) ?? plain;
	const behind = keys.filter((key) => key.startsWith('*'));
	return behind.find((key) => key.endsWith(`.${member}`)) ?? (behind.length === 1 ? (behind[0] ?? '') : `*~${struct}.${member}`);
}

/** Its callback stands in what is shown: it takes part as itself. */
export function isShown(change: Change, { key }: Stop): boolean {
	const known = change.post.registrations().find((each) => each.key === key);
	return known !== undefined && change.post.functions.has(known.callback);
}

/** Who is stopped, by this key or by the call that is given it, is in sight, with all that he calls of these files, and none of that starts what `place` names. */
export function startsNot({ post: shown }: Change, key: string | undefined, args: readonly string[], place: string): boolean {
	const post = shown.entire?.() ?? shown;
	const reached = new Set([...registeredAs(post, key), ...givenTo(post, lastWord(args[0] ?? ''))]);
	for (const name of reached) {
		const definition = post.functions.get(name);
		if (!definition || !isWhole(definition.fn)) return false;
		for (const { api, row, args: handed } of sitesOf(definition, post)) {
			if (row?.effect === 'spawn' && handed.some((arg) => lastWord(arg) === lastWord(place))) return false;
			if (post.functions.has(api)) reached.add(api);
		}
	}
	return reached.size > 0;
}

/** By the key of what calls them back; a thread of an interrupt's has more to its key. */
const registeredAs = (side: Change['post'], key: string | undefined): readonly string[] => side.registrations().flatMap((each) => (key !== undefined && (each.key === key || each.key.startsWith(`${key} `)) ? [each.callback] : []));

/** Functions that are put into the member, or handed to the call whose answer it keeps. */
function givenTo({ files, functions }: Change['post'], member: string): readonly string[] {
	if (member === '') return [];
	const put = new RegExp(`(?:\\b${escaped(member)}\\s*\\.\\s*\\w+\\s*=\\s*|\\b${escaped(member)}\\s*=\\s*\\w+\\s*\\(\\s*)&?(\\w+)\\s*[;,]`, 'g');
	const named = [...functions.values()].flatMap(({ fn }) => [...fn.body.text.matchAll(put)].map(([, name = '']) => name));
	const initial = files.flatMap(({ source }) => source.parsed.initialisers.filter(({ variable }) => variable === member).map(({ value }) => value.replace(/^&/, '')));
	return [...named, ...initial].filter((name) => functions.has(name));
}

/** Readers were waited for before something is freed, and are no more: what now waits for callbacks ends nothing that was not ended before. */
export const isInReadersPlace = ({ old, now, ways }: Change): boolean => old.some((site, at) => site.row?.effect === 'rcu-sync' && ways.get(site) === 'removed' && old.slice(at + 1).some(({ row }) => row?.effect === 'free'))
	&& !now.some((site) => site.row?.effect === 'rcu-sync' && ways.get(site) === 'added');
