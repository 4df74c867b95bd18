import type { Lowered, Party } from '../lower';

/** The scenario's own parties stand in the same place on both sides. What joined them is known by what it runs: where it is started from is not the same place on both. */
function keysOf(parties: readonly Party[]): readonly string[] {
	const seen = new Map<string, number>();
	return parties.map(({ key, context, entry }, index) => {
		if (key === undefined) return `${index}`;
		const what = `${context} ${entry}`;
		seen.set(what, (seen.get(what) ?? 0) + 1);
		return `${what} ${seen.get(what)}`;
	});
}

/** The threads of both sides, each once: those of the side that is shown first, then what only the other side's code starts. */
export function lanesOf(shown: Lowered, other: Lowered | null): readonly Party[] {
	const known = new Set(keysOf(shown.parties));
	const keys = keysOf(other?.parties ?? []);
	return [...shown.parties, ...(other?.parties ?? []).filter((_, index) => !known.has(keys[index] ?? ''))];
}

/** The side, told in these lanes. */
export function inLanes<Told extends { readonly lowered: Lowered }>(side: Told, lanes: readonly Party[]): Told {
	const keys = keysOf(lanes);
	const own = keysOf(side.lowered.parties).map((key) => keys.indexOf(key));
	return own.every((lane, index) => lane === index) ? side : { ...side, lowered: { ...side.lowered, lanes: own } };
}

/** The lane in which a thread of this side is told. */
export const laneOf = ({ lanes }: Pick<Lowered, 'lanes'>, thread: number): number => lanes?.[thread] ?? thread;
