import type { StructSource } from '../../parse';
import { digestsOf } from '../digests/digests';
import { ordered } from './partners';
import { neverMeet } from '../callers/roles';
import { rootsOf, type Side } from '../sides/side';

/** Pairs of writers that are looked at. */
const PAIRS_BOUND = 6;

/**
 * Functions that store to different bit fields of one word, where the patch parts those two, or brings them together: on the other side both are there, and
 * each in a word of its own. No field is touched by both functions, so nothing else would tell that they disturb each other.
 */
export function writersOfWords(sides: readonly Side[]): readonly { readonly side: Side; readonly pair: readonly [string, string] }[] {
	const found = new Map<string, { readonly side: Side; readonly pair: readonly [string, string] }>();
	const layouts = sides.map((side) => ({ side, words: layoutOf(side) }));
	for (const { side, words } of layouts) for (const other of layouts) {
		if (other.side === side) continue;
		const keys = [...words.keys()].filter((key) => words.get(key) !== undefined && other.words.has(key));
		keys.forEach((key, at) => {
			const partners = keys.slice(at + 1).filter((each) => words.get(each) === words.get(key) && (other.words.get(each) === undefined || other.words.get(each) !== other.words.get(key)));
			for (const partner of partners) for (const first of writersOf(side, key)) for (const second of writersOf(side, partner)) {
				const pair = [first, second] as const;
				if (first !== second && meet(side, first, second)) found.set([...pair].sort().join(), { side, pair });
			}
		});
	}
	return [...found.values()].slice(0, PAIRS_BOUND);
}

function meet(side: Side, a: string, b: string): boolean {
	const digests = digestsOf(side);
	return !neverMeet(side, a, b) && !ordered(side, a, digests.of(a), b, digests.of(b));
}

/** Per field of the side's structs (`foo.up`) the word that it shares with other bit fields, if it may. */
function layoutOf(side: Side): ReadonlyMap<string, string | undefined> {
	const structs: readonly StructSource[] = side.files.flatMap((file) => file.source.parsed.structs);
	return new Map(structs.flatMap(({ name, members }) => members.map((member) => [`${name}.${member.name}`, member.word && `${name}.${member.word}`] as const)));
}

/** The functions by which stores to the field are entered. */
const writersOf = (side: Side, key: string): readonly string[] =>
	[...side.functions.keys()].filter((name) => digestsOf(side).factsOf(name).some((fact) => fact.kind === 'write' && fact.key === key)).flatMap((name) => rootsOf(side, name));
