import type { CheckName } from '../../../sim';
import type { Row } from '../../knowledge/row';
import type { Table } from '../../knowledge/table';
import type { Definition } from '../../lower/sources';
import type { Party } from '../../lower/threads/party';
import { isWhole } from '../../parse';
import { digestOf, digestsOf } from '../digests/digests';
import { partyOf } from '../callers/roles';
import type { Scenario } from '../scenario';
import { type Side, changedOnEither } from '../sides/side';
import type { Models } from '../sides/sources';

/** What a function's own paths show of it, whoever else runs. */
const OF_ITS_PATHS: ReadonlySet<CheckName> = new Set(['lock-held-at-return', 'unlock-not-held', 'sleep-in-atomic', 'deadlock', 'refcount-leak']);

/** Changed functions by themselves, in outline: each of their paths, whatever the world is like. */
export function outlines(pre: Side | null, post: Side | null, models: Models): readonly Scenario[] {
	if (!pre || !post) return [];
	return changedOnEither(pre, post).flatMap((name): readonly Scenario[] => {
		const [before, after] = [pre.functions.get(name), post.functions.get(name)];
		if (!before || !after || !isWhole(before.fn) || !isWhole(after.fn)) return [];
		return [{
			because: 'conflict', reason: `${name}() alone, along each of its paths, whatever it finds`, pre: alone(pre, models, name, 0), post: alone(post, models, name, 0),
			entries: [name], claimed: false, weight: 20, outline: OF_ITS_PATHS,
		}];
	});
}

/** Functions that are tried for one new order. */
const AGAINST_BOUND = 2;

/** Two locks that a changed function now nests as it did not, or no longer as it did (`ended`), against functions of these files that nest them the other way round. */
export function newOrders(pre: Side | null, post: Side | null, models: Models): readonly (Scenario & { readonly ended: boolean })[] {
	if (!pre || !post) return [];
	const [old, now] = [digestsOf(pre), digestsOf(post)];
	const nests = (name: string, order: string): boolean => digestOf(now.factsOf(name)).orders.has(order);
	const against = (name: string, order: string, ended: boolean): readonly (Scenario & { readonly ended: boolean })[] => {
		const [outer = '', inner = ''] = order.split('>');
		// What others still do is no order that is given up.
		if (ended && [...post.functions.keys()].some((other) => nests(other, order))) return [];
		const others = [...post.functions.keys()].filter((other) => nests(other, `${inner}>${outer}`) && !(ended && other === name)).sort((a, b) => Number(a === name) - Number(b === name));
		return others.slice(0, AGAINST_BOUND).flatMap((other): readonly (Scenario & { readonly ended: boolean })[] => {
			const side = (of: Side): readonly Party[] => [name, other].flatMap((entry, index) => alone(of, models, entry, index));
			const [left, right] = [side(pre), side(post)];
			const reason = ended ? `${name}() took ${inner} under ${outer}, and ${other}() takes them the other way round` : `${name}() now takes ${inner} under ${outer}, and ${other}() takes them the other way round`;
			return left.length < 2 || right.length < 2 ? [] : [{ because: 'conflict', reason, pre: left, post: right, entries: [name, other], claimed: false, weight: 20, outline: new Set(['deadlock']), ended }];
		});
	};
	return post.changed.flatMap((name) => {
		if (!pre.functions.has(name)) return [];
		const [before, after] = [digestOf(old.factsOf(name)).orders, digestOf(now.factsOf(name)).orders];
		return [...[...after].filter((order) => !before.has(order)).flatMap((order) => against(name, order, false)), ...[...before].filter((order) => !after.has(order)).flatMap((order) => against(name, order, true))];
	});
}

/** The function as a thread of its own, without what its caller's model does around it. */
export function alone(side: Side, models: Models, name: string, index: number): readonly Party[] {
	const party = partyOf(side, models, name, index);
	if (!party) return [];
	const { caller: _, ...rest } = party;
	return [{ ...rest, start: 'ready', runs: 1 }];
}

/** Takings and givings back of one thing in a body. */
interface Sum {
	taken: number;
	given: number;
	leaving: number;
}

const counted = new WeakMap<Table, WeakMap<Definition['fn'], ReadonlyMap<string, Sum>>>();

/**
 * Whether what a function does bears on what its caller holds: it takes without giving back, or gives back without taking. A release right before one of several
 * ways out is not one more than it takes. `model` knows the functions in which a model's is written.
 */
export const leavesSomething = (definition: Definition, table: Table, model: (name: string) => Definition | null): boolean =>
	[...balanceOf(definition, table, model).values()].some(({ taken, given, leaving }) => taken > given || given - leaving > taken || (taken === 0 && given > 0));

function balanceOf({ fn, file }: Definition, table: Table, model: (name: string) => Definition | null): ReadonlyMap<string, Sum> {
	const ofTable = counted.get(table) ?? new WeakMap<Definition['fn'], ReadonlyMap<string, Sum>>();
	counted.set(table, ofTable);
	const known = ofTable.get(fn);
	if (known) return known;
	const { text } = fn.body;
	const balance = new Map<string, Sum>();
	ofTable.set(fn, balance);
	const count = (what: string, by: Partial<Sum>): void => {
		const sum = balance.get(what) ?? { taken: 0, given: 0, leaving: 0 };
		balance.set(what, { taken: sum.taken + (by.taken ?? 0), given: sum.given + (by.given ?? 0), leaving: sum.leaving + (by.leaving ?? 0) });
	};
	for (const { 0: match, 1: api = '', index } of text.matchAll(/\b([a-z_]\w*)\s*\(/g)) {
		const step = STEPS[table.rows.get(api)?.effect ?? 'none'];
		// What a model's own parts do to what it holds is its doing.
		const part = !step && file.modelled && api !== fn.name ? model(api) : null;
		for (const [what, { taken, given }] of part ? balanceOf(part, table, model) : []) count(what, taken > given ? { taken: taken - given } : { given: given - taken });
		if (!step) continue;
		const leaving = step.by < 0 && LEAVES.test(text.slice(index + match.length, index + match.length + LEAVES_WITHIN));
		count(step.what, step.by > 0 ? { taken: 1 } : { given: 1, leaving: leaving ? 1 : 0 });
	}
	return balance;
}

/** What follows the arguments of a release right before a way out of its block. */
const LEAVES = /^[^;{}]*;(?:[^{}]*?[;\s])?(?:return\b|goto\b)[^{}]*\}/;
const LEAVES_WITHIN = 240;

const STEPS: Readonly<Partial<Record<Row['effect'], { readonly what: string; readonly by: number }>>> = {
	lock: { what: 'lock', by: 1 }, unlock: { what: 'lock', by: -1 }, 'rcu-lock': { what: 'rcu', by: 1 }, 'rcu-unlock': { what: 'rcu', by: -1 }, get: { what: 'count', by: 1 }, put: { what: 'count', by: -1 },
};
