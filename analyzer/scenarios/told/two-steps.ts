import type { Table } from '../../knowledge';
import { callsNamed, callsOne, namesOf } from '../../knowledge/namings';
import { type CNode, isWhole } from '../../parse';
import { heldByCallers } from '../callers/held-by-callers';
import { roleOf } from '../callers/roles';
import type { Change } from '../implied/change';
import { type Point, pointsOf } from '../implied/sections';
import { escaped, READ_SIDE } from '../implied/sites';
import { told, written } from '../implied/steps';
import { statementsOf, twins } from '../implied/twins';
import { type Claim, OF_TWO } from './claim';
import { isInSight, isOwn } from './places';
import type { Shortfall } from './window';

const OTHER = 'another_thread';
/** What looks at a cell by a step of its own: the cell is its last argument. */
const looks = (table: Table): RegExp => new RegExp(String.raw`${callsNamed(table, 'reads-count', 'reads-once', 'asks-bit')}((?:[^()]|\([^()]*\))*)\)`, 'g');

interface Step {
	readonly test: CNode;
	readonly act: CNode;
	readonly place: string;
}

/**
 * The mail speaks of two that come at once, and what the patch puts against that is a look at a cell and, as a step of its own and under no lock, a change of that cell:
 * another one that has looked as well comes in between. Before the patch nobody looked: both sides fail.
 */
export function twoSteps(change: Change, claims: readonly Claim[]): Shortfall | null {
	const claim = claims.find(({ of, check }) => of === undefined && OF_TWO.has(check));
	const step = claim && (heldByCallers(change.post, change.name) ?? []).length === 0 ? stepOf(change) : null;
	if (!claim || !step) return null;
	const { check } = claim;
	const { test, act, place } = step;
	const old = oldOf(change, test, act, place);
	if (!old) return null;
	return {
		check, message: `\`${told(written(act))}\` is done although another thread may have got in between it and \`${told(written(test))}\``, other: OTHER,
		said: claim.text, reason: `\`${told(written(test))}\` and \`${told(written(act))}\` are two steps, and no code shown keeps another thread from passing the first one too`,
		opens: { after: test }, opensAt: 'after', ends: { before: old, after: act },
	};
}

/** A test that the patch makes, and behind it the first change of what it looks at: with no lock that is held all the way. */
function stepOf(change: Change): Step | null {
	const { after, now, post: { sources: { table } } } = change;
	const points = pointsOf(after, now);
	const statements = points.filter(({ node }) => node.type === 'expression_statement' || node.type === 'declaration');
	for (const point of points) {
		if (point.node.type !== 'if_statement' || !isOwn(change, point.node)) continue;
		const condition = point.node.field('condition')?.text ?? '';
		if (callsOne(table, 'in-one-step', condition)) continue;
		const plain = isWhole(after.fn) && !change.post.files.some(({ image }) => image.completeness === 'fragments');
		for (const place of looksAt(table, condition, plain || meetsItself(change, point.node))) {
			const act = statements.find((each) => each.node.start > point.node.start && changes(table, each.text, place) && !shares(point, each) && (plain || isInSight(change, point.node, each.node)));
			if (act && !callsOne(table, 'in-one-step', act.text) && !again(table, points, point, act, condition)) return { test: point.node, act: act.node, place };
		}
	}
	return null;
}

/** Of a function shown in part: it is entered in parallel with itself, by those who hold nothing, and all of it up to here is in sight. */
function meetsItself({ after, post }: Change, { line }: CNode): boolean {
	const role = roleOf(post, after)?.row;
	return role?.parallel === true && !role.holds?.length && !after.fn.headElided && after.fn.gaps.every((gap) => gap > line);
}

/** It is asked once more, under the lock of what is done. */
const again = (table: Table, points: readonly Point[], test: Point, act: Point, condition: string): boolean =>
	points.some((each) => each.node.type === 'if_statement' && each.node.start > test.node.start && each.node.start < act.node.start && looksAt(table, each.text, true).some((place) => looksAt(table, condition, true).includes(place)));

const shares = (one: Point, other: Point): boolean => [...one.held].some(([lock, section]) => lock !== READ_SIDE && other.held.get(lock) === section);

const folded = (place: string): string => place.replace(/^[\s&(]+|[\s)]+$/g, '').replace(/\s+/g, '');

/** Cells that a condition looks at: by a call that reads, or, `plain`, as they are. */
function looksAt(table: Table, condition: string, plain: boolean): readonly string[] {
	const calls = [...condition.matchAll(looks(table))].map(([, args = '']) => folded(args.slice(args.lastIndexOf(',') + 1)));
	const fields = plain ? (condition.replace(looks(table), '').match(/\b\w+(?:(?:->|\.)\w+)+(?!\s*\()/g) ?? []) : [];
	return [...calls, ...fields.map(folded)].filter((place) => /^\w+(?:->|\.)/.test(place));
}

/** The statement changes the cell, by itself. */
function changes(table: Table, text: string, place: string): boolean {
	const flat = text.replace(/\s+/g, '');
	const name = escaped(place);
	const calls = namesOf(table, 'sets-count', 'counts-up', 'counts-down', 'sets-bit', 'clears-bit', 'marks-store');
	return new RegExp(`^${calls}\\(.*?&?${name}[,)]|^${name}(?:[-+|&]?=(?!=)|\\+\\+|--)|^(?:\\+\\+|--)${name};`).test(flat);
}

/** What on the side before is done as that is: the same statement, one that changes the same field, or the next that both sides have. */
function oldOf(change: Change, test: CNode, act: CNode, place: string): CNode | undefined {
	const kept = twins(change);
	const last = place.replace(/^.*(?:->|\.)/, '');
	return kept.find(({ after }) => after.start === act.start)?.before
		?? statementsOf(change.before.fn.body).find(({ type, text }) => type === 'expression_statement' && new RegExp(`(?:->|\\.)${escaped(last)}\\s*(?:[-+|&]?=(?!=)|\\+\\+|--)`).test(text))
		?? kept.find(({ after }) => after.start > test.end)?.before;
}
