import type { Schedule } from '../exploration';
import type { Edges } from './edges';
import type { Found } from './schedules';
import type { StateStore } from './store';

/** A search for all failures, taken in slices. */
export interface Search {
	/** Takes up to so many transitions more. */
	advance(transitions: number): void;
	readonly done: boolean;
	readonly states: number;
	readonly transitions: number;
	/** By key, as first met. */
	readonly found: ReadonlyMap<string, Found>;
	/** All interleavings, when they were counted and are finitely many. */
	readonly total: bigint | undefined;
	readonly passing: Schedule | undefined;
	readonly cuts: ReadonlySet<string>;
	readonly outOfObjects: boolean;
	readonly tooLong: boolean;
	readonly bytes: number;
	/** Once it is done, where each step leads; undefined where that was too much to keep. */
	readonly explored?: Explored | undefined;
}

/** A whole state graph. The initial state is number 0. */
export interface Explored {
	readonly store: StateStore;
	readonly edges: Edges;
}

/** What a search knows of a state that it has met. */
export const ON_STACK = 1, VISITED = 2;
