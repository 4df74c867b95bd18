import type { Asked } from '../../../knowledge/partner-row';
import { added, type Change, removed } from '../change';
import type { Finding } from '../partner';

/** One of the row's own calls (`strong`; `call` is how it is called) stands in the place of one that the row's `behind` matches (`plain`), for the same thing. */
export function insteadOf(change: Change, row: Asked): readonly Finding[] {
	const names = new Set(row.calls ?? []);
	const weaker = new RegExp(`^(?:${row.behind ?? '(?!)'})$`);
	const strong = added(change).find(({ api }) => names.has(api));
	const plain = strong && removed(change).find(({ api, args }) => weaker.test(api) && args.some((arg) => strong.args.includes(arg)));
	// What is cleared here in any case is so on both sides.
	return plain && !change.now.some(({ api }) => api === plain.api) ? [{ words: { call: strong.text, strong: strong.api, plain: plain.api }, tells: 'fixes' }] : [];
}
