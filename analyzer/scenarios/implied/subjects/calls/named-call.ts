import type { Asked } from '../../../../knowledge/partner-row';
import type { Change } from '../../change';
import type { Finding } from '../../partner';

/** One of the row's own calls is made on one side only: `call`, and its arguments as `arg0`, `arg1`, … */
export function namedCalls(change: Change, row: Asked): readonly Finding[] {
	const names = new Set(row.calls ?? []);
	const of = (sites: Change['now'], others: Change['now'], way: string, tells: Finding['tells']): readonly Finding[] => sites.flatMap((site) => {
		if (!names.has(site.api) || change.ways.get(site) !== way || others.some((each) => each.api === site.api && change.ways.get(each) !== 'kept')) return [];
		const words = Object.fromEntries(site.args.map((text, index) => [`arg${index}`, text] as const));
		return [{ words: { ...words, call: site.text }, tells }];
	});
	return [...of(change.now, change.old, 'added', 'fixes'), ...of(change.old, change.now, 'removed', 'introduces')];
}
