import { folded } from '../../parse/plain-text';
import type { Row } from '../../knowledge/row';
import type { Table } from '../../knowledge/table';
import type { Definition } from '../../lower/sources';
import type { CNode } from '../../parse';
import type { Side } from '../sides/side';

/** A call as written in a function's body. */
export interface Site {
	readonly api: string;
	/** null: nothing is known of it; it is the patch's own, or nobody's. */
	readonly row: Row | null;
	/** Arguments' text, white space folded. */
	readonly args: readonly string[];
	readonly text: string;
	readonly line: number;
	readonly endLine: number;
	/** Where it begins in the source; a release that is due where a scope ends: at its closing brace. */
	readonly start: number;
	/** One of its lines is the patch's own. */
	readonly changed: boolean;
}

/** A function's calls as they were read, and the table by which they were. */
interface Known {
	readonly table: Table;
	readonly sites: readonly Site[];
}

/** What a function is known as: on either side of the patch, and beside other functions. */
const VERSIONS = 3;
/** Models of locks know no other ones. */
type Depth = 0 | 1;
const known: readonly [WeakMap<Definition, readonly Known[]>, WeakMap<Definition, readonly Known[]>] = [new WeakMap(), new WeakMap()];

/**
 * Calls by name in the function's body, in order; inner ones behind the call that they are an argument of. A guard's are where its scope begins and ends.
 * A function whose calls are known by the same rows as before has the same ones.
 */
export function sitesOf(definition: Definition, side: Side, depth: Depth = 0): readonly Site[] {
	const { table } = side.sources;
	const before = known[depth].get(definition) ?? [];
	const same = before.find((each) => each.table === table && each.sites.every(({ api, row }) => row === rowOf(api, side, depth)));
	if (same) return same.sites;
	const sites = readSites(definition, side, depth);
	known[depth].set(definition, [{ table, sites }, ...before].slice(0, VERSIONS));
	return sites;
}

/** Calls in the function of that name; none where the side has none such. */
export function sitesIn(side: Side, name: string): readonly Site[] {
	const definition = side.functions.get(name);
	return definition ? sitesOf(definition, side) : [];
}

/** What the table, or a model of a lock, says of a call. */
const rowOf = (api: string, side: Side, depth: Depth): Row | null => (side.functions.has(api) ? null : (side.sources.table.rows.get(api) ?? (depth === 0 ? lockingModel(api, side) : null)));

function readSites({ fn, file }: Definition, side: Side, depth: Depth): readonly Site[] {
	const found: Site[] = [];
	const changed = (from: number, to: number): boolean => {
		for (let line = from; line <= to; line++) if (file.place(line).changed) return true;
		return false;
	};
	const push = (api: string, args: readonly string[], { line, endLine, start }: Pick<Site, 'line' | 'endLine' | 'start'>, own: boolean): void => {
		found.push({ api, row: rowOf(api, side, depth), args, text: `${api}(${args.join(', ')})`, line, endLine, start, changed: own });
	};
	/** Releases that are due where the scope ends. */
	let due: ((scope: CNode) => void)[] = [];
	const guarded = (name: string, argument: string, node: CNode, own: boolean): void => {
		const guard = side.sources.table.guards.get(name);
		if (!guard) return;
		const args = argument === '' ? [] : [argument];
		if (guard.acquire) push(guard.acquire, args, { line: node.line, endLine: node.line, start: node.start }, own);
		due.push(({ endLine, end }) => push(guard.release, args, { line: endLine, endLine, start: end - 1 }, own));
	};
	const scope = (node: CNode, run: () => void): void => {
		const outer = due;
		due = [];
		run();
		for (const each of due.reverse()) each(node);
		due = outer;
	};
	const walk = (node: CNode): void => {
		const inner = (): void => {
			for (const child of node.named) walk(child);
		};
		const macro = node.type === 'while_statement' || node.type === 'for_statement' ? file.parsed.rewritten.get(node.start) : undefined;
		if (macro?.name === 'scoped_guard') {
			scope(node, () => {
				guarded(macro.args[0]?.text.trim() ?? '', folded(macro.args[1]?.text ?? ''), node, changed(node.line, node.line));
				inner();
			});
			return;
		}
		if (node.type === 'compound_statement') return scope(node, inner);
		if (node.type === 'call_expression') {
			const guard = /^guard\s*\(\s*(\w+)\s*\)\s*\(([\s\S]*)\)$/.exec(node.text);
			if (guard) return guarded(guard[1] ?? '', folded(guard[2] ?? ''), node, changed(node.line, node.endLine));
			const api = node.field('function')?.text ?? '';
			if (/^[A-Za-z_]\w*$/.test(api)) push(api, (node.field('arguments')?.named ?? []).map(({ text }) => folded(text)), node, changed(node.line, node.endLine));
		}
		inner();
	};
	walk(fn.body);
	return found;
}

/** A model of the name of a lock's: what it takes, or releases, as a row would have it. */
function lockingModel(api: string, side: Side): Row | null {
	const model = /(?:lock|(?:^|_)release)(?:_|$)/.test(api) ? side.sources.model(api) : null;
	if (!model) return null;
	const sites = sitesOf(model, side, 1);
	const before = models.get(sites);
	if (before?.api === api) return before.row;
	const row = rowOfModel(api, model, sites);
	models.set(sites, { api, row });
	return row;
}

/** By the model's own calls. */
const models = new WeakMap<readonly Site[], { readonly api: string; readonly row: Row | null }>();

function rowOfModel(api: string, model: Definition, sites: readonly Site[]): Row | null {
	const releases = /unlock(?:_|$)|(?:^|_)release(?:_|$)/.test(api);
	for (const { row, args: [lock = ''] } of sites) {
		const [, name, member] = /^&(\w+)->(\w+)$/.exec(lock) ?? [];
		const index = model.fn.params.findIndex((param) => param.name === name);
		if (!(row?.effect === 'lock' || row?.effect === 'unlock') || (row.effect === 'unlock') !== releases || row.at !== '*arg0' || index < 0) continue;
		const told = { api, at: `arg${index}->${member}`, kind: row.kind, mode: row.mode, ...(row.irq ? { irq: row.irq } : {}), partial: true, source: row.source } as const;
		return releases ? { ...told, effect: 'unlock' } : { ...told, effect: 'lock' };
	}
	return null;
}

/** A row's place over the arguments of a call, as C over the caller's names: `*arg0` of `&x->work` is `x->work`. */
export function placeText(site: Site, at: string): string | null {
	const shape = /^(\*?)arg(\d+)((?:->|\.)[\w.]+)?$/.exec(at);
	const arg = shape ? site.args[Number(shape[2])] : undefined;
	if (!shape || arg === undefined) return null;
	const address = /^&\s*\(?\s*([^()]+?)\s*\)?$/.exec(arg) ?? /^&\s*(\w+\s*\([^()]*\)(?:(?:->|\.)\w+)+)$/.exec(arg);
	const member = shape[3] ?? '';
	if (shape[1] === '*') return address ? `${address[1]}` : `*${arg}`;
	if (member === '') return arg;
	return address ? `${address[1]}.${member.replace(/^->|^\./, '')}` : `${arg}${member}`;
}

/** The variable that an expression begins with: `x` of `&x->y.z`; null for what is no plain path. */
export const rootOf = (expression: string): string | null => /^[&*\s(]*([A-Za-z_]\w*)(?:(?:->|\.)\w+|\[[^\]]*\])*[\s)]*$/.exec(expression)?.[1] ?? null;

/** Stands for a read-side section among the locks that are held. */
export const READ_SIDE = 'rcu_read_lock()';

/** What a place is called at its end: `lock` of `&x->y.lock` and of `x->lock[i]`. Nothing but letters, whatever the place is. */
export const lastWord = (place: string): string => /\w+$/.exec(place.replace(/(?:\[[^[\]]*\])+$/, ''))?.[0] ?? place.replace(/\W+/g, '');

/** The text as a regular expression that matches it. */
export const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A lock's place, for a call that takes or releases one. */
export function lockOf(site: Site): string | null {
	const { row } = site;
	if ((row?.effect === 'rcu-lock' || row?.effect === 'rcu-unlock') && !row.domain) return READ_SIDE;
	return row && (row.effect === 'lock' || row.effect === 'unlock' || row.effect === 'trylock') ? placeText(site, row.at) : null;
}

const takes = ({ row }: Site): boolean => row?.effect === 'lock' || row?.effect === 'rcu-lock';

/** Locks that are held at the call, by what comes before and after it in the text, with the calls that take and release them. */
export function heldAt(sites: readonly Site[], at: number): ReadonlyMap<string, { readonly acquire: Site | null; readonly release: Site | null }> {
	const held = new Map<string, { acquire: Site | null; release: Site | null }>();
	const locks = new Set(sites.flatMap((site) => lockOf(site) ?? []));
	for (const lock of locks) {
		const own = sites.map((site, index) => ({ site, index })).filter(({ site }) => lockOf(site) === lock && site.row?.effect !== 'trylock');
		const before = own.filter(({ index }) => index < at).at(-1)?.site ?? null;
		const after = own.find(({ index }) => index > at)?.site ?? null;
		const taken = before !== null && takes(before);
		if ((taken && !(after && takes(after))) || (!before && after && !takes(after))) {
			held.set(lock, { acquire: taken ? before : (own.find(({ site }) => takes(site))?.site ?? null), release: after && !takes(after) ? after : (own.find(({ site }) => !takes(site))?.site ?? null) });
		}
	}
	return held;
}

/** Whoever comes by the first call comes to the second one: nothing between the two leaves the function, and no label is there. By the text. */
export const onTheWay = ({ fn: { body } }: Definition, from: Site, to: Site): boolean => !/\breturn\b|\bgoto\b|^\s*\w+:/m.test(body.text.slice(from.start - body.start, to.start - body.start));
