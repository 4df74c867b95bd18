import { heldByCallers } from '../../../callers/held-by-callers';
import { type Change, structOf } from '../../change';
import type { Finding } from '../../partner';
import { type Point, pointsOf } from '../../sections';
import { escaped, lockOf, type Site } from '../../sites';
import { told } from '../../steps';
import { statementsOf } from '../../twins';
import { isWhole } from '../../../../parse';
import { carefulGets } from './references';

/**
 * `object` is found under `lock`, or in a read side, and its reference taken, by `careless` before the patch and by `careful` after it, only when that was given back by `left`: on both sides, with
 * nothing else held. That the count is asked now is no help where what it is in may be gone. Marked are the statements that take it, earlier are those that give the lock back.
 */
export function lateReferences(change: Change): readonly Finding[] {
	if ((heldByCallers(change.post, change.name) ?? []).length > 0) return [];
	return carefulGets(change).flatMap(({ object, careful, careless }): readonly Finding[] => {
		const struct = structOf(change, object);
		if (change.after.fn.params.some(({ name }) => name === object) || (struct !== null && change.post.sources.table.types.get(struct)?.typeStable === true)) return [];
		const [before, after] = [outside(change.before, change.old, object, careless), outside(change.after, change.now, object, careful)];
		if (!before || !after || lockOf(before.left) !== lockOf(after.left)) return [];
		return [{
			words: { object, careful: careful.api, careless: careless.api, lock: lockOf(after.left) ?? '', left: after.left.text, taken: told(after.at.text) }, tells: 'still-fails',
			marked: { before: before.at.node, after: after.at.node }, earlier: { before: before.from, after: after.from }, outline: ['use-after-free'], inPart: true,
		}];
	}).slice(0, 1);
}

interface Outside {
	readonly at: Point;
	readonly left: Site;
	readonly from: Point['node'];
}

/** The reference is taken with nothing held, and the last that was, under which the object was found, was given back before. */
function outside(definition: Change['before'], sites: readonly Site[], object: string, get: Site): Outside | null {
	const at = pointsOf(definition, sites).find(({ node }) => node.start <= get.start && get.start < node.end);
	const left = sites.findLast(({ start, row }) => start < get.start && (row?.effect === 'unlock' || row?.effect === 'rcu-unlock'));
	const from = left && statementsOf(definition.fn.body).find(({ type, start, end }) => type === 'expression_statement' && start <= left.start && left.start < end);
	if (!at || !left || !from || at.held.size > 0) return null;
	const { body } = definition.fn;
	const text = (start: number, end: number): string => body.text.slice(start - body.start, end - body.start);
	const given = new RegExp(`(?<![\\w.>])${escaped(object)}\\s*=(?!=)|\\w*for_each\\w*\\s*\\([^;{]*(?<![\\w.>])${escaped(object)}\\b`);
	// Where the lock is taken, or where the first line in sight is.
	const taken = sites.findLast(({ start, row }) => start < left.start && (row?.effect === 'lock' || row?.effect === 'rcu-lock'));
	const inside = text(taken?.start ?? body.start, left.start);
	return !given.test(text(from.end, get.start)) && (given.test(inside.replace(NONE, '')) || (!taken && !isWhole(definition.fn))) ? { at, left, from } : null;
}

/** What is told to be none was not found. */
const NONE = /\b\w+\s*=\s*(?:NULL|0)\s*[;,]/g;
