import { callsOne, isNamed, type Namings } from '../../../../knowledge/namings';
import { HAS_IT_ALONE } from '../../../digests/discipline';
import type { Side } from '../../../sides/side';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, placeText, rootOf, type Site, sitesOf } from '../../sites';

/** Calls into which the renewal, the start and the wait are looked for. */
const DEPTH_BOUND = 2;

/** A `renewed` completion is made so before or after what completes it was begun by `starter`, with `unwaited` where the wait is out of sight. Helpers in sight are read as if they stood in the function. */
export function renewals(change: Change): readonly Finding[] {
	const { pre, post } = change;
	if (![pre, post].every(({ files }) => files.some(({ image }) => renews(post.sources.table, image.text)))) return [];
	const [was, is] = [spread(change.old, pre, DEPTH_BOUND), spread(change.now, post, DEPTH_BOUND)];
	const old = renewed(was);
	return renewed(is).flatMap(({ place, at }): readonly Finding[] => {
		const twin = old.find((each) => each.place === place);
		if (!twin) return [];
		const [left, right] = [split(was, twin.at, place), split(is, at, place)];
		const starts = (own: Around, other: Around): Site | undefined => own.before.findLast((site) => mayStart(change, site) && !has(other.before, site) && has(other.behind, site));
		const [late, early] = [starts(left, right), starts(right, left)];
		const starter = late ?? early;
		// What is begun only behind it completes nothing before it.
		if (!starter || (late && early) || (late ? left : right).behind.some((site) => mayStart(change, site))) return [];
		const wait = is.find((site) => isWait(site, place));
		const gives = wait?.row?.effect === 'wait-completion' && wait.row.timeout ? wait.api : undefined;
		return [{ words: { renewed: place, starter: starter.api, ...(wait ? {} : { unwaited: place }), ...(gives ? { impatient: gives, instead: patient(change, place) } : {}) }, tells: late ? 'fixes' : 'introduces' }];
	}).slice(0, 1);
}

/** `wiped`, a completion of something that is there all along, is made as new by `wipes`, on one side only; the other one just starts it over. */
export function wiped(change: Change): readonly Finding[] {
	const made = (sites: readonly Site[], way: string): ReadonlyMap<string, Site> => new Map(sites.flatMap((site) => {
		const place = site.row?.effect === 'init-completion' && change.ways.get(site) === way ? placeText(site, site.row.at) : null;
		return place?.includes('->') ? [[place, site] as const] : [];
	}));
	const [old, now] = [made(change.old, 'removed'), made(change.now, 'added')];
	/** It makes the completion's lock and list, too. */
	const makes = ({ api }: Site): boolean => isNamed(change.post.sources.table, 'makes-completion', api);
	return HAS_IT_ALONE.test(change.name) ? [] : [...old].flatMap(([place, was]): readonly Finding[] => {
		const is = now.get(place);
		if (!is || makes(was) === makes(is)) return [];
		const [wipes, keeps] = makes(was) ? [was, is] : [is, was];
		return [{ words: { wiped: place, wipes: wipes.api, call: keeps.text }, tells: wipes === was ? 'fixes' : 'introduces' }];
	}).slice(0, 1);
}

const renews = (table: Namings, text: string): boolean => callsOne(table, 'makes-completion', text) || callsOne(table, 'resets-completion', text);

/** What comes before the renewal, and what between it and the wait. */
interface Around {
	readonly before: readonly Site[];
	readonly behind: readonly Site[];
}

function split(sites: readonly Site[], at: number, place: string): Around {
	const rest = sites.slice(at + 1);
	const wait = rest.findIndex((site) => isWait(site, place));
	return { before: sites.slice(0, at), behind: wait < 0 ? rest : rest.slice(0, wait) };
}

const has = (sites: readonly Site[], { text }: Site): boolean => sites.some((each) => each.text === text);

const isWait = (site: Site, place: string): boolean => site.row?.effect === 'wait-completion' && placeText(site, site.row.at) === place;

const renewed = (sites: readonly Site[]): readonly { readonly place: string; readonly at: number }[] => sites.flatMap((site, at) => {
	const place = site.row?.effect === 'init-completion' ? placeText(site, site.row.at) : null;
	return place ? [{ place, at }] : [];
});

/** Of calls that do nothing to the model, those that reach a device or another one: by their names. */
const REACHES = /(?:^|_)(?:i?o?write\w*|out[bwl]|start|submit|issue|queue|send|xfer|transfer|kick|trigger|fire|ring|post|enable|go|cmd|command|exec|execute|request|schedule|doorbell|push|run)(?:_|$)|write|^regmap_\w*(?:set|update)/;
/** Names of what only makes ready, reads or tells. */
const PREPARES = /(?:^|_)(?:prepare|prep|fill|build|alloc|check|is|has|read\w*|get|dbg|trace|validate|map|lookup|find|init)(?:_|$)|^(?:dev|pr|netdev)_\w+$|^[A-Z_0-9]+$/;

const mayStart = ({ post }: Change, { api, row }: Site): boolean =>
	(row === null ? !PREPARES.test(api) : row.effect === 'spawn' || (row.effect === 'none' && REACHES.test(api) && !PREPARES.test(api))) && !post.functions.has(api);

/** The calls with those of helpers in sight in their place, in the words of who calls them. */
function spread(sites: readonly Site[], side: Side, depth: number): readonly Site[] {
	return sites.flatMap((site): readonly Site[] => {
		const callee = site.row === null ? side.functions.get(site.api) : undefined;
		if (!callee || depth === 0) return [site];
		const given = callee.fn.params.flatMap(({ name }, index) => (name && site.args[index] !== undefined ? [[name, site.args[index] ?? ''] as const] : []));
		const named = (text: string): string => inWordsOf(text, given);
		return spread(sitesOf(callee, side), side, depth - 1).map((each) => ({ ...each, args: each.args.map(named), text: `${each.api}(${each.args.map(named).join(', ')})` }));
	});
}

/** All parameters at once: an argument may bear another one's name. */
function inWordsOf(text: string, given: readonly (readonly [string, string])[]): string {
	if (given.length === 0) return text;
	const of = new Map(given);
	return text.replace(new RegExp(`(?<![\\w.>])(?:${given.map(([name]) => escaped(name)).join('|')})\\b`, 'g'), (name) => of.get(name) ?? name);
}

/** The wait without its timeout, by a function that knows none of the names. */
function patient(change: Change, place: string): string {
	const root = rootOf(place);
	const struct = root ? structOf(change, root) : null;
	return `wait_for_completion(&${struct && root ? place.replace(new RegExp(`^${root}(->|\\.)`), `INSTANCE(${struct})->`) : place})`;
}
