import type { CNode } from '../../../../parse';
import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding, Marked } from '../../partner';
import { escaped, type Site } from '../../sites';
import { LOCKING, told, written } from '../../steps';
import { conditionals, statementsOf } from '../../twins';

/**
 * Behind a lock of `object`, one of the row's calls, its `hands` is asked for by a condition on one side only: who took the object away meanwhile has changed
 * that. `early`: it is asked for only before the lock is taken, which is marked. Else marked is that condition, behind which the function goes on; on the other side what stands in its place, or the lock's own statement.
 */
export function rechecked(change: Change, row: Asked): readonly Finding[] {
	const found: Finding[] = [];
	for (const object of lockedObjects(change, row)) {
		const [was, is] = [conditionOn(object, change.before.fn.body, row), conditionOn(object, change.after.fn.body, row)];
		const test = is ?? was;
		if (!test || (was && is) || asked(object, change, is ? 'old' : 'now', row)) continue;
		const [sites, body] = is ? [change.old, change.before.fn.body] : [change.now, change.after.fn.body];
		const other = inPlaceOf(test, body) ?? lockingOf(object, sites, body, row);
		if (!other) continue;
		const early = beforeLock(object, change, is ? 'after' : 'before', test, row);
		if (early) {
			if (is) found.push({ words: { object, test: told(written(test)), early: '1' }, tells: 'still-fails', marked: early });
			continue;
		}
		const words = { object, test: told(written(test)) };
		found.push({ words, tells: is ? 'fixes' : 'introduces', marked: is ? { before: other, after: is } : { before: test, after: other }, earlier: { before: was, after: is } });
	}
	// A world in which the object is not found says nothing.
	return found.slice(0, 1).flatMap((each) => [each, { ...each, outline: BREAKS, inPart: true }]);
}

const BREAKS = ['stale-mapping', 'lost-data'] as const;

/** What is locked on both sides. */
function lockedObjects({ old, now }: Change, { calls = [] }: Asked): readonly string[] {
	const names = new Set(calls);
	const of = (sites: readonly Site[]): readonly string[] => sites.flatMap(({ api, args }) => (names.has(api) && /^\w+$/.test(args[0] ?? '') ? [args[0] ?? ''] : []));
	const before = new Set(of(old));
	return [...new Set(of(now))].filter((object) => before.has(object));
}

const conditionOf = (node: CNode): string => node.field('condition')?.text ?? '';

/** The condition that asks for the object's member. */
const conditionOn = (object: string, body: CNode, { hands = '' }: Asked): CNode | undefined =>
	conditionals(body).find((node) => new RegExp(`(?<![\\w.>])${escaped(object)}\\s*->\\s*${escaped(hands)}\\b|\\b\\w*_${escaped(hands)}\\s*\\(\\s*${escaped(object)}\\s*\\)`).test(conditionOf(node)));

/** The statements that lock the object, where on that side all of them come behind the condition: it may change until then. */
function beforeLock(object: string, { before, after, old, now }: Change, side: keyof Marked, test: CNode, row: Asked): Marked | null {
	const marked = { before: lockingOf(object, old, before.fn.body, row), after: lockingOf(object, now, after.fn.body, row) };
	const sites = side === 'after' ? now : old;
	const first = sites.find(({ api, args }) => (row.calls ?? []).includes(api) && args[0] === object);
	return marked.before && marked.after && first && first.start > test.end ? { before: marked.before, after: marked.after } : null;
}

/** A condition that asks for something else of what the other one asks for. */
function inPlaceOf(test: CNode, body: CNode): CNode | undefined {
	const parts = (node: CNode): readonly string[] => conditionOf(node).split(/&&|\|\|/).map((part) => part.replace(/\b(?:un)?likely\b|[\s()]/g, '')).filter((part) => part !== '');
	const own = new Set(parts(test));
	return conditionals(body).find((node) => parts(node).some((part) => own.has(part)));
}

/** The last statement that locks the object. */
function lockingOf(object: string, sites: readonly Site[], body: CNode, { calls = [] }: Asked): CNode | undefined {
	const site = sites.findLast(({ api, args }) => calls.includes(api) && args[0] === object);
	return site && statementsOf(body).find(({ type, start, end }) => start <= site.start && site.start < end && (type === 'if_statement' || type === 'expression_statement'));
}

/** The side without the condition gives the object to a call of its own, which may ask for it. */
function asked(object: string, change: Change, side: 'old' | 'now', { calls = [] }: Asked): boolean {
	const others = new Set(change[side === 'old' ? 'now' : 'old'].map(({ api }) => api));
	return change[side].some((site) => !others.has(site.api) && site.args.includes(object) && !calls.includes(site.api) && !LOCKING.has(site.row?.effect ?? '') && site.row?.effect !== 'put');
}
