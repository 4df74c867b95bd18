import type { CNode } from '../../../../parse';
import { folded } from '../../../../parse/plain-text';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { placeText, rootOf, type Site } from '../../sites';
import { parentOf, statementsOf } from '../../twins';

/** `call` frees a parameter, and what is returned right after says otherwise on one side: `was`, on which the caller does as if it were still there. */
export function consumedReturns(change: Change): readonly Finding[] {
	const [old, now] = [returns(change.before.fn.body), returns(change.after.fn.body)];
	return now.flatMap((node, at): readonly Finding[] => {
		const [is, was] = [valueOf(node), old[at] ? valueOf(old[at]) : null];
		if (!is || !was || old.length !== now.length || !change.after.file.place(node.line).changed || kind(is) === null || kind(was) === null || kind(is) === kind(was)) return [];
		const outer = parentOf(change.after.fn.body, node);
		const ahead = change.now.filter(({ start, row }: Site) => outer !== undefined && start >= outer.start && start < node.start && row !== null);
		const freed = ahead.findLast((site) => {
			const place = site.row?.effect === 'free' ? placeText(site, site.row.pointer) : site.row?.effect === 'put' ? (site.args[0] ?? null) : null;
			return place !== null && change.after.fn.params.some(({ name }) => name === place) && rootOf(place) === place && change.old.some(({ text }) => text === site.text);
		});
		return freed ? [{ words: { call: freed.text, was, is, object: freed.args[0] ?? '' }, tells: 'fixes' }] : [];
	}).slice(0, 1);
}

const returns = (body: CNode): readonly CNode[] => statementsOf(body).filter(({ type }) => type === 'return_statement');
const valueOf = (node: CNode): string | null => /^return\s*\(?\s*(-?\w+)\s*\)?\s*;$/.exec(folded(node.text))?.[1] ?? null;

/** Done with it, or not: what callers tell apart. null: one of the errors, or a variable. */
function kind(value: string): 'nothing' | 'something' | null {
	if (/^(?:0|false|NULL|NETDEV_TX_OK|NET_RX_SUCCESS|NET_XMIT_SUCCESS)$/.test(value)) return 'nothing';
	return /^(?:true|-?[1-9]\d*|-E[A-Z0-9]+|[A-Z][A-Z0-9]*_[A-Z0-9_]+)$/.test(value) ? 'something' : null;
}
