import { says } from '../../knowledge/phrases';
import { callsOne } from '../../knowledge/namings';
import type { Patch } from '../../mail/patch';
import type { CNode } from '../../parse';
import { heldByCallers } from '../callers/held-by-callers';
import { roleOf } from '../callers/roles';
import type { Change } from '../implied/change';
import { type Point, pointsOf } from '../implied/sections';
import { escaped, lockOf } from '../implied/sites';
import { told, written } from '../implied/steps';
import { oldOf, statementsOf } from '../implied/twins';
import { type Claim, OF_TWO, wordsOf } from './claim';
import { isInSight, isOwn, leaves } from './places';
import type { Shortfall } from './window';

/** It decides by itself, or keeps what it finds. */
const decides = ({ post: { sources: { table } } }: Change, test: string): boolean => callsOne(table, 'in-one-step', test) || callsOne(table, 'keeps-out-or-asks-where', test);

/**
 * All that the patch puts against somebody else is a question: asked under a lock that is given back before anything is done on the strength of the answer, or asked under no
 * lock at all of what another one frees. Whoever comes in right behind it finds the function on its way.
 */
export const askedAlone = (change: Change, claims: readonly Claim[], patch: Pick<Patch, 'prose' | 'subject'>): Shortfall | null => {
	const claim = claims.find(({ check }) => OF_TWO.has(check)) ?? claims.find(({ check }) => check === 'stale-mapping');
	if (!claim) return null;
	const words = wordsOf(patch);
	return (says(change.post.sources.table, 'several-pass', words) ? underLock(change, claim) : null) ?? (says(change.post.sources.table, 'meanwhile', words) && says(change.post.sources.table, 'goes-away', words) ? underNone(change, claim) : null);
};

/** The patch's own section is one question that some leave at; the others go on behind its end. */
function underLock(change: Change, claim: Claim): Shortfall | null {
	const { after, now } = change;
	const points = pointsOf(after, now);
	for (const taken of now) {
		const lock = taken.changed && taken.row?.effect === 'lock' ? lockOf(taken) : null;
		const inside = lock === null ? [] : points.filter(({ node, held }) => node.start > taken.start && held.get(lock) === taken.start);
		const tests = inside.filter(({ node }) => node.type === 'if_statement');
		const [test] = tests;
		if (lock === null || !test || tests.length !== 1 || !isOwn(change, test.node) || !/->/.test(test.text) || decides(change, test.text)) continue;
		const others = inside.filter(({ node }) => node !== test.node && !(node.start > test.node.start && node.end <= test.node.end));
		const [end] = others;
		if (!end || others.length !== 1 || !now.some(({ start, row }) => start >= end.node.start && start < end.node.end && row?.effect === 'unlock')) continue;
		if (/->\s*\w+\s*[-+|&]?=(?!=)/.test(test.node.field('consequence')?.text ?? '') || asksAgain(points, test, end.node)) continue;
		const behind = statementsOf(after.fn.body).filter(({ start, type }) => start > end.node.end && type !== 'labeled_statement');
		const [way] = behind;
		const out = leaves(test.node) ? null : leavesBy(test.node, way);
		const next = out === null ? way : out && behind.find(({ start }) => start > out.end);
		if (out === undefined) continue;
		const old = next && oldOf(change, next);
		if (!next || !old || next.type === 'return_statement' || !isInSight(change, test.node, next)) continue;
		return {
			check: claim.of === undefined && claim.check !== 'data-race' ? claim.check : 'check-then-act', message: `another one passes \`${told(test.text)}\` as well before \`${told(written(next))}\``, other: 'another_of_them',
			said: claim.text, reason: `\`${told(test.text)}\` is asked under ${told(lock)}, and that is given back right behind it: nothing is done on the strength of the answer before the next one asks`,
			opens: { after: end.node }, opensAt: 'after', ends: { before: old, after: next },
		};
	}
	return null;
}

/** The way out that is gone by what the test has put into a variable. */
function leavesBy(test: CNode, way: CNode | undefined): CNode | undefined {
	const kept = /^\{?\s*(\w+)\s*=(?!=)[^;]*;\s*\}?$/.exec(test.field('consequence')?.text ?? '')?.[1];
	return kept !== undefined && way?.type === 'if_statement' && leaves(way) && new RegExp(`^\\(!?\\s*${kept}\\b`).test(way.field('condition')?.text ?? '') ? way : undefined;
}

/** Behind the section somebody asks the same once more. */
const asksAgain = (points: readonly Point[], test: Point, end: CNode): boolean => {
	const places = test.text.match(/\b\w+(?:->|\.)[\w.>-]+/g) ?? [];
	return points.some(({ node, text }) => node.start > end.end && /^(?:if|while|for|switch)_statement$/.test(node.type) && places.some((place) => text.includes(place)));
};

/** A pointer that may be none, or an offset that may be too large: all that the patch adds, under no lock, in a function that starts in sight. */
function underNone(change: Change, claim: Claim): Shortfall | null {
	const { after, now, post, name } = change;
	if (post.changed.length !== 1 || (heldByCallers(post, name) ?? []).length > 0 || roleOf(post, after)?.row.holds?.some(({ mode }) => mode === 'exclusive')) return null;
	const points = pointsOf(after, now);
	const own = statementsOf(after.fn.body).filter((node) => isOwn(change, node));
	const guards = points.filter(({ node }) => node.type === 'if_statement' && own.includes(node));
	const [guard] = guards;
	if (!guard || guards.length !== 1 || guard.held.size > 0 || !leaves(guard.node) || decides(change, guard.text)) return null;
	if (now.some(({ changed, row }) => changed && row && row.effect !== 'none' && row.effect !== 'load')) return null;
	// Nothing that keeps others out can have come before: only declarations do.
	if (statementsOf(after.fn.body).some(({ start }) => start < guard.node.start) || (after.fn.gaps.some((gap) => gap <= guard.node.line) && !declaresAhead(after.fn.body, guard.node))) return null;
	const asked = askedPlace(guard.text, after.fn.params.map((param) => param.name));
	if (asked === null) return null;
	const use = points.find(({ node, text }) => node.start > guard.node.end && node.type !== 'return_statement' && new RegExp(`(?<![\\w.>])${escaped(asked)}\\b`).test(text));
	const old = use && oldOf(change, use.node);
	if (!use || !old || !isInSight(change, guard.node, use.node)) return null;
	return {
		check: 'use-after-free', message: `\`${told(written(use.node))}\` works on what has gone away since \`${told(guard.text)}\``, other: 'who_frees_it',
		said: claim.text, reason: `\`${told(guard.text)}\` is asked under no lock: who frees it may come right behind that`,
		opens: { after: guard.node }, opensAt: 'after', ends: { before: old, after: use.node },
	};
}

/** What is asked about: the variable or the object whose field it is; null where it is the caller's own number. */
function askedPlace(condition: string, params: readonly string[]): string | null {
	const plain = condition.replace(/\b(?:un)?likely\b|\bREAD_ONCE\b/g, '');
	const pointer = /!\s*\(*\s*(\w+(?:->\w+)*)/.exec(plain)?.[1] ?? /(\w+(?:->\w+)*)\s*==\s*NULL/.exec(plain)?.[1];
	if (pointer !== undefined && !params.includes(pointer)) return pointer;
	const bound = /[<>]=?\s*\(*\s*(\w+)->\w+/.exec(plain)?.[1];
	return bound ?? null;
}

/** The lines in sight right before the guard declare. */
const declaresAhead = (body: CNode, guard: CNode): boolean => body.named.some(({ type, start, end }) => type === 'declaration' && start < guard.start && end <= guard.start);
