import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { escaped, type Site } from '../../sites';
import { written } from '../../steps';
import { statementsOf } from '../../twins';
import type { CNode } from '../../../../parse';

/**
 * `call`, one of the row's, may let go of what kept its argument's `hands` alive: which is used behind it, on one side only, though what it returns is not asked
 * for that. Marked is the statement that calls it.
 */
export function usedAfterwards(change: Change, row: Asked): readonly Finding[] {
	const names = new Set(row.calls ?? []);
	const [was, is] = [usedBehind(change.before.fn.body, change.old.find(({ api }) => names.has(api)), row), usedBehind(change.after.fn.body, change.now.find(({ api }) => names.has(api)), row)];
	if (!was || !is || was.used === is.used) return [];
	return [{ words: { call: is.site.text }, tells: was.used ? 'fixes' : 'introduces', marked: { before: was.node, after: is.node } }];
}

function usedBehind(body: CNode, site: Site | undefined, { hands = '', behind = '^$' }: Asked): { readonly site: Site; readonly node: CNode; readonly used: boolean } | null {
	const node = site && statementsOf(body).find((each) => each.start <= site.start && site.start < each.end && /^(expression|return)_statement$/.test(each.type));
	if (!site || !node) return null;
	const [before, after] = [body.text.slice(0, node.start - body.start), body.text.slice(node.end - body.start)];
	const names = [...before.matchAll(new RegExp(`\\b(\\w+)\\s*=\\s*\\w+\\s*->\\s*${escaped(hands)}\\s*[;,]`, 'g'))].map((match) => match[1] ?? '');
	const used = new RegExp([`->\\s*${escaped(hands)}\\s*->`, ...names.map((name) => `(?<![\\w.>])${name}\\s*(?:->|[,)])`)].join('|'));
	return { site, node, used: used.test(after) && !new RegExp(behind).test(`${written(node)}${after}`) };
}
