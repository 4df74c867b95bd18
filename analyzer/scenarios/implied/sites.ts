import type { Row } from '../../knowledge/row';
import type { Definition } from '../../lower/lowering';
import type { CNode } from '../../parse';
import type { Side } from '../side';

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
	/** One of its lines is the patch's own. */
	readonly changed: boolean;
	/** Its value is tested, stored or passed on. */
	readonly used: boolean;
}

const folded = (node: CNode): string => node.text.replace(/\s+/g, ' ').trim();

/** Calls by name in the function's body, in order; inner ones behind the call that they are an argument of. */
export function sitesOf({ fn, file }: Definition, side: Side): readonly Site[] {
	const found: Site[] = [];
	const walk = (node: CNode, used: boolean): void => {
		if (node.type === 'call_expression') {
			const api = node.field('function')?.text ?? '';
			if (/^[A-Za-z_]\w*$/.test(api)) {
				const args = (node.field('arguments')?.named ?? []).map(folded);
				const row = side.functions.has(api) ? null : (side.sources.table.rows.get(api) ?? null);
				let changed = false;
				for (let line = node.line; line <= node.endLine; line++) changed ||= file.place(line).changed;
				found.push({ api, row, args, text: `${api}(${args.join(', ')})`, line: node.line, endLine: node.endLine, changed, used });
			}
		}
		const statement = node.type === 'expression_statement' || node.type === 'compound_statement';
		for (const child of node.named) walk(child, !statement);
	};
	walk(fn.body, false);
	return found;
}

/** A row's place over the arguments of a call, as C over the caller's names: `*arg0` of `&x->work` is `x->work`. */
export function placeText(site: Site, at: string): string | null {
	const shape = /^(\*?)arg(\d+)((?:->|\.)[\w.]+)?$/.exec(at);
	const arg = shape ? site.args[Number(shape[2])] : undefined;
	if (!shape || arg === undefined) return null;
	const address = /^&\s*\(?\s*([^()]+?)\s*\)?$/.exec(arg);
	const member = shape[3] ?? '';
	if (shape[1] === '*') return address ? `${address[1]}` : `*${arg}`;
	if (member === '') return arg;
	return address ? `${address[1]}.${member.replace(/^->|^\./, '')}` : `${arg}${member}`;
}

/** The variable that an expression begins with: `x` of `&x->y.z`; null for what is no plain path. */
export const rootOf = (expression: string): string | null => /^[&*\s(]*([A-Za-z_]\w*)(?:(?:->|\.)\w+|\[[^\]]*\])*[\s)]*$/.exec(expression)?.[1] ?? null;

/** A lock's place, for a call that takes or releases one. */
export function lockOf(site: Site): string | null {
	const { row } = site;
	return row && (row.effect === 'lock' || row.effect === 'unlock' || row.effect === 'trylock') ? placeText(site, row.at) : null;
}

/** Locks that are held at the call, by what comes before and after it in the text, with the calls that take and release them. */
export function heldAt(sites: readonly Site[], at: number): ReadonlyMap<string, { readonly acquire: Site | null; readonly release: Site | null }> {
	const held = new Map<string, { acquire: Site | null; release: Site | null }>();
	const locks = new Set(sites.flatMap((site) => lockOf(site) ?? []));
	for (const lock of locks) {
		const own = sites.map((site, index) => ({ site, index })).filter(({ site }) => lockOf(site) === lock && site.row?.effect !== 'trylock');
		const before = own.filter(({ index }) => index < at).at(-1)?.site ?? null;
		const after = own.find(({ index }) => index > at)?.site ?? null;
		const taken = before?.row?.effect === 'lock';
		if ((taken && after?.row?.effect !== 'lock') || (!before && after?.row?.effect === 'unlock')) {
			const acquire = taken ? before : (own.find(({ site }) => site.row?.effect === 'lock')?.site ?? null);
			held.set(lock, { acquire, release: after?.row?.effect === 'unlock' ? after : (own.find(({ site }) => site.row?.effect === 'unlock')?.site ?? null) });
		}
	}
	return held;
}
