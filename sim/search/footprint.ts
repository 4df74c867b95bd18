import type { Machine } from '../machine/machine';

/** What a step has read, written and shared: bit sets over the layout's resources. */
export interface Footprint {
	readonly reads: Int32Array;
	readonly writes: Int32Array;
	/** Writes that commute with each other: taking a lock shared, entering a read side. */
	readonly shares: Int32Array;
}

/** A copy of what the machine's last step touched; the machine must have been tracking. */
export function footprintOf(m: Machine): Footprint {
	return { reads: m.readSet.slice(), writes: m.writeSet.slice(), shares: m.shareSet.slice() };
}

/** Whether two steps of different threads may not be exchanged. */
export function conflict(a: Footprint, b: Footprint): boolean {
	for (let i = 0; i < a.writes.length; i++) {
		const readsA = a.reads[i]!, writesA = a.writes[i]!, sharesA = a.shares[i]!;
		const readsB = b.reads[i]!, writesB = b.writes[i]!, sharesB = b.shares[i]!;
		if ((writesA & (readsB | writesB | sharesB)) !== 0 || (writesB & (readsA | sharesA)) !== 0) return true;
		if ((sharesA & readsB) !== 0 || (sharesB & readsA) !== 0) return true;
	}
	return false;
}

/** Keeps what the machine's last step touched; the machine must have been tracking. */
export function copyFootprint(m: Machine, into: Footprint): void {
	for (let i = 0; i < into.reads.length; i++) {
		into.reads[i] = m.readSet[i]!;
		into.writes[i] = m.writeSet[i]!;
		into.shares[i] = m.shareSet[i]!;
	}
}

/** An empty footprint over so many words. */
export function emptyFootprint(words: number): Footprint {
	return { reads: new Int32Array(words), writes: new Int32Array(words), shares: new Int32Array(words) };
}

export function unite(into: Footprint, from: Footprint): void {
	for (let i = 0; i < into.reads.length; i++) {
		into.reads[i] = into.reads[i]! | from.reads[i]!;
		into.writes[i] = into.writes[i]! | from.writes[i]!;
		into.shares[i] = into.shares[i]! | from.shares[i]!;
	}
}
