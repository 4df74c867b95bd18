import type { Definition } from '../../lower/sources';
import { lockOf, type Site } from './sites';

/** First and last line between which a lock is held; a release right before the function is left does not end it. */
type Span = readonly [from: number, to: number];

/** Where each lock is held, by the text. */
export function spansOf({ fn }: Definition, sites: readonly Site[]): ReadonlyMap<string, readonly Span[]> {
	const found = new Map<string, Span[]>();
	const lines = fn.body.text.split('\n');
	const leaves = (site: Site): boolean => {
		for (const text of lines.slice(site.endLine - fn.body.line + 1)) {
			if (/^\s*(return|goto|continue|break)\b/.test(text)) return true;
			if (/^\s*\}/.test(text) || /\(/.test(text)) return false;
		}
		return false;
	};
	for (const lock of new Set(sites.flatMap((site) => lockOf(site) ?? []))) {
		const spans: Span[] = [];
		let open: number | null = null;
		let seen = false;
		for (const site of sites) {
			if (lockOf(site) !== lock || !site.row || site.row.effect === 'trylock') continue;
			if (site.row.effect === 'lock' || site.row.effect === 'rcu-lock') open ??= site.endLine;
			else {
				// Released first: it was taken out of sight, or by the caller.
				open ??= seen ? null : 0;
				if (open !== null && !leaves(site)) {
					spans.push([open, site.line]);
					open = null;
				}
			}
			seen = true;
		}
		if (open !== null) spans.push([open, Number.MAX_SAFE_INTEGER]);
		found.set(lock, spans);
	}
	return found;
}

export const isWithin = (spans: readonly Span[] | undefined, line: number): boolean => spans?.some(([from, to]) => line > from && line < to) ?? false;
