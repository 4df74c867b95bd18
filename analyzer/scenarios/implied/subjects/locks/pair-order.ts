import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { escaped, lockOf, type Site } from '../../sites';

interface Pair {
	readonly first: string;
	readonly second: string;
	readonly member: string;
}

/** The locks of `first` and `second`, two objects of a kind that the function is handed, are taken in the order in which they are handed, on one side only: on the other one in an order of their own, or not at once. `swapped`: the call with the two in each other's place. */
export function pairOrders(change: Change): readonly Finding[] {
	const { name, before, after, old, now } = change;
	const [was, is] = [handedPair(before.fn, old), handedPair(after.fn, now)];
	const pair = was ?? is;
	if (!pair || (was && is)) return [];
	const { first, second, member } = pair;
	const params = after.fn.params.map((param) => param.name);
	const swapped = params.map((each) => (each === first ? second : each === second ? first : each));
	const found: Finding = { words: { first, second, member, swapped: `${name}(${swapped.join(', ')})` }, tells: was ? 'fixes' : 'introduces' };
	// What they keep may keep the second lock from being reached.
	return [found, { ...found, outline: ['deadlock'], inPart: true }];
}

/** One lock is taken with the other one held, and nothing before that compares the two. */
function handedPair({ params, body }: Change['after']['fn'], sites: readonly Site[]): Pair | null {
	const held = new Set<string>();
	for (const site of sites) {
		const { row } = site;
		const lock = row?.effect === 'lock' || row?.effect === 'unlock' ? lockOf(site) : null;
		if (lock === null) continue;
		if (row?.effect === 'unlock') {
			held.delete(lock);
			continue;
		}
		const [, second = '', member = ''] = /^(\w+)->([\w.>-]+)$/.exec(lock) ?? [];
		const first = [...held].map((each) => /^(\w+)->([\w.>-]+)$/.exec(each)).find((each) => each?.[2] === member && each[1] !== second)?.[1];
		held.add(lock);
		if (!first || !second || !areAlike(params, first, second)) continue;
		if (!isOrdered(body.text.slice(0, site.start - body.start), first, second)) return { first, second, member };
	}
	return null;
}

function areAlike(params: Change['after']['fn']['params'], first: string, second: string): boolean {
	const [one, other] = [first, second].map((each) => /struct\s+(\w+)\s*\*\s*$/.exec(params.find(({ name }) => name === each)?.type ?? '')?.[1]);
	return one !== undefined && one === other;
}

/** The code has seen to which of them comes first. */
const isOrdered = (text: string, first: string, second: string): boolean => {
	const [one, other] = [escaped(first), escaped(second)];
	const compares = (a: string, b: string): RegExp => new RegExp(`(?<![\\w.>])${a}\\b(?:->[\\w.>-]+)?\\s*[<>]=?\\s*(?:\\([^()]*\\)\\s*)?${b}\\b`);
	return /\bswap\s*\(/.test(text) || compares(one, other).test(text) || compares(other, one).test(text) || new RegExp(`(?<![\\w.>])(?:${one}|${other})\\s*=(?!=)`).test(text);
};
