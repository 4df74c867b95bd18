import { beginsWith, callsOne } from '../../knowledge/namings';
import type { CNode } from '../../parse';
import { folded } from '../../parse/plain-text';
import type { Change } from '../implied/change';
import { type Pair, paired, single } from '../implied/pairing';
import { isLock, isUnlock, waits } from './nature';
import { isOwnHead, nextOf, parentOf, twins } from '../implied/twins';
import { isAnnotated, newlyMarked } from './marks';
import { copied, inPlaceOf } from './instead';
import { plainly } from './plainly';
import { takenAlways } from './taken-always';
import { JUMPS, newWays, sparedWays, wayBefore } from './ways';

/**
 * `moved`: what stands on both sides comes earlier now; `guard`: a condition; `gone`: only the side before has it; `marked`: accesses are marked, no more;
 * `way`: a way out of the function comes by it now; `spared`: one no longer does; `instead`: it stands in the place of what `was` there.
 */
export type How = 'added' | 'moved' | 'guard' | 'gone' | 'marked' | 'way' | 'spared' | 'instead';

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

/** A statement without what it has inside. */
export const headOf = (node: CNode): string => {
	const inside = node.field('consequence') ?? node.field('body');
	return folded(inside ? node.text.slice(0, inside.start - node.start) : node.text);
};

const LEAVES = /\b(?:return|goto|continue|break)\b/;

/** All that a patch does to the function, in the order of the side after; then what it takes away. */
export function editsOf(change: Change): readonly Edit[] {
	const [old, now] = [acts(change.before.fn.body), acts(change.after.fn.body)];
	const { table } = change.post.sources;
	const untouched = twins(change);
	const [left, right] = [new Set(untouched.map(({ before }) => before.start)), new Set(untouched.map(({ after }) => after.start))];
	const fewer = withFewerParameters(change);
	const key = (node: CNode): string => `${node.type} ${plainly(withoutArguments(headOf(node), fewer))}`;
	const { body } = change.after.fn;
	const [unlikeOld, unlikeNow] = [old.filter(({ start }) => !left.has(start)), now.filter(({ start }) => !right.has(start))];
	const behindLock = (node: CNode): boolean => {
		const block = parentOf(body, node);
		const at = block?.named.findIndex(({ start }) => start === node.start) ?? -1;
		return at > 0 && block?.named.slice(0, at).some((each) => isLock(headOf(each))) === true;
	};
	const copies = copied(unlikeNow.filter(({ type }) => !JUMPS.has(type)), unlikeOld, key, behindLock);
	const rest = [...paired(single(unlikeOld, key), single(unlikeNow, key), key), ...copies];
	const paid = new Set([...untouched, ...rest].flatMap(({ before, after }) => [before, after]));
	const others = (all: readonly CNode[]): readonly CNode[] => all.filter((node) => !paid.has(node) && !all.some((each) => paid.has(each) && each.start === node.start && each.type === node.type));
	const [oldOthers, nowOthers] = [others(old).filter(({ start }) => !left.has(start)), others(now).filter(({ start }) => !right.has(start))];
	const same = paired(single(oldOthers.filter(computed), computed), single(nowOthers.filter(computed), computed), computed);
	const kept = new Map([...untouched, ...rest, ...same].map((pair) => [pair.after.start, pair] as const));
	const keptBefore = new Set([...kept.values()].map(({ before }) => before.start));
	const conditions = [...kept.values()].filter(({ before, after }) => before.type === 'if_statement' && after.type === 'if_statement');
	const behind = (from: CNode): Pair<CNode> | undefined => {
		// Who waits does so for the sake of what comes behind the lock that is taken next.
		const passes = waits(from.type === 'if_statement' && !LEAVES.test(from.text) ? from.text : headOf(from));
		let first: Pair<CNode> | undefined;
		for (let node = nextOf(body, from); node; node = nextOf(body, node)) {
			const pair = kept.get(node.start);
			if (pair && !(passes && isLock(headOf(pair.after)))) return pair;
			first ??= pair;
		}
		return first;
	};
	const around = (node: CNode, next: Pair<CNode> | undefined): Pick<Edit, 'since' | 'beside'> => {
		const block = parentOf(body, node);
		const at = block?.named.findIndex(({ start }) => start === node.start) ?? -1;
		const since = block && /^(?:compound_statement|case_statement)$/.test(block.type) ? block.named.slice(0, at).reverse().map(({ start }) => kept.get(start)).find((pair) => pair !== undefined) : undefined;
		return { ...(since ? { since } : {}), beside: next !== undefined && parentOf(body, next.after)?.start === block?.start };
	};
	const made = now.flatMap((node): readonly Edit[] => {
		if (kept.has(node.start) || !isOwnHead(change.after, node) || isAnnotated(table, oldOthers, node, headOf) || JUMPS.has(node.type) || (node.type === 'declaration' && !CALLS.test(node.text))) return [];
		const inside = node.type === 'expression_statement' || node.type === 'declaration' ? undefined : [...kept.values()].find(({ after }) => after.start > node.start && after.end <= node.end && !JUMPS.has(after.type) && !copies.some((pair) => pair.after === after));
		if (inside) return [{ change, how: 'guard', made: node, next: inside, within: true, beside: false }];
		const next = behind(node);
		const leaves = node.type === 'if_statement' && LEAVES.test(node.field('consequence')?.text ?? '');
		const does = folded(node.field('consequence')?.text ?? '');
		const weaker = leaves ? old.find((each) => each.type === 'if_statement' && !keptBefore.has(each.start) && folded(each.field('consequence')?.text ?? '') === does) : undefined;
		const by = leaves ? undefined : wayBefore(change, node, old, conditions);
		const way: readonly Edit[] = by ? [{ change, how: 'way', made: node, was: by, beside: false }] : [];
		return [{ change, how: leaves ? 'guard' : 'added', made: node, ...(weaker ? { was: weaker } : {}), ...(next ? { next } : {}), ...around(node, next) }, ...way];
	});
	const ways = [
		...newWays(change, old, now, conditions).map((way): Edit => ({ change, how: 'way', ...way, beside: false })),
		...sparedWays(change, old, now, conditions).map((way): Edit => ({ change, how: 'spared', ...way, beside: false })),
	];
	const marked = newlyMarked(table, oldOthers, nowOthers, headOf).map(({ before, after }): Edit => ({ change, how: 'marked', made: after, was: before, beside: false }));
	const moved = rest.filter(({ after }) => !JUMPS.has(after.type)).flatMap((pair) => movedPast(change, pair, [...kept.values()]).map((each): Edit => ({ ...each, ...around(each.made, each.next) })));
	const gone = old.filter((node) => !keptBefore.has(node.start) && isOwnHead(change.before, node) && !JUMPS.has(node.type) && (node.type !== 'declaration' || CALLS.test(node.text))).map((node): Edit => ({ change, how: 'gone', made: node, within: [...keptBefore].some((start) => start > node.start && start < node.end), beside: false }));
	const free = (all: readonly CNode[], none: (node: CNode) => boolean): readonly CNode[] => all.filter((node) => !none(node) && (!JUMPS.has(node.type) || node.type === 'return_statement') && !isLock(headOf(node)) && !isUnlock(headOf(node)));
	const instead = inPlaceOf(free(now, (node) => kept.has(node.start) || !isOwnHead(change.after, node)), free(old, (node) => keptBefore.has(node.start) || !isOwnHead(change.before, node)), conditions)
		.map(({ before, after }): Edit => ({ change, how: 'instead', made: after, was: before, beside: false }));
	const always = takenAlways(change.before.fn.body, body, [...kept.values()], gone.map(({ made }) => made)).map((lock): Edit => ({ change, how: 'moved', ...lock, beside: true }));
	return [...moved, ...always, ...marked, ...made, ...ways, ...gone, ...instead];
}

/** Functions from which the patch takes parameters: who calls them passes fewer, and does what he did. */
const withFewerParameters = ({ pre, post }: Change): readonly string[] => post.changed.filter((name) => (post.functions.get(name)?.fn.params.length ?? 0) < (pre.functions.get(name)?.fn.params.length ?? 0));

/** Without what the functions are called with. */
const withoutArguments = (head: string, functions: readonly string[]): string => functions.reduce((text, name) => text.replace(new RegExp(`\\b${name}\\s*\\((?:[^()]|\\([^()]*\\))*\\)`, 'g'), () => `${name}()`), head);

/** What a statement computes from more than constants, whether it returns that, keeps it or declares what keeps it; empty where it does not. */
function computed({ type, text }: CNode): string {
	if (type !== 'return_statement' && type !== 'expression_statement' && type !== 'declaration') return '';
	const sum = /^return\b\s*([\s\S]+);$|^[^=(]*?[^=!<>&|^+*/-]=\s*([^=][\s\S]*);$/.exec(text);
	const value = folded(sum?.[1] ?? sum?.[2] ?? (type === 'expression_statement' ? text.replace(/;$/, '') : ''));
	return /->|\(/.test(value) ? value : '';
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
const KEEPS_OUT: Readonly<Record<string, number>> = { _bh: 1, _irq: 2, _irqsave: 2, _irqrestore: 2 };

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

/** Statements that do something, outer ones first, in order; a declaration when it calls something, or looks into something. */
function acts(node: CNode): readonly CNode[] {
	const inner = node.named.flatMap(acts);
	const own = !node.synthetic && ((/_statement$/.test(node.type) && !/^(?:compound|labeled|case)_/.test(node.type)) || (node.type === 'declaration' && /=[^;]*(?:\w\s*\(|->)/.test(node.text)));
	return own ? [node, ...inner] : inner;
}
