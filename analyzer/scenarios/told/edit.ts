import { beginsWith, callsOne } from '../../knowledge/namings';
import type { CNode } from '../../parse';
import { folded } from '../../parse/plain-text';
import type { Change } from '../implied/change';
import type { Pair } from '../implied/pairing';
import { isLock, isUnlock, waits } from './nature';
import { isOwnHead, nextOf, parentOf, unlabelled } from '../implied/twins';
import { isAnnotated, newlyMarked } from './marks';
import { inPlaceOf } from './instead';
import { headOf, type Standing, standingIn } from './standing';
import { takenAlways } from './taken-always';
import { JUMPS, newWays, sparedWays, wayBefore } from './ways';

/**
 * `moved`: what stands on both sides comes earlier now; `guard`: a condition; `gone`: only the side before has it; `marked`: accesses are marked, no more;
 * `way`: a way out of the function comes by it now; `spared`: one no longer does; `instead`: it stands in the place of what `was` there; `leaves`: a jump,
 * where the function went on from what stands before it to what stands behind it.
 */
export type How = 'added' | 'moved' | 'guard' | 'gone' | 'marked' | 'way' | 'spared' | 'instead' | 'leaves';

/** What a patch does to a function, as an order of statements: `made` comes before `next` on the side after, and did not before. */
export interface Edit {
	readonly change: Change;
	readonly how: How;
	/** On the side before where that is all that has it. */
	readonly made: CNode;
	/** The same statement before the patch, where it moved, or was not marked; the condition that it makes stronger; the jump that went by it. */
	readonly was?: CNode;
	/** What is done on a way out, where a label's name is all that says so. */
	readonly does?: string;
	/** The statement of both sides that comes behind it; `within`: the first one of what a condition decides on. Of what is gone: something that it had inside stays. */
	readonly next?: Pair<CNode>;
	readonly within?: boolean;
	/** In the same block: the statement of both sides right before it, and whether `next` is in it as well. */
	readonly since?: Pair<CNode>;
	readonly beside: boolean;
	/** A lock, or a barrier, in another one's place. */
	readonly replaces?: boolean;
}

const LEAVES = /\b(?:return|goto|continue|break)\b/;

/** All that a patch does to the function, in the order of the side after; then what it takes away. */
export function editsOf(change: Change): readonly Edit[] {
	const standing = standingIn(change);
	const gone = goneFrom(standing);
	const always = takenAlways(change.before.fn.body, change.after.fn.body, [...standing.kept.values()], gone.map(({ made }) => made)).map((lock): Edit => ({ change, how: 'moved', ...lock, beside: true }));
	return [...movedIn(standing), ...always, ...markedIn(standing), ...standing.now.flatMap((node) => madeBy(standing, node)), ...leavingIn(standing), ...waysOf(standing), ...gone, ...insteadIn(standing)];
}

/** A statement that only the side after has: a condition around what stays, one that leaves, or what is done now, and the way out that comes by it. */
function madeBy(standing: Standing, node: CNode): readonly Edit[] {
	const { change, old, kept, keptBefore, copies, conditions, oldOthers } = standing;
	if (kept.has(node.start) || !isOwnHead(change.after, node) || isAnnotated(change.post.sources.table, oldOthers, node, headOf) || doesNothing(node)) return [];
	const decides = node.type !== 'expression_statement' && node.type !== 'declaration';
	const inside = decides ? [...kept.values()].find((pair) => pair.after.start > node.start && pair.after.end <= node.end && !JUMPS.has(pair.after.type) && !copies.includes(pair)) : undefined;
	if (inside) return [{ change, how: 'guard', made: node, next: inside, within: true, beside: false }];
	const otherwise = node.type === 'if_statement' && !node.field('alternative') ? doneOtherwise(standing, node) : undefined;
	if (otherwise) return [{ change, how: 'guard', made: node, next: otherwise, within: true, beside: false }];
	const next = nextKept(standing, node);
	const shared = { change, made: node, ...(next ? { next } : {}), ...around(standing, node, next) };
	const consequence = node.field('consequence')?.text ?? '';
	if (node.type === 'if_statement' && LEAVES.test(consequence)) {
		const weaker = old.find((each) => each.type === 'if_statement' && !keptBefore.has(each.start) && folded(each.field('consequence')?.text ?? '') === folded(consequence));
		return [{ ...shared, how: 'guard', ...(weaker ? { was: weaker } : {}) }];
	}
	const by = wayBefore(change, node, old, conditions);
	return [{ ...shared, how: 'added' }, ...(by ? [{ change, how: 'way' as const, made: node, was: by, beside: false }] : [])];
}

/** What the condition decides on was done without it, by the same call, with something else. */
function doneOtherwise({ change, old, now, kept, keptBefore }: Standing, { start, end }: CNode): Pair<CNode> | undefined {
	const calls = ({ type, text }: CNode): string => (type === 'expression_statement' ? (/([A-Za-z_]\w*)\s*\(/.exec(text)?.[1] ?? '') : '');
	const [after, more] = now.filter((node) => node.start > start && node.end <= end && node.type === 'expression_statement');
	const callee = after && !more && !kept.has(after.start) ? calls(after) : '';
	const [before, other] = callee ? old.filter((node) => !keptBefore.has(node.start) && isOwnHead(change.before, node) && calls(node) === callee) : [];
	return after && before && !other && now.filter((node) => calls(node) === callee).length === 1 ? { before, after } : undefined;
}

/** A jump, or a declaration without a call: what it does is told by others. */
const doesNothing = ({ type, text }: CNode): boolean => JUMPS.has(type) || (type === 'declaration' && !CALLS.test(text));

/** The first statement of both sides behind that one. */
function nextKept({ change: { after: { fn: { body } } }, kept }: Standing, from: CNode): Pair<CNode> | undefined {
	// Who waits, or takes a lock, does so for the sake of what comes behind the lock that is taken next.
	const passes = waits(from.type === 'if_statement' && !LEAVES.test(from.text) ? from.text : headOf(from)) || (from.type === 'expression_statement' && isLock(from.text));
	let first: Pair<CNode> | undefined;
	for (let node = nextOf(body, from); node; node = nextOf(body, node)) {
		const pair = kept.get(node.start);
		if (pair && !(passes && isLock(headOf(pair.after)))) return pair;
		first ??= pair;
	}
	return first;
}

/** The statement of both sides right before that one in its block, and whether the next one is in it as well. */
function around({ change: { after: { fn: { body } } }, kept }: Standing, node: CNode, next: Pair<CNode> | undefined): Pick<Edit, 'since' | 'beside'> {
	const block = parentOf(body, node);
	const at = block?.named.findIndex(({ start }) => start === node.start) ?? -1;
	const since = block && /^(?:compound_statement|case_statement)$/.test(block.type) ? block.named.slice(0, at).reverse().map((each) => kept.get(unlabelled(each).start)).find((pair) => pair !== undefined) : undefined;
	return { ...(since ? { since } : {}), beside: next !== undefined && parentOf(body, next.after)?.start === block?.start };
}

const movedIn = (standing: Standing): readonly Edit[] => {
	const { change, kept, elsewhere } = standing;
	return elsewhere.filter(({ after }) => !JUMPS.has(after.type)).flatMap((pair) => movedPast(change, pair, [...kept.values()]).map((each): Edit => ({ ...each, ...around(standing, each.made, each.next) })));
};

const markedIn = ({ change, oldOthers, nowOthers }: Standing): readonly Edit[] =>
	newlyMarked(change.post.sources.table, oldOthers, nowOthers, headOf).map(({ before, after }) => ({ change, how: 'marked', made: after, was: before, beside: false }));

/** A jump that nothing decides on, between two statements of both sides. */
const leavingIn = (standing: Standing): readonly Edit[] => standing.now.flatMap((node): readonly Edit[] => {
	const { change, kept, old } = standing;
	if ((node.type !== 'return_statement' && node.type !== 'goto_statement') || kept.has(node.start) || !isOwnHead(change.after, node) || old.some(({ text, start }) => text === node.text && !standing.keptBefore.has(start))) return [];
	const behind = nextOf(change.after.fn.body, node);
	const next = behind ? kept.get(behind.start) : undefined;
	const { since } = around(standing, node, next);
	return next && since && nextOf(change.before.fn.body, since.before)?.start === next.before.start ? [{ change, how: 'leaves', made: node, next, since, beside: false }] : [];
});

const waysOf = ({ change, old, now, conditions }: Standing): readonly Edit[] => [
	...newWays(change, old, now, conditions).map((way): Edit => ({ change, how: 'way', ...way, beside: false })),
	...sparedWays(change, old, now, conditions).map((way): Edit => ({ change, how: 'spared', ...way, beside: false })),
];

const goneFrom = ({ change, old, keptBefore }: Standing): readonly Edit[] => old.filter((node) => !keptBefore.has(node.start) && isOwnHead(change.before, node) && !doesNothing(node))
	.map((node) => ({ change, how: 'gone', made: node, within: [...keptBefore].some((start) => start > node.start && start < node.end), beside: false }));

function insteadIn({ change, old, now, kept, keptBefore, conditions }: Standing): readonly Edit[] {
	const free = (node: CNode): boolean => (!JUMPS.has(node.type) || node.type === 'return_statement') && !isLock(headOf(node)) && !isUnlock(headOf(node));
	const come = now.filter((node) => !kept.has(node.start) && isOwnHead(change.after, node) && free(node));
	const went = old.filter((node) => !keptBefore.has(node.start) && isOwnHead(change.before, node) && free(node));
	return inPlaceOf(come, went, conditions).map(({ before, after }) => ({ change, how: 'instead', made: after, was: before, beside: false }));
}

/** The edits of all functions, with those marked that only put a lock, or a barrier, in another one's place, be that in another function. */
export function withoutConversions(edits: readonly Edit[]): readonly Edit[] {
	const kinds = (gone: boolean): readonly string[] => edits.flatMap(({ change, how, made }) => ((how === 'gone') === gone && how !== 'moved' && how !== 'instead' && !JUMPS.has(made.type) ? (orderingOf(change, made) ?? []) : []));
	const [there, here] = [kinds(true), kinds(false)];
	const count = (all: readonly string[], kind: string): number => all.filter((each) => each === kind).length;
	// A marked access goes with its barrier.
	const replaced = (kind: string): boolean => (kind === 'mark' ? there.includes('barrier') && here.includes('barrier') : count(here, kind) > 0 && count(there, kind) >= count(here, kind));
	const weaker = edits.filter((edit) => edit.how === 'added' && edits.some((other) => other.how === 'gone' && isNoStronger(headOf(edit.made), headOf(other.made))));
	// Another value for the same place: that it is put there is nothing new.
	const revalued = edits.filter((edit) => edit.how === 'added' && placeOf(edit) !== '' && edits.some((other) => other.how === 'gone' && other.change === edit.change && placeOf(other) === placeOf(edit)));
	return edits.filter((edit) => !weaker.includes(edit) && !revalued.includes(edit)).map((edit) => {
		const kind = edit.how === 'moved' ? null : orderingOf(edit.change, edit.made);
		return kind !== null && replaced(kind) && !isFullBarrier(edit, there.length, edits) ? { ...edit, replaces: true } : edit;
	});
}

/** Where a statement puts what no call gives; empty where it does not. */
const placeOf = ({ made: { type, text } }: Edit): string => (type === 'expression_statement' ? folded(/^([^=()]*[^=!<>&|^+*/()-])=\s*[^=(][^()]*(?:\([^()]*[^\w()][^()]*\)[^()]*)?;$/.exec(text)?.[1] ?? '') : '');

/** A spinning lock, what it does to interrupts, and its place. */
const VARIANT = /\b((?:raw_)?(?:spin|read|write)_(?:un)?lock)(_irqsave|_irqrestore|_irq|_bh)?\s*\(\s*([^,()]+)/;
const KEEPS_OUT: Readonly<Record<string, number>> = { _bh: 1, _irq: 2, _irqsave: 3, _irqrestore: 3 };

/** Interrupts off, or on again, for all that is called. */
const OFF = /^(?:raw_)?local_irq_(save|disable|restore|enable)\s*\(/;
const SAME: ReadonlyMap<string, 'off' | 'on'> = new Map([['save', 'off'], ['disable', 'off'], ['restore', 'on'], ['enable', 'on']]);

/** The same lock, with no more kept out than before. */
function isNoStronger(now: string, before: string): boolean {
	const off = OFF.exec(now)?.[1];
	if (off !== undefined) return SAME.get(off) === SAME.get(OFF.exec(before)?.[1] ?? '');
	const [[, head, kept = '', place] = [], [, old, once = '', where] = []] = [VARIANT.exec(now) ?? [], VARIANT.exec(before) ?? []];
	return head !== undefined && head === old && place === where && (KEEPS_OUT[kept] ?? 0) <= (KEEPS_OUT[once] ?? 0);
}

/** A full barrier, where all that is gone is one of a kind that orders less. */
const isFullBarrier = (edit: Edit, gone: number, edits: readonly Edit[]): boolean => gone > 0 && isFull(edit) && edits.every((other) => other.how !== 'gone' || orderingOf(other.change, other.made) !== 'barrier' || !isFull(other));
const isFull = ({ change, made }: Edit): boolean => beginsWith(change.post.sources.table, 'orders-all', headOf(made));

/** How a statement keeps things apart or in order; null for none. */
function orderingOf({ post: { sources: { table } } }: Change, made: CNode): 'barrier' | 'mark' | 'lock' | 'unlock' | null {
	const text = headOf(made);
	if (callsOne(table, 'orders', text)) return 'barrier';
	if (callsOne(table, 'only-marks', text)) return 'mark';
	return isLock(text) ? 'lock' : isUnlock(text) ? 'unlock' : null;
}

/** What a statement that has moved comes before now, or which one comes before it. */
function movedPast(change: Change, pair: Pair<CNode>, all: readonly Pair<CNode>[]): readonly Edit[] {
	const passed = all.filter((other) => other !== pair && !contains(pair, other) && !contains(other, pair) && (other.before.start < pair.before.start) !== (other.after.start < pair.after.start) && !JUMPS.has(other.after.type));
	const ahead = passed.filter(({ after }) => after.start > pair.after.start).reduce<Pair<CNode> | undefined>((first, each) => (first && first.after.start < each.after.start ? first : each), undefined);
	const behind = passed.filter(({ after }) => after.start < pair.after.start);
	const latest = (all: readonly Pair<CNode>[]): Pair<CNode> | undefined => all.reduce<Pair<CNode> | undefined>((last, each) => (last && last.after.start > each.after.start ? last : each), undefined);
	const past = latest(behind);
	// A way out that comes first now.
	const out = latest(behind.filter(({ after }) => after.type === 'if_statement' && LEAVES.test(after.text)));
	return [
		...(out && out !== past ? [{ change, how: 'moved' as const, made: out.after, was: out.before, next: pair, beside: false }] : []),
		...(ahead ? [{ change, how: 'moved' as const, made: pair.after, was: pair.before, next: ahead, beside: false }] : []),
		...(past ? [{ change, how: 'moved' as const, made: past.after, was: past.before, next: pair, beside: false }] : []),
	];
}

const contains = (outer: Pair<CNode>, inner: Pair<CNode>): boolean => outer.after.start <= inner.after.start && outer.after.end >= inner.after.end;

/** A declaration that calls something. */
const CALLS = /=[^;]*\w\s*\(/;
