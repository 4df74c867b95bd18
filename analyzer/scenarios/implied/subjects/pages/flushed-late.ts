import type { CNode } from '../../../../parse';
import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import type { Site } from '../../sites';
import { statementsOf } from '../../twins';

/**
 * One of the row's calls (`call`) comes before what a call that the row's `behind` matches gives away (`next`) on one side, and on the other only behind it, or not at
 * all. Marked is what gives it away; the call itself is marked as earlier.
 */
export function flushedLate(change: Change, { calls = [], behind = '(?!)' }: Asked): readonly Finding[] {
	const names = new Set(calls);
	const gives = new RegExp(`^(?:${behind})$`);
	const of = (sites: readonly Site[]): Pair | null => {
		const [flushes, frees] = [sites.filter(({ api }) => names.has(api)), sites.filter(({ api }) => gives.test(api))];
		const [flush, free] = [flushes[0], frees[0]];
		return free && frees.length === 1 && flushes.length <= 1 ? { flush, free } : null;
	};
	const [was, is] = [of(change.old), of(change.now)];
	if (!was || !is || was.free.text !== is.free.text) return [];
	const [early, earlier] = [isEarly(is), isEarly(was)];
	const { flush } = early ? is : was;
	if (early === earlier || !flush) return [];
	// Where it is missing something else may see to it.
	const other = early ? was : is;
	if (!other.flush && (early ? change.old : change.now).some(({ api }) => SEES_TO_IT.test(api))) return [];
	const holder = (body: CNode, { start }: Site): CNode | undefined => statementsOf(body).findLast((node) => node.type === 'expression_statement' && node.start <= start && start < node.end);
	const [before, after] = [holder(change.before.fn.body, was.free), holder(change.after.fn.body, is.free)];
	const found: Finding | null = before && after ? {
		words: { call: flush.text, next: is.free.text }, tells: early ? 'fixes' : 'introduces', marked: { before, after },
		earlier: { before: was.flush && holder(change.before.fn.body, was.flush), after: is.flush && holder(change.after.fn.body, is.flush) },
	} : null;
	// What the lines that nobody shows have taken may keep the call from being reached.
	return found ? [found, { ...found, outline: ['use-after-free'], inPart: true }] : [];
}

interface Pair {
	readonly flush: Site | undefined;
	readonly free: Site;
}

const isEarly = ({ flush, free }: Pair): boolean => flush !== undefined && flush.start < free.start;

const SEES_TO_IT = /flush|tlb|gather|invalidate|(?:^|_)sync(?:_|$)/i;
