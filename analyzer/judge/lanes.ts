import type { Lowered } from '../lower/program';
import type { Party } from '../lower/party';

/** The scenario's own parties stand in the same place on both sides; what joined them is known by what it is. */
const keyOf = ({ key }: Party, index: number): string => key ?? `${index}`;

/** The threads of both sides, each once: those of the side that is shown first, then what only the other side's code starts. */
export function lanesOf(shown: Lowered, other: Lowered | null): readonly Party[] {
	const keys = new Set(shown.parties.map(keyOf));
	return [...shown.parties, ...(other?.parties ?? []).filter((party, index) => !keys.has(keyOf(party, index)))];
}

/** The side, told in these lanes. */
export function inLanes<Told extends { readonly lowered: Lowered }>(side: Told, lanes: readonly Party[]): Told {
	const keys = lanes.map(keyOf);
	const own = side.lowered.parties.map((party, index) => keys.indexOf(keyOf(party, index)));
	return own.every((lane, index) => lane === index) ? side : { ...side, lowered: { ...side.lowered, lanes: own } };
}

/** The lane in which a thread of this side is told. */
export const laneOf = ({ lanes }: Pick<Lowered, 'lanes'>, thread: number): number => lanes?.[thread] ?? thread;
