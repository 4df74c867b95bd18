import type { Table } from '../../../../knowledge';
import { namesOf } from '../../../../knowledge/namings';
import { CONTAINER } from '../../../../lower/grammar/container';
import { type Change, declared, structOf } from '../../change';
import type { Finding } from '../../partner';
import { heldAt, rootOf, type Site } from '../../sites';
import { plainCalls } from '../../plain-calls';

interface Fetch {
	/** The variable. */
	readonly object: string;
	/** Where it is read from, or the function that looks it up. */
	readonly cell?: string;
	readonly lookup?: string;
	/** The function that looks it up walks what readers may walk only in a section: its name says so. */
	readonly walk?: string;
	readonly line: number;
}

/**
 * `object` is fetched, from `cell` or by `lookup`, and used under rcu_read_lock() on one side only; `enter` and `leave` are the lock that one side
 * has instead, or that the side without it still holds. `walk`: the function that looks it up is called there on one side only, and must be.
 */
export function readSections(change: Change): readonly Finding[] {
	const [inside, outside] = [sections(change.now), sections(change.old)];
	if (inside.length === outside.length && inside.every((each, index) => each.join() === outside[index]?.join())) return [];
	const { table } = change.post.sources;
	const walks = fetches(change, change.before.fn.body).filter(({ walk }) => walk !== undefined);
	return fetches(change, change.after.fn.body).flatMap((fetch) => {
		if (fetch.walk !== undefined) return walked(change, fetch, inside, outside, walks);
		const [after, before] = [covers(inside, lastUse(table, change.after.fn.body, fetch.object)), covers(outside, lastUse(table, change.before.fn.body, fetch.object))];
		if (after === before) return [];
		const tells = after ? 'fixes' as const : 'introduces' as const;
		const partly = !after && covers(inside, fetch.line);
		const struct = structOf(change, fetch.object);
		// That a caller is inside a section need not be told; a section that ends between the fetch and the use tells enough.
		if (!struct || (tells === 'introduces' && (!partly || keeps(change, fetch.object, inside)))) return [];
		const locks = other(change, after);
		return [{
			words: { object: fetch.object, struct, type: declared(change, fetch.object)?.trim() ?? '', ...(fetch.cell ? { cell: fetch.cell } : {}), ...(fetch.lookup ? { lookup: fetch.lookup } : {}), ...locks }, tells,
		}];
	});
}

function walked(change: Change, { object, walk, line }: Fetch, inside: Sections, outside: Sections, walks: readonly Fetch[]): readonly Finding[] {
	const then = walks.filter((each) => each.walk === walk && each.object === object);
	const struct = structOf(change, object);
	const [only] = then;
	const [after, before] = [covers(inside, line), only !== undefined && covers(outside, only.line)];
	// That a caller is inside a section need not be told.
	if (!struct || !walk || !only || then.length !== 1 || !after || before || Object.keys(other(change, after)).length > 0) return [];
	return [{ words: { object, struct, walk }, tells: 'fixes' }];
}

/** A reference is taken in the section: what is used behind it stays. */
const keeps = ({ now }: Change, object: string, inside: Sections): boolean =>
	now.some(({ row, api, args, line }) => (row ? row.effect === 'get' || row.effect === 'get-unless-zero' : takesReference(api)) && covers(inside, line) && rootOf(args[0]?.replace(/^&/, '') ?? '') === object);
/** A function whose name says so, where nothing else does. */
export const takesReference = (api: string): boolean => /_(?:get|hold|ref)(?:_|$)/.test(api);

/** A lock that only the side without the section holds there: the updater has it too. */
function other(change: Change, after: boolean): Readonly<Record<string, string>> {
	const sites = after ? change.old : change.now;
	const at = sites.findIndex((site) => change.ways.get(site) !== 'kept');
	for (const lock of at < 0 ? [] : heldAt(sites, at).keys()) {
		const calls = plainCalls(change, lock, 'task');
		if (calls && (!after || change.ways.get(heldAt(sites, at).get(lock)?.acquire ?? (sites[at] as Site)) === 'removed')) return { enter: calls.acquire, leave: calls.release };
	}
	return {};
}

type Sections = readonly (readonly [number, number])[];

/** First and last line of each section that is in sight. */
export function sections(sites: readonly Site[]): readonly (readonly [number, number])[] {
	const found: [number, number][] = [];
	let open: number | null = null;
	for (const site of sites) {
		if (site.row?.effect === 'rcu-lock' && !site.row.domain) open ??= site.line;
		// A section goes on to its last unlock before the next lock: earlier ones are on paths that leave.
		if (site.row?.effect === 'rcu-unlock' && !site.row.domain) {
			const last = found.at(-1);
			if (open !== null) found.push([open, site.line]);
			else if (last) last[1] = site.line;
			open = null;
		}
	}
	if (open !== null) found.push([open, Number.MAX_SAFE_INTEGER]);
	return found;
}

export const covers = (all: readonly (readonly [number, number])[], line: number): boolean => all.some(([from, to]) => line >= from && line <= to);

export function lastUse(table: Table, body: Change['after']['fn']['body'], object: string): number {
	const use = useOf(table, object);
	let last = 0;
	body.text.split('\n').forEach((text, index) => {
		if (use.test(text)) last = body.line + index;
	});
	return last;
}

/** What the variable leads to is looked at, or given to a function that is more than a test of the pointer. */
export const useOf = (table: Table, object: string): RegExp =>
	new RegExp(String.raw`(?<![\w.>])${object}\s*->|\b(?!(?:${NO_CALL}|${namesOf(table, 'only-looks')})\b)[A-Za-z_]\w*\s*\((?:[^()]*,)?\s*${object}\s*[,)]`);

/** Words of C that stand before a parenthesis, and call nothing. */
export const NO_CALL = 'if|while|for|switch|return|sizeof';

/** A lookup that is named for the section in which it must be called. */
const WALKS = /(find|lookup|get_by|search|_for_each)\w*_rcu$|_get_rcu$/;

/** The place that a row loads, over its first argument. */
function cellOf(at: string, argument: string): string | null {
	if (at === '*arg0') return argument.startsWith('&') ? argument.slice(1).trim() : `*${argument}`;
	return /^arg0(?:->[\w.]+)?$/.test(at) ? at.replace('arg0', argument) : null;
}

/** `p = rcu_dereference(x->y)`, `p = READ_ONCE(x->y)`, `p = find_it(…)`, then used. */
export function fetches(change: Change, body: Change['after']['fn']['body']): readonly Fetch[] {
	const { table } = change.post.sources;
	const found: Fetch[] = [];
	body.text.split('\n').forEach((text, index) => {
		const assigned = /\b([A-Za-z_]\w*)\s*=\s*([A-Za-z_]\w*)\s*\((.*)\)\s*[;)]/.exec(text);
		const [, object = '', api = '', args = ''] = assigned ?? [];
		if (!assigned) return;
		if (WALKS.test(api)) found.push({ object, walk: api, line: body.line + index });
		if (!useOf(table, object).test(body.text)) return;
		const row = table.rows.get(api);
		const first = args.split(',')[0]?.trim() ?? '';
		const cell = row?.effect === 'load' ? cellOf(row.at, first) : null;
		if (cell !== null && rootOf(cell)) found.push({ object, cell, line: body.line + index });
		else if (!row && !change.post.functions.has(api) && !CONTAINER.has(api)) found.push({ object, lookup: api, line: body.line + index });
	});
	return found;
}
