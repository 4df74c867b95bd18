import type { CNode } from '../../../../parse';
import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { escaped, type Site } from '../../sites';
import { told, written } from '../../steps';
import { conditionals, parentOf, statementsOf, twins } from '../../twins';

/**
 * Behind a reference that one of the row's calls takes on both sides (`get`; `object` is what it is given), a condition looks once more, as the row's `behind` has
 * it, at what led there, and goes back where it is no longer so (`test`): on one side only. Marked is that condition, and on the other side the statement that takes the reference.
 * Where nobody shows that (`elided`), the condition drops it again: marked is what comes behind the condition on both sides.
 */
export function lookedAgain(change: Change, row: Asked): readonly Finding[] {
	const looks = new RegExp(row.behind ?? '(?!)');
	const names = new Set(row.calls ?? []);
	const takes = (sites: readonly Site[]): readonly Site[] => sites.filter(({ api, args, row: of }) => names.has(api) && args[0] !== undefined && (of?.effect !== 'lock' || api !== 'spin_lock' || /ptl\b/.test(args[0])));
	for (const get of takes(change.now)) {
		const before = takes(change.old).find((site) => site.api === get.api && site.args[0] === get.args[0]);
		if (!before) continue;
		const [was, is] = [again(change.before.fn.body, before, looks), again(change.after.fn.body, get, looks)];
		const test = is ?? was;
		if (!test || (was && is) || isAskedOtherwise(change, test, is ? 'old' : 'now')) continue;
		if (get.row?.effect === 'lock' && !isSecondLook(change[is ? 'after' : 'before'].fn.body, is ? get : before, test)) continue;
		const other = is ? holderOf(change.before.fn.body, before) : holderOf(change.after.fn.body, get);
		if (!other) continue;
		const found: Finding = {
			words: { object: get.args[0] ?? '', get: told(get.text), test: told(written(test)) }, tells: is ? 'fixes' : 'introduces',
			marked: is ? { before: other, after: is } : { before: test, after: other }, earlier: { before: was, after: is },
		};
		return [found, { ...found, outline: BREAKS, inPart: true }];
	}
	return droppedAgain(change, looks);
}

const BREAKS = ['use-after-free', 'check-then-act'] as const;

const DROPS = /\b(?:folio|page|put)_(?:put|page|folio|unpin)\w*\s*\(\s*([a-z_]\w*)|\b[a-z]\w*_put(?:_\w+)?\s*\(\s*([a-z_]\w*)|\bput_[a-z]\w*\s*\(\s*([a-z_]\w*)/;

/** The reference was taken in lines that nobody shows. */
function droppedAgain(change: Change, looks: RegExp): readonly Finding[] {
	const { before, after, whole, now, old } = change;
	if (whole) return [];
	const of = ({ fn: { body } }: Change['after']): readonly CNode[] => conditionals(body).filter((node) => looks.test(written(node)) && DROPS.test(node.field('consequence')?.text ?? ''));
	const [was, is] = [of(before), of(after)];
	const test = is[0] ?? was[0];
	if (!test || (was.length > 0 && is.length > 0) || isAskedOtherwise(change, test, is[0] ? 'old' : 'now')) return [];
	const object = DROPS.exec(test.field('consequence')?.text ?? '')?.slice(1).find((name) => name !== undefined) ?? '';
	// A reference that is taken here is a matter of its own.
	if (!object || (is[0] ? now : old).some(({ row, args, start }) => (row?.effect === 'get' || row?.effect === 'get-unless-zero') && args[0] === object && start < test.start)) return [];
	const side = is[0] ? 'after' : 'before';
	const block = parentOf(change[side].fn.body, test);
	const then = twins(change).find((pair) => pair[side].start > test.end && block !== undefined && pair[side].end <= block.end);
	if (!then) return [];
	const found: Finding = { words: { object, get: object, test: told(written(test)), elided: '1' }, tells: is[0] ? 'fixes' : 'introduces', marked: then, earlier: { before: was[0], after: is[0] } };
	return [found, { ...found, outline: BREAKS, inPart: true }];
}

const GOES_BACK = /\b(?:return|goto|continue|break)\b|=\s*NULL\b|\w*(?:put|undo|drop|release|unpin)\w*\s*\(/;

/** The condition behind the reference that looks again and goes back. */
const again = (body: CNode, get: Site, looks: RegExp): CNode | undefined =>
	conditionals(body).find((node) => node.start > get.start && looks.test(written(node)) && GOES_BACK.test(node.field('consequence')?.text ?? '') && !written(node).includes(get.text));

const COMPARES = /\b\w+_same\s*\(|_val\s*\([^()]*\)\s*[!=]=/;

/** What it compares with was read before the lock was taken, or the same was asked there. */
const isSecondLook = (body: CNode, get: Site, test: CNode): boolean => COMPARES.test(written(test)) || conditionals(body).some((node) => node.start < get.start && asks(written(test)).some((part) => asks(written(node)).includes(part)));

const asks = (condition: string): readonly string[] => condition.split(/&&|\|\|/).map((part) => part.replace(/\b(?:un)?likely\b|[\s()!]/g, '')).filter((part) => part !== '');

/** The statement that takes the reference. */
const holderOf = (body: CNode, { start }: Site): CNode | undefined =>
	statementsOf(body).findLast((node) => node.start <= start && start < node.end && /^(?:if|expression|return)_statement$/.test(node.type));

/** The side without the condition asks in other words: in a condition, or by a call, of its own that is about the same. */
function isAskedOtherwise(change: Change, test: CNode, side: 'old' | 'now'): boolean {
	const about = [...new Set([...written(test).matchAll(/(?<![\w.>])[a-z_]\w*\b(?!\s*\()/g)].map(([name]) => name))].filter((name) => !/^(?:un)?likely$/.test(name));
	const isAbout = (text: string): boolean => about.some((name) => new RegExp(`(?<![\\w.>])${escaped(name)}\\b`).test(text));
	const [body, twin] = side === 'old' ? [change.before.fn.body, change.after.fn.body] : [change.after.fn.body, change.before.fn.body];
	const known = new Set(conditionals(twin).map(written));
	const isMade = (site: Site): boolean => change.ways.get(site) === 'added' || change.ways.get(site) === 'removed';
	return conditionals(body).some((node) => !known.has(written(node)) && isAbout(written(node)))
		|| change[side].some((site) => isMade(site) && !site.row && site.args.some(isAbout) && !conditionals(twin).some((node) => node.text.includes(site.api)));
}
