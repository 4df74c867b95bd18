import type { Asked } from '../../../../knowledge/partner-row';
import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { escaped, type Site } from '../../sites';
import { statementsOf } from '../../twins';

/**
 * What is handed to the caller by its `hands` is locked by one of the row's calls until the caller has mapped it, as `behind` tells, on one side only. Marked is
 * the statement that hands it over, on both.
 */
export function returnedLocked(change: Change, row: Asked): readonly Finding[] {
	const [was, is] = [handing(change.before.fn.body, row), handing(change.after.fn.body, row)];
	const [old, now] = [locking(change.before.fn.body, change.old, row), locking(change.after.fn.body, change.now, row)];
	const call = now ?? old;
	if (!was || !is || !call || (old && now) || isTold(change.before.fn.body, row) !== (old !== undefined) || isTold(change.after.fn.body, row) !== (now !== undefined)) return [];
	return [{ words: { call: call.site.text }, tells: now ? 'fixes' : 'introduces', marked: { before: was, after: is }, earlier: { before: old?.node, after: now?.node } }];
}

const isTold = (body: CNode, { behind = '^$' }: Asked): boolean => new RegExp(behind).test(body.text);

function handing(body: CNode, { hands = '' }: Asked): CNode | undefined {
	const all = statementsOf(body).filter(({ type, text }) => type === 'expression_statement' && new RegExp(`->\\s*${escaped(hands)}\\s*=(?!=)`).test(text));
	return all.length === 1 ? all[0] : undefined;
}

function locking(body: CNode, sites: readonly Site[], { calls = [] }: Asked): { readonly site: Site; readonly node: CNode } | undefined {
	const site = sites.find(({ api }) => calls.includes(api));
	const node = site && statementsOf(body).find(({ type, start, end }) => type === 'expression_statement' && start <= site.start && site.start < end);
	return site && node ? { site, node } : undefined;
}
