import type { CNode } from '../../parse';
import { folded } from '../../parse/plain-text';
import type { Change } from '../implied/change';
import type { Pair } from '../implied/pairing';
import { parentOf } from '../implied/twins';

export const JUMPS: ReadonlySet<string> = new Set(['return_statement', 'goto_statement', 'break_statement', 'continue_statement']);

/** A way out of the function that leads elsewhere now: what lies on it, and the jump that went by that before. */
export interface Way {
	readonly made: CNode;
	readonly was: CNode;
	/** What is done there, as text: a label that nobody shows says it by its name. */
	readonly does: string;
}

/** Statements behind a label that are asked about. */
const BEHIND_BOUND = 6;

const within = (outer: CNode, inner: CNode): boolean => outer.start <= inner.start && outer.end >= inner.end;
const smallest = <T>(all: readonly T[], size: (each: T) => CNode): T | undefined => all.reduce<T | undefined>((best, each) => (best && size(best).end - size(best).start <= size(each).end - size(each).start ? best : each), undefined);

/** Jumps that go another way now, each with what they come by that they did not come by before. */
export function newWays(change: Change, old: readonly CNode[], now: readonly CNode[], conditions: readonly Pair<CNode>[]): readonly Way[] {
	const [left, right] = [change.before.fn.body, change.after.fn.body];
	const jumps = now.filter(({ type }) => type === 'goto_statement');
	return jumps.flatMap((jump): readonly Way[] => {
		const at = smallest(conditions.filter(({ after }) => within(after, jump)), ({ after }) => after);
		const own = at && old.find((each) => leaves(each) && within(at.before, each) && smallest(conditions.filter(({ before }) => within(before, each)), ({ before }) => before) === at);
		const was = own ?? divided(right, jump, old).find(leaves);
		if (!was || folded(was.text) === folded(jump.text)) return [];
		const before = new Set(onTheWay(left, was).map(({ text }) => folded(text)));
		return onTheWay(right, jump).filter(({ text }) => !before.has(folded(text))).map(({ node, text }) => ({ made: node, was, does: text }));
	});
}

/** Jumps out of the function that stand in another one's place, or in that of what was returned further on: each with what that came by and they do not. */
export function sparedWays(change: Change, old: readonly CNode[], now: readonly CNode[], conditions: readonly Pair<CNode>[]): readonly Way[] {
	const [left, right] = [change.before.fn.body, change.after.fn.body];
	return now.filter(leaves).flatMap((jump): readonly Way[] => {
		const at = smallest(conditions.filter(({ after }) => within(after, jump)), ({ after }) => after);
		const own = at && old.find((each) => each.type === 'goto_statement' && within(at.before, each) && smallest(conditions.filter(({ before }) => within(before, each)), ({ before }) => before) === at);
		const was = own ?? kept(jump, old);
		if (!was || folded(was.text) === folded(jump.text)) return [];
		const spared = new Set(onTheWay(right, jump).map(({ text }) => folded(text)));
		return (own ? onTheWay(left, was) : downFrom(left, was)).filter(({ text }) => !spared.has(folded(text))).map(({ text }) => ({ made: was, was, does: text }));
	});
}

const leaves = ({ type }: CNode): boolean => type === 'return_statement' || type === 'goto_statement';

/** The one statement that kept what is returned at once now. */
function kept(jump: CNode, old: readonly CNode[]): CNode | undefined {
	const result = /^return\s+(-?\w+);$/.exec(jump.text)?.[1];
	const all = result ? old.filter(({ type, text }) => type === 'expression_statement' && new RegExp(String.raw`^\w+\s*=\s*${result};$`).test(text)) : [];
	return all.length === 1 ? all[0] : undefined;
}

/** What the labels behind a statement say, or do. */
const downFrom = (body: CNode, from: CNode): readonly { readonly node: CNode; readonly text: string }[] =>
	labelsIn(body).filter(({ start }) => start > from.end).flatMap((label) => [{ node: from, text: `${label.field('label')?.text ?? ''}();` }, ...behindLabel(body, label)]);

const labelsIn = (node: CNode): readonly CNode[] => [...(node.type === 'labeled_statement' ? [node] : []), ...node.named.flatMap(labelsIn)];

/** What a jump comes by: the statements behind its label, or what the label's name says. */
function onTheWay(body: CNode, jump: CNode): readonly { readonly node: CNode; readonly text: string }[] {
	const name = /^goto\s+(\w+)/.exec(jump.text)?.[1];
	if (!name) return [];
	const label = find(body, (node) => node.type === 'labeled_statement' && new RegExp(String.raw`^${name}\s*:`).test(node.text));
	return label ? behindLabel(body, label) : [{ node: jump, text: `${name}();` }];
}

function behindLabel(body: CNode, label: CNode): readonly { readonly node: CNode; readonly text: string }[] {
	const block = parentOf(body, label);
	const behind = block ? block.named.slice(block.named.findIndex(({ start }) => start === label.start)) : [label];
	const own = [...label.named.filter(({ type }) => /_statement$/.test(type)), ...behind.slice(1)].map((node) => (node.type === 'labeled_statement' ? (node.named.find(({ type }) => /_statement$/.test(type)) ?? node) : node));
	const end = own.findIndex(({ type }) => JUMPS.has(type));
	return (end < 0 ? own : own.slice(0, end)).slice(0, BEHIND_BOUND).map((node) => ({ node, text: node.text }));
}

function find(node: CNode, is: (each: CNode) => boolean): CNode | undefined {
	if (is(node)) return node;
	for (const each of node.named) {
		const found = find(each, is);
		if (found) return found;
	}
	return undefined;
}

/** The jump that left the function, or went on with a loop, without what is now done right before it; undefined where the statement is on no way out. */
export function wayBefore(change: Change, made: CNode, old: readonly CNode[], conditions: readonly Pair<CNode>[]): CNode | undefined {
	const { body } = change.after.fn;
	const block = parentOf(body, made);
	const last = block?.type === 'compound_statement' ? block.named.at(-1) : undefined;
	if (!block || !last || last.start <= made.start || !JUMPS.has(last.type)) return undefined;
	const at = smallest(conditions.filter(({ after }) => within(after, made)), ({ after }) => after);
	const condition = parentOf(body, block);
	const kept = at && condition && at.after.start === condition.start ? old.filter((each) => within(at.before, each)) : undefined;
	return (kept ?? divided(body, last, old)).find((each) => each.type === last.type);
}

/** What a condition of several parts decided on that was taken apart: one of its parts decides on the jump now. */
function divided(body: CNode, jump: CNode, old: readonly CNode[]): readonly CNode[] {
	const block = parentOf(body, jump);
	const condition = block?.type === 'compound_statement' ? parentOf(body, block) : block;
	const part = condition?.type === 'if_statement' ? folded(condition.field('condition')?.text ?? '').replace(/^\(|\)$/g, '') : '';
	const wholes = part ? old.filter(({ type, text }) => type === 'if_statement' && folded(text).includes(part) && folded(text).includes('||')) : [];
	return wholes.flatMap((whole) => old.filter((each) => each !== whole && within(whole, each)));
}
