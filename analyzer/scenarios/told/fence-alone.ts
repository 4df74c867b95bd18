import { expression } from '../../knowledge/expressions';
import { type Namings, namesOf } from '../../knowledge/namings';
import { isWhole } from '../../parse';
import type { CNode } from '../../parse';
import { folded } from '../../parse/plain-text';
import type { Definition } from '../../lower/sources';
import type { Change } from '../implied/change';
import { escaped, heldAt, lastWord, READ_SIDE, type Site, sitesOf } from '../implied/sites';
import { told, written } from '../implied/steps';
import { oldOf, statementsOf } from '../implied/twins';
import { neverMeet } from '../callers/roles';
import { withoutComments } from '../../parse/plain-text';
import { type Claim, OF_TWO } from './claim';
import type { Shortfall } from './window';

const PLACE = String.raw`([A-Za-z_]\w*(?:(?:->|\.)\w+)+)`;
const storeIn = (table: Namings): RegExp => expression(String.raw`^(?:${namesOf(table, 'marks-store')}\(&?)?${PLACE}(?:\[[^\]]*\])?(?:,| ?[-+|&]?=(?!=)|\+\+|--)`);
/** Statements ahead of the fence that are looked at. */
const NEAR = 3;

/** Two stores that the patch orders. */
interface Ordered {
	readonly first: CNode;
	readonly last: CNode;
	readonly places: readonly [string, string];
	readonly at: number;
}

/**
 * The patch orders two stores, and who reads both, in sight and left as it was, does so with nothing between its loads: it may have the older value of what is stored
 * first all the same. A fence is one half of a pair.
 */
export function fenceAlone(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ check }) => OF_TWO.has(check));
	const stores = claim && storesOf(change);
	if (!stores) return null;
	const [first, last] = stores.places;
	const writers = new Set([...heldAt(change.now, stores.at).keys()].filter((lock) => lock !== READ_SIDE).map(lastWord));
	const read = [...change.post.functions].filter(([name, { fn }]) => name !== change.name && isWhole(fn)).map(([name, definition]) => ({ name, way: wayRead(definition, sitesOf(definition, change.post), first, last, writers) }));
	const bare = read.find(({ name, way }) => way === 'bare' && !change.post.changed.includes(name) && !neverMeet(change.post, change.name, name));
	const [before, opened] = [oldOf(change, stores.last), oldOf(change, stores.first)];
	// Where somebody does order his loads, the pair is whole.
	if (!bare || !before || !opened || read.some(({ way }) => way === 'ordered')) return null;
	return {
		check: 'data-race', message: `${bare.name}() sees what \`${told(written(stores.last))}\` stores and not yet what is stored before it: nothing orders its loads`, other: bare.name,
		said: claim.text, reason: `${bare.name}() looks at ${last} and then reads ${first} with nothing between that orders the two loads: to order the stores is one half`,
		opens: { before: opened, after: stores.first }, opensAt: 'before', ends: { before, after: stores.last },
	};
}

/** A store, the patch's own fence behind it, and the next one; or the last one is a release of the patch's. */
function storesOf(change: Change): Ordered | null {
	const { after, now, ways } = change;
	const stores = storeIn(change.post.sources.table);
	const storedBy = (node: CNode): string | undefined => stores.exec(folded(node.text))?.[1];
	const all = statementsOf(after.fn.body).filter(({ type }) => type === 'expression_statement').sort((one, other) => one.start - other.start);
	for (const [at, site] of now.entries()) {
		const { row } = site;
		const release = row?.effect === 'store' && row.order === 'release';
		if (ways.get(site) !== 'added' || !(release || (row?.effect === 'fence' && (row.kind === 'write' || row.kind === 'full')))) continue;
		const from = all.findIndex(({ start, end }) => start <= site.start && site.start < end);
		const last = from < 0 ? undefined : all[release ? from : from + 1];
		const second = last && storedBy(last);
		const first = second ? all.slice(Math.max(0, from - NEAR), from).findLast((node) => { const place = storedBy(node); return place !== undefined && place !== second; }) : undefined;
		const place = first && storedBy(first);
		if (last && first && second && place) return { first, last, places: [place, second], at };
	}
	return null;
}

/**
 * How the function asks of the last place, in a condition, and then reads the first one, both members of one variable: with something between that is always passed and
 * orders the loads, or may; or with nothing. null where it does not.
 */
function wayRead({ fn: { body } }: Definition, sites: readonly Site[], first: string, last: string, writers: ReadonlySet<string>): 'ordered' | 'bare' | null {
	const text = withoutComments(body.text);
	const loads = (place: string): readonly RegExpExecArray[] =>
		[...text.matchAll(new RegExp(`(?<![\\w.>])(\\w+)${escaped(place.replace(/^\w+/, ''))}(?![\\w.(]|->)(?!\\s*(?:\\[[^\\]]*\\])?\\s*(?:[-+|&^]?=(?!=)|\\+\\+|--))`, 'g'))];
	const [looks, reads] = [loads(last), loads(first)];
	const ways = reads.flatMap((data) => {
		const look = looks.filter(({ index, 1: base }) => index < data.index && base === data[1] && isAsked(text, index, data.index)).at(-1);
		if (!look) return [];
		const [from, to] = [body.start + look.index, body.start + data.index];
		const held = [...heldAt(sites, sites.findIndex(({ start }) => start > to)).keys()].map(lastWord);
		const fenced = sites.some((site) => site.start > from && site.start < to && orders(site) && isAlwaysPassed(body, site.start, to));
		return [fenced || /acquire\w*\s*\(\s*&?$/.test(text.slice(0, look.index)) || held.some((lock) => writers.has(lock)) || dependsOn(text, look.index, data.index) ? 'ordered' as const : 'bare' as const];
	});
	return ways.includes('ordered') ? 'ordered' : (ways[0] ?? null);
}

/** The load stands in a condition, or is kept for one that comes before the other load. */
function isAsked(text: string, at: number, data: number): boolean {
	const from = Math.max(text.lastIndexOf(';', at), text.lastIndexOf('{', at), text.lastIndexOf('}', at)) + 1;
	const kept = keptIn(text, at);
	return /^\s*(?:\}\s*)?(?:else\s+)?(?:if|while|for)\b/.test(text.slice(from, at)) || (kept !== undefined && new RegExp(`\\b(?:if|while|for)\\s*\\([^;{]*\\b${kept}\\b`).test(text.slice(at, data)));
}

/** The local that gets what is loaded there. */
const keptIn = (text: string, at: number): string | undefined => /(\w+)\s*=(?!=)[^=]*$/.exec(text.slice(Math.max(text.lastIndexOf(';', at), text.lastIndexOf('{', at)) + 1, at))?.[1];

/** Nobody knows what it does, or it orders loads. */
const orders = ({ row }: Site): boolean => row === null || row.effect === 'lock' || row.effect === 'wait-event' || row.effect === 'wait-completion' || row.effect === 'rcu-sync' || (row.effect === 'fence' && row.kind !== 'write' && row.kind !== 'release') || ('order' in row && (row.order === 'acquire' || row.order === 'full'));

/** No block that is left before the place has it. */
function isAlwaysPassed(body: CNode, at: number, to: number): boolean {
	const inside = body.named.find(({ start, end }) => start <= at && at < end);
	if (!inside) return true;
	return inside.type === 'compound_statement' && body.type !== 'compound_statement' && inside.end <= to ? false : isAlwaysPassed(inside, at, to);
}

/** What is looked at is kept, and what is read then is found by it: an address that depends on a load comes behind it. */
function dependsOn(text: string, look: number, data: number): boolean {
	const kept = keptIn(text, look);
	return kept !== undefined && new RegExp(`\\b${kept}\\b`).test(text.slice(data, text.indexOf(';', data)));
}
