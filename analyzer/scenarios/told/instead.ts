import type { CNode } from '../../parse';
import { folded } from '../../parse/plain-text';
import type { Pair } from '../implied/pairing';
import { waits } from './nature';

/** Of the identifiers of the shorter one of two statements, as many are in the other one, where that stands in its place. */
const ALIKE = 0.5;

const within = (outer: CNode, inner: CNode): boolean => outer.start <= inner.start && outer.end >= inner.end;

/** The smallest condition of both sides that the statement lies in. */
const under = (node: CNode, side: 'before' | 'after', conditions: readonly Pair<CNode>[]): Pair<CNode> | undefined =>
	conditions.filter((each) => each[side] !== node && within(each[side], node)).reduce<Pair<CNode> | undefined>((best, each) => (best && best[side].end - best[side].start <= each[side].end - each[side].start ? best : each), undefined);

/** A condition without what it decides on; of anything else, all of it. */
const own = (node: CNode): string => (node.type === 'if_statement' ? (node.field('condition')?.text ?? '') : node.text);
const names = (node: CNode): ReadonlySet<string> => new Set(own(node).match(/[A-Za-z_]\w*/g) ?? []);

function likeness(one: CNode, other: CNode): number {
	const [left, right] = [names(one), names(other)];
	const common = [...left].filter((name) => right.has(name)).length;
	return common / Math.max(1, Math.min(left.size, right.size));
}

/** A condition decides on the same, otherwise; or what is done is said with most of the same names; or both of them wait for something. */
function stands(now: CNode, old: CNode): boolean {
	if (now.type === 'if_statement' || old.type === 'if_statement') {
		const decides = (node: CNode): string => (node.type === 'if_statement' ? folded(node.field('consequence')?.text ?? '') : '');
		return now.type === old.type && decides(now) === decides(old);
	}
	// What a function keeps to itself stands for nothing.
	if (![now, old].every(({ text }) => /->|\(/.test(text))) return false;
	return /^(?:expression_statement|return_statement|declaration)$/.test(now.type) && /^(?:expression_statement|return_statement|declaration)$/.test(old.type) && (likeness(now, old) >= ALIKE || [now, old].every(({ type, text }) => type === 'expression_statement' && waits(text)));
}

/** Statements of the side after that stand in the place of one of the side before: under the same condition, each of them once, the most alike first. */
export function inPlaceOf(now: readonly CNode[], old: readonly CNode[], conditions: readonly Pair<CNode>[]): readonly Pair<CNode>[] {
	const all = now.flatMap((after) => old.filter((before) => stands(after, before) && under(after, 'after', conditions) === under(before, 'before', conditions)).map((before) => ({ before, after, by: likeness(after, before) })));
	const taken = new Set<CNode>();
	return all.sort((a, b) => b.by - a.by).flatMap(({ before, after }) => {
		if (taken.has(before) || taken.has(after) || folded(before.text) === folded(after.text)) return [];
		taken.add(before).add(after);
		return [{ before, after }];
	});
}

/** A statement that two branches have now, with one of them: that behind a lock, else the first. */
export function copied(now: readonly CNode[], old: readonly CNode[], key: (node: CNode) => string, isBehindLock: (node: CNode) => boolean): readonly Pair<CNode>[] {
	return old.flatMap((before) => {
		const copies = now.filter((each) => key(each) === key(before));
		const after = copies.find(isBehindLock) ?? copies[0];
		return after && copies.length > 1 && old.filter((each) => key(each) === key(before)).length === 1 ? [{ before, after }] : [];
	});
}
