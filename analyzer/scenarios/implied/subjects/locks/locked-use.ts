import { folded } from '../../../../parse/plain-text';
import type { CNode } from '../../../../parse';
import { isWithin, spansOf } from '../../covered';
import { type Change, declared, structOf } from '../../change';
import type { Finding } from '../../partner';
import { escaped, lockOf, READ_SIDE, rootOf, type Site } from '../../sites';
import { type Step, steps } from '../../steps';
import { opposite } from '../tests/condition';
import { isWork } from './exclusion';
import { plainCalls } from '../../plain-calls';

/** A line of the function that is under `lock` after the patch only. */
export interface Covered {
	readonly lock: string;
	readonly acquire: string;
	readonly release: string;
	covers(line: number): boolean;
	/** The patch takes or releases it elsewhere than before. */
	readonly touched: boolean;
	/** The line, or one of the same text, was covered before. */
	was(text: string): boolean;
}

/** Locks that the patch takes, or holds for longer; or all that are taken or held. */
export function covered(change: Change, all = false): readonly Covered[] {
	const [left, right] = [spansOf(change.before, change.old), spansOf(change.after, change.now)];
	const old = linesOf(change.before.fn.body);
	return [...right.keys()].flatMap((lock) => {
		const touched = [...change.now, ...change.old].some((site) => change.ways.get(site) !== 'kept' && lockOf(site) === lock);
		const calls = lock === READ_SIDE || !(touched || all) ? null : plainCalls(change, lock, 'task', true);
		const before = left.get(lock);
		return calls ? [{
			...calls, lock, touched, covers: (line: number) => isWithin(right.get(lock), line), was: (text: string) => old.some((each) => folded(each.text) === folded(text) && isWithin(before, each.line)),
		}] : [];
	});
}

const linesOf = (body: CNode): readonly { readonly text: string; readonly line: number }[] => body.text.split('\n').map((text, index) => ({ text, line: body.line + index }));

/** What a path leads to is used: `x->p->q`, `x->p[i]`. */
const THROUGH = /\b([A-Za-z_]\w*(?:(?:->|\.)\w+)*->\w+)\s*(->|\[)/g;
/** A variable that is given what a path leads to. */
const FETCHED = /\b([A-Za-z_]\w*)\s*=\s*([A-Za-z_]\w*(?:(?:->|\.)\w+)*->\w+)\s*;/;

/**
 * `source` is followed under `lock` on one side only: who frees what it leads to has the lock as well. `tested`: the code looks whether it is NULL;
 * `element`: it may be an array of the object's own.
 */
export function lockedUses(change: Change): readonly Finding[] {
	const lines = linesOf(change.after.fn.body);
	const found = new Map<string, Finding>();
	for (const region of covered(change)) {
		const inside = lines.filter(({ text, line }) => region.covers(line) && !region.was(text));
		const text = inside.map((each) => each.text).join('\n');
		const add = (source: string, names: readonly string[], element: boolean): void => {
			const root = rootOf(source);
			if (!root || !structOf(change, root) || region.lock.startsWith(`${source}->`)) return;
			const tested = names.some((name) => new RegExp(String.raw`(?:!\s*|if\s*\(\s*|&&\s*|\()${escaped(name)}\s*(?:\)|&&|\|\||==\s*NULL|!=\s*NULL)`).test(text));
			found.set(`${region.lock} ${source}`, {
				words: { lock: region.lock, acquire: region.acquire, release: region.release, source, ...(tested ? { tested: '1' } : {}), ...(element ? { element: '1' } : {}) }, tells: 'fixes',
			});
		};
		for (const each of inside) {
			for (const [, source = '', how] of each.text.matchAll(THROUGH)) if (how === '[' || pointer(change, source)) add(source, [source], how === '[');
			const [, object = '', source = ''] = FETCHED.exec(each.text) ?? [];
			if (object && new RegExp(`\\b${object}\\s*->`).test(text) && structOf(change, object)) add(source, [object, source], false);
		}
	}
	return [...found.values()];
}

/** `a->b` in `a->b->c`; what is freed with its owner is no field of its own. */
const pointer = (change: Change, source: string): boolean => declared(change, rootOf(source) ?? '') !== undefined;


/**
 * What is tested before `work` is tested under `lock` on one side only; `undo` makes the test go the other way. `work` is something that nobody shows.
 */
export function lockedTests(change: Change): readonly Finding[] {
	const found: Finding[] = [];
	const conditionals: CNode[] = [];
	const walk = (node: CNode): void => {
		if (node.type === 'if_statement') conditionals.push(node);
		for (const child of node.named) walk(child);
	};
	walk(change.after.fn.body);
	const { text } = change.before.fn.body;
	for (const region of covered(change, true)) {
		for (const node of conditionals) {
			const condition = node.field('condition');
			const body = node.field('consequence');
			const own = condition !== null && change.after.file.place(node.line).changed && times(text, condition.text) < times(change.after.fn.body.text, condition.text);
			if (!condition || !body || !(region.touched || own) || !region.covers(node.line) || region.was(`if ${condition.text} {`) || region.was(`if ${condition.text}`)) continue;
			const leaving = /\b(return|goto|continue|break)\b/.test(body.text);
			const work = change.now.find((site) => isWork(change, site) && (leaving ? site.line > node.endLine && region.covers(site.line) : inside(body, site)) && change.old.some((other) => other.text === site.text));
			const undo = opposite(change, condition, leaving);
			const words = { lock: region.lock, acquire: region.acquire, release: region.release, test: folded(condition.text) };
			const within = ({ after }: Step): boolean => after.line >= body.line && after.endLine <= body.endLine;
			const step = (goes: boolean, where: (step: Step) => boolean): void => {
				const marked = steps(change).find((each) => region.covers(each.after.line) && where(each));
				const other = marked ? opposite(change, condition, goes) : null;
				if (marked && other) found.push({ words: { ...words, undo: other, step: folded(marked.after.text) }, tells: 'fixes', marked });
			};
			if (!work || !undo) {
				step(false, within);
				if (leaving) step(true, ({ after }) => after.line > node.endLine);
			}
			if (work && undo) found.push({ words: { ...words, work: work.api, undo }, tells: 'fixes' });
		}
	}
	return found;
}

const times = (text: string, part: string): number => text.split(part).length - 1;

const inside = (body: CNode, site: Site): boolean => site.line >= body.line && site.endLine <= body.endLine && !/^\s*$/.test(body.text);
