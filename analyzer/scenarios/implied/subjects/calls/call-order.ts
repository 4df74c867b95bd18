import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import type { Site } from '../../sites';

/**
 * `call`, one of the row's, comes before `next`, one of those that are to follow it, on one side only; its arguments as `arg0`, `arg1`, …, those of `next` as
 * `next0`, … `work` is the name of `next`, where nobody knows what that does.
 */
export function callOrders(change: Change, row: Asked): readonly Finding[] {
	const first = new Set(row.calls ?? []);
	const second = row.behind ? new RegExp(`^(?:${row.behind})$`) : /^$/;
	const [was, is] = [pairOf(change.old, first, second), pairOf(change.now, first, second)];
	if (!was || !is || was.inOrder === is.inOrder) return [];
	const words = (name: string, { args }: Site): readonly (readonly [string, string])[] => args.map((text, index) => [`${name}${index}`, text] as const);
	// What the table or a model knows does what it does; the rest the row says.
	const unknown = (is.next.row === null || is.next.row.partial === true) && change.post.sources.model(is.next.api) === null && !change.post.functions.has(is.next.api);
	return [{ words: { ...Object.fromEntries([...words('arg', is.call), ...words('next', is.next)]), call: is.call.text, next: is.next.text, ...(unknown ? { work: is.next.api } : {}) }, tells: is.inOrder ? 'fixes' : 'introduces' }];
}

/** The one call, and the last of those that all follow it, or all come before; null for what is neither. */
function pairOf(sites: readonly Site[], first: ReadonlySet<string>, second: RegExp): { readonly call: Site; readonly next: Site; readonly inOrder: boolean } | null {
	const [calls, nexts] = [sites.filter(({ api }) => first.has(api)), sites.filter(({ api }) => second.test(api) && !first.has(api))];
	const [call, next] = [calls[0], nexts.at(-1)];
	if (!call || !next || calls.length !== 1) return null;
	const later = nexts.filter(({ start }) => start > call.start).length;
	return later === nexts.length || later === 0 ? { call, next, inOrder: later > 0 } : null;
}
