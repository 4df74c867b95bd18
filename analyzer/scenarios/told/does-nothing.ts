import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import { type Change, changeOf } from '../implied/change';
import type { Site } from '../implied/sites';
import { escaped, sitesOf } from '../implied/sites';
import { told } from '../implied/steps';
import { oldOf, statementsOf } from '../implied/twins';
import type { Side } from '../sides/side';
import { ANY, type Claim } from './claim';
import { callsIn, isOwn } from './places';
import { headOf } from './standing';
import type { Shortfall } from './window';

const OTHER = 'another_thread';

/**
 * The patch's statements do what was done before, in the same order: a value is kept in a local of its own right before it is used; or, where the mail speaks of what
 * sleeps in atomic context, that context is entered by another name. What was open before is open.
 */
export function doesNothing(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ of, check }) => (of === undefined || of === ANY) && check !== 'refcount-leak');
	if (!claim || !isOnlyOne(change)) return null;
	const context = claims[0]?.check === 'sleep-in-atomic';
	const [old, now] = [normal(change.before, change.pre, context), normal(change.after, change.post, context)];
	if (old.length === 0 || old.join('\n') !== now.join('\n')) return null;
	const own = statementsOf(change.after.fn.body).filter((node) => isOwn(change, node));
	const last = own.at(-1);
	const was = last && oldOf(change, last);
	return last && was ? {
		check: claim.check, message: `\`${told(headOf(last))}\` is no other than what was done before, and comes no earlier and no later`, other: OTHER,
		said: claim.text, reason: `The patch's lines do in ${change.name}() what was done before, in the same order`,
		opens: {}, opensAt: 'before', ends: { before: was, after: last },
	} : null;
}

/** All that the patch changes lies in this one function. */
function isOnlyOne({ name, pre, post, before, after, parser }: Change): boolean {
	const inside = (side: Side, { fn, file }: Change['after']): boolean => side.files.every(({ image, source }) => image.changed.every((changed, at) => !changed || (image.text.split('\n')[at] ?? '').trim() === '' || (source === file && at + 1 >= fn.line && at + 1 <= fn.endLine)));
	return post.changed.every((each) => each === name || changeOf(parser, each, pre, post, () => []) === null) && inside(post, after) && inside(pre, before);
}

/** Off and on again, by whichever name. */
const contextOf = ({ row }: Site): string | null => (row?.effect === 'context' ? `${row.which} ${row.delta}` : null);

/** What a function does, statement by statement, with what is only kept for the next use put where it is used. */
function normal(definition: Change['after'], side: Side, context: boolean): readonly string[] {
	const sites = context ? sitesOf(definition, side) : [];
	const all = [...statementsOf(definition.fn.body), ...declarationsOf(definition.fn.body)].sort((one, other) => one.start - other.start);
	const conditions = statementsOf(definition.fn.body).filter(({ type }) => /^(?:if|while|do|for|switch)_statement$/.test(type));
	const out: string[] = [];
	let kept: { readonly name: string; readonly value: string } | undefined;
	for (const [at, node] of all.entries()) {
		const text = folded(headOf(node));
		const entered = callsIn(sites, node).map(contextOf).find((each) => each !== null);
		if (entered && node.type === 'expression_statement') {
			out.push(entered);
			continue;
		}
		const [, name = '', value = ''] = /^(?:[\w ]+[ *]+)?(\w+) ?= ?([^=].*);$/.exec(text) ?? [];
		const next = all[at + 1];
		const uses = (each: CNode | undefined): number => (each ? [...folded(headOf(each)).matchAll(new RegExp(`(?<![\\w.>])${name}\\b`, 'g'))].length : 0);
		if (kept === undefined && name && /->/.test(value) && next && uses(next) === 1 && all.slice(at + 2).every((each) => uses(each) === 0)) {
			kept = { name, value };
			continue;
		}
		if (node.type === 'declaration' && !/=/.test(text)) continue;
		out.push(`${depthOf(conditions, node)} ${kept ? put(text, kept.name, kept.value) : text}`);
		kept = undefined;
	}
	return out.map((each) => each.replace(/\s+/g, ''));
}

/** The value where the name stands. */
function put(text: string, name: string, value: string): string {
	const address = /^&\s*(.+)$/.exec(value)?.[1];
	const through = text.replace(new RegExp(`(?<![\\w.>])${escaped(name)}\\s*->`, 'g'), () => (address ? `${address}.` : `${value}->`));
	return through.replace(new RegExp(`(?<![\\w.>])${escaped(name)}\\b`, 'g'), () => value);
}

const declarationsOf = (node: CNode): readonly CNode[] => (node.type === 'declaration' ? [node] : node.named.flatMap(declarationsOf));

/** How many conditions decide on it. */
const depthOf = (conditions: readonly CNode[], node: CNode): number => conditions.filter(({ start, end }) => start < node.start && end >= node.end).length;
