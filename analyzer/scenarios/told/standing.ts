import type { CNode } from '../../parse';
import { folded } from '../../parse/plain-text';
import type { Change } from '../implied/change';
import { type Pair, paired, single } from '../implied/pairing';
import { parentOf, twins } from '../implied/twins';
import { copied } from './instead';
import { withoutDemands } from './marks';
import { isLock } from './nature';
import { plainly } from './plainly';
import { JUMPS } from './ways';

/** Which statements of a function stand on both sides of the patch, wherever, and however they are written. */
export interface Standing {
	readonly change: Change;
	/** The statements that do something, on either side. */
	readonly old: readonly CNode[];
	readonly now: readonly CNode[];
	/** Those of both sides, by where they begin on the side after; and where they begin on the side before. */
	readonly kept: ReadonlyMap<number, Pair<CNode>>;
	readonly keptBefore: ReadonlySet<number>;
	/** Of these what the patch's lines put in another place, or made a copy of; the copies. */
	readonly elsewhere: readonly Pair<CNode>[];
	readonly copies: readonly Pair<CNode>[];
	/** Of these the conditions. */
	readonly conditions: readonly Pair<CNode>[];
	/** Statements to which none of the other side is alike. */
	readonly oldOthers: readonly CNode[];
	readonly nowOthers: readonly CNode[];
}

/** A statement without what it has inside. */
export const headOf = (node: CNode): string => {
	const inside = node.field('consequence') ?? node.field('body');
	return folded(inside ? node.text.slice(0, inside.start - node.start) : node.text);
};

export function standingIn(change: Change): Standing {
	const { body } = change.after.fn;
	const [old, now] = [acts(change.before.fn.body), acts(body)];
	const untouched = twins(change);
	const [left, right] = [new Set(untouched.map(({ before }) => before.start)), new Set(untouched.map(({ after }) => after.start))];
	const fewer = withFewerParameters(change);
	const key = (node: CNode): string => `${node.type} ${plainly(withoutDemands(change.post.sources.table, withoutArguments(headOf(node), fewer)))}`;
	const [unlikeOld, unlikeNow] = [old.filter(({ start }) => !left.has(start)), now.filter(({ start }) => !right.has(start))];
	const copies = copied(unlikeNow.filter(({ type }) => !JUMPS.has(type)), unlikeOld, key, (node) => isBehindLock(body, node));
	const elsewhere = [...paired(single(unlikeOld, key), single(unlikeNow, key), key), ...again(unlikeOld, unlikeNow, key), ...copies];
	const alike = new Set([...untouched, ...elsewhere].flatMap(({ before, after }) => [before, after]));
	const others = (all: readonly CNode[]): readonly CNode[] => all.filter((node) => !alike.has(node) && !all.some((each) => alike.has(each) && each.start === node.start && each.type === node.type));
	const [oldOthers, nowOthers] = [others(old).filter(({ start }) => !left.has(start)), others(now).filter(({ start }) => !right.has(start))];
	const same = paired(single(oldOthers.filter(computed), computed), single(nowOthers.filter(computed), computed), computed);
	const kept = new Map([...untouched, ...elsewhere, ...same].map((pair) => [pair.after.start, pair] as const));
	const keptBefore = new Set([...kept.values()].map(({ before }) => before.start));
	const conditions = [...kept.values()].filter(({ before, after }) => before.type === 'if_statement' && after.type === 'if_statement');
	return { change, old, now, kept, keptBefore, elsewhere, copies, conditions, oldOthers, nowOthers };
}

/** A lock is taken ahead of it in its block. */
function isBehindLock(body: CNode, node: CNode): boolean {
	const block = parentOf(body, node);
	const at = block?.named.findIndex(({ start }) => start === node.start) ?? -1;
	return at > 0 && block?.named.slice(0, at).some((each) => isLock(headOf(each))) === true;
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

/** Statements that do something, outer ones first, in order; a declaration when it calls something, or looks into something. */
function acts(node: CNode): readonly CNode[] {
	const inner = node.named.flatMap(acts);
	const own = !node.synthetic && ((/_statement$/.test(node.type) && !/^(?:compound|labeled|case)_/.test(node.type)) || (node.type === 'declaration' && /=[^;]*(?:\w\s*\(|->)/.test(node.text)));
	return own ? [node, ...inner] : inner;
}

/** Conditions that stand several times on each side, and as often: in order. */
function again(old: readonly CNode[], now: readonly CNode[], key: (node: CNode) => string): readonly Pair<CNode>[] {
	const asked = (all: readonly CNode[], like: string): readonly CNode[] => all.filter((node) => node.type === 'if_statement' && key(node) === like);
	return [...new Set(old.map(key))].flatMap((like): readonly Pair<CNode>[] => {
		const [before, after] = [asked(old, like), asked(now, like)];
		return before.length > 1 && before.length === after.length ? before.flatMap((node, at) => (after[at] ? [{ before: node, after: after[at] }] : [])) : [];
	});
}
