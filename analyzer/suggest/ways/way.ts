import type { Table } from '../../knowledge/table';
import type { ReviewFailure } from '../../review';
import type { Side } from '../../scenarios';
import type { Candidate, LineEdit } from '../edit';
import type { Place } from '../place';

/** What a way to mend something goes by. */
export interface Asked {
	readonly place: Place;
	readonly places: readonly Place[];
	readonly failure: ReviewFailure;
	readonly pre: Side | null;
	readonly post: Side;
	readonly table: Table;
}

/** Edits of one kind that may help, the likeliest first. */
export type Way = (asked: Asked) => Generator<Candidate>;

export const candidate = ({ image: { path } }: Place, lines: readonly LineEdit[], words: string, cost: number, restores = false): Candidate =>
	({ path, lines: [...lines].sort((a, b) => a.at - b.at), words, cost, ...(restores ? { restores } : {}) });
