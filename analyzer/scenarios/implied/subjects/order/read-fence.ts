import type { CNode } from '../../../../parse';
import { type Change, mirrored } from '../../change';
import { type Finding, turnedBack } from '../../partner';
import { heldAt, READ_SIDE, type Site } from '../../sites';
import { parentOf, statementsOf, twins } from '../../twins';

/**
 * A fence between loads, on one side only: what is done behind it (the marked statement) needs what was seen before it (the earlier one, or
 * `looks`, a call in the condition of the block that it begins) to be so.
 */
export const readFences = (change: Change): readonly Finding[] => [
	...of(change),
	...of(mirrored(change)).map(turnedBack),
];

function of(change: Change): readonly Finding[] {
	const { body } = change.after.fn;
	const pairs = twins(change);
	return change.now.flatMap((site, at): readonly Finding[] => {
		if (site.row?.effect !== 'fence' || site.row.kind !== 'read' || change.ways.get(site) !== 'added' || isOrdered(change, at)) return [];
		const fence = statementsOf(body).find((node) => node.type === 'expression_statement' && node.start <= site.start && node.end > site.start);
		const block = fence && parentOf(body, fence);
		if (!fence || !block) return [];
		const inside = pairs.filter(({ after }) => parentOf(body, after) === block);
		const marked = inside.find(({ after }) => after.start > fence.start && MARKABLE.has(after.type));
		if (!marked) return [];
		const words = { call: site.text, fence: site.api };
		const before = inside.findLast(({ after }) => after.start < fence.start && reads(after));
		const outer = parentOf(body, block);
		const from = before ? block.start : (outer?.start ?? block.start);
		if (change.now.some((each) => each.start >= from && each.start < site.start && orders(each)) || !needsIt(change, marked.after, outer)) return [];
		if (before) return [{ words: { ...words, seen: '1' }, tells: 'fixes', marked, earlier: before, ...(before.after.type === 'if_statement' ? { passes: true } : {}) }];
		const looks = change.now.find((each) => outer !== undefined && each.row === null && each.start > outer.start && each.start < block.start);
		return looks ? [{ words: { ...words, looks: looks.api }, tells: 'fixes', marked }] : [];
	}).slice(0, 1);
}

const MARKABLE: ReadonlySet<string> = new Set(['expression_statement', 'if_statement', 'return_statement', 'while_statement', 'for_statement']);

/** Something is looked at: a field, or what a call tells. */
const reads = ({ type, text }: CNode): boolean => (type === 'if_statement' ? /->|\w\s*\(/.test(text) : type === 'expression_statement' && /=[^=].*(?:->|\w\s*\()|^while|^READ_ONCE/.test(text));

/** It looks at a field, or at what was found in the condition before it, and does nothing that orders by itself. */
function needsIt({ now }: Change, { start, end, text }: CNode, outer: CNode | undefined): boolean {
	if (now.some((each) => each.start >= start && each.start < end && (orders(each) || each.row?.effect === 'spawn' || each.row?.effect === 'trylock'))) return false;
	const [, found] = /([A-Za-z_]\w*)\s*=[^=]/.exec(outer?.field('condition')?.text ?? '') ?? [];
	return /->|\[/.test(text) || (found !== undefined && new RegExp(`\\b${found}\\b`).test(text));
}

/** What comes behind it is done behind it. */
const orders = ({ row }: Site): boolean => row !== null && (('order' in row && (row.order === 'acquire' || row.order === 'full')) || (row.effect === 'fence' && row.kind !== 'write'));

/** Both loads lie in a section of a lock, or the fence takes the place of something else that orders. */
const isOrdered = ({ now, old, ways }: Change, at: number): boolean =>
	[...heldAt(now, at).keys()].some((lock) => lock !== READ_SIDE) || old.some((site) => ways.get(site) === 'removed' && orders(site));
