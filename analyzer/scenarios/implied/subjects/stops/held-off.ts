import type { Table } from '../../../../knowledge/table';
import { beginsWith, isNamed } from '../../../../knowledge/namings';
import type { CNode } from '../../../../parse';
import { type Change, structOf } from '../../change';
import { areOpposite } from '../../opposites';
import { outermost } from '../../outermost';
import type { Finding, Marked } from '../../partner';
import { escaped, lockOf, rootOf, type Site } from '../../sites';
import { type Point, pointsOf } from '../../sections';
import { steps, told } from '../../steps';
import { twins } from '../../twins';
import { twinsOf } from '../../point-twins';

/**
 * Two calls that the patch adds, of which the second one (`end`) ends what the first one (`begin`) begins, by their names and what they are given, stand around
 * a statement that both sides have: it is marked, and `begin` on the side after is the earlier mark. `given` is what `begin` returns when it succeeds; `call` is how
 * it is called, `acts` what it stands around; `counted`: a reference that is only had where there still is one.
 */
export function heldOff(change: Change): readonly Finding[] {
	for (const [begin, end] of pairsOf(change)) {
		const marked = between(change, begin, end);
		const at = marked ? outermost(change, begin, marked.after) : undefined;
		if (!marked || !at || isExchanged(change, marked)) continue;
		const found: Finding = { words: { begin: begin.api, end: end.api, call: begin.text, acts: told(marked.after.text), given: givenBy(change, begin), ...(begin.row?.effect === 'get-unless-zero' ? { counted: '1' } : {}) }, tells: 'fixes', marked, earlier: { before: undefined, after: at } };
		return [found, { ...found, outline: BREAKS, inPart: true }];
	}
	return [];
}

/** The statement is under a lock before the patch only: the calls come in its place. */
function isExchanged(change: Change, { before, after }: Marked): boolean {
	const heldAt = (points: readonly Point[], { start }: CNode): readonly string[] => [...points.find(({ node }) => node.start === start)?.held.keys() ?? []];
	const now = heldAt(pointsOf(change.after, change.now), after);
	return heldAt(pointsOf(change.before, change.old), before).some((lock) => !now.includes(lock));
}

/** Effects of calls that have subjects of their own. */
const OWN: ReadonlySet<string> = new Set(['lock', 'unlock', 'trylock', 'rcu-lock', 'rcu-unlock', 'context', 'alloc', 'free', 'put', 'get', 'register', 'spawn', 'cancel', 'flush', 'bit', 'complete', 'load', 'store', 'fence']);

/** What it may break, where the assumed world does not lead there. */
export const BREAKS = ['use-after-free', 'lost-data', 'check-then-act', 'stale-mapping'] as const;

/** Whom a call that a model tells of holds off is known: the model runs. */
function pairsOf({ now, ways, post }: Change): readonly (readonly [Site, Site])[] {
	const added = now.filter((site) => ways.get(site) === 'added' && lockOf(site) === null);
	const begins = added.filter(({ api, row }) => (!OWN.has(row?.effect ?? '') || row?.partial === true) && (row !== null || !post.sources.model(api)));
	return begins.flatMap((begin) => added.filter((end) => end.start > begin.start && end !== begin && ends(post.sources.table, begin, end) && alike(begin, end)).slice(-1).map((end) => [begin, end] as const));
}

/** By their names, or because one takes a reference unless that is gone and the other one drops some. */
const ends = (table: Table, begin: Site, end: Site): boolean => areOpposite(begin.api, end.api) || (begin.row?.effect === 'get-unless-zero' && (end.row?.effect === 'put' || isNamed(table, 'drops-hold', end.api)));

/** Both are of one thing: their first arguments begin alike, or neither has any that names something. */
function alike(begin: Site, end: Site): boolean {
	const [one, other] = [rootOf(begin.args[0] ?? ''), rootOf(end.args[0] ?? '')];
	return one === null || other === null || one === other || begin.args.length === 0 || begin.args.some((each) => rootOf(each) === other) || begin.row === null;
}

/** Something done in between that others may do as well: a call rather than a store, and nothing that only leaves. */
function between(change: Change, begin: Site, end: Site): Marked | undefined {
	const alike = twinsOf(change).map(({ before: { node }, after }) => ({ before: node, after: after.node }));
	const inside = [...steps(change), ...twins(change), ...alike].filter(({ before, after }) => after.start > begin.start && after.end < end.start && after.type === 'expression_statement' && before.type === 'expression_statement');
	const does = (node: CNode): boolean => !/^\(?[A-Z_0-9]+\s*\(/.test(node.text) && !beginsWith(change.post.sources.table, 'only-tells', node.text);
	const about = new Set(begin.args.flatMap((arg) => rootOf(arg) ?? []));
	const names = (node: CNode): boolean => [...about].some((name) => new RegExp(`(?<![\\w.>])${name}\\b`).test(node.text));
	return inside.find(({ after }) => does(after) && names(after) && /\w\s*\(/.test(after.text)) ?? inside.find(({ after }) => does(after) && /\w\s*\(/.test(after.text)) ?? inside.find(({ after }) => does(after) && /->/.test(after.text));
}

/** `1` or `0`, as the code asks; or the instance that it assigns. */
function givenBy(change: Change, { api, start }: Site): string {
	const { body } = change.after.fn;
	const local = /([A-Za-z_]\w*)\s*=\s*$/.exec(body.text.slice(0, start - body.start))?.[1];
	const struct = local ? structOf(change, local) : null;
	if (struct) return `INSTANCE(${struct})`;
	const negated = new RegExp(`!\\s*${escaped(api)}\\s*\\(`).test(body.text) || (local !== undefined && new RegExp(`!\\s*${local}\\b`).test(body.text));
	const fails = local !== undefined && new RegExp(`\\(\\s*(?:unlikely\\s*\\(\\s*)?${local}\\s*(?:\\)|<|!=)`).test(body.text);
	return fails && !negated ? '0' : negated ? '1' : new RegExp(`if\\s*\\(\\s*${escaped(api)}\\s*\\(`).test(body.text) ? '0' : '1';
}

