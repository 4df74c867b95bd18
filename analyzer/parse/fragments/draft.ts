import type { Cut } from './hunks';
import type { Insertions } from './insertions';

/** A function of which not everything is shown. */
export interface PartialFunction {
	/** Offsets in the image's text: from its first shown character to behind its last. */
	from: number;
	to: number;
	/** `''` where nothing tells. */
	name: string;
	named: string;
	headElided: boolean;
	tailElided: boolean;
	/** First lines of stretches behind its first. */
	readonly gaps: number[];
}

/** What planning works on: the image as it was cut, and what is to be put into it and left out of it. */
export interface Draft {
	readonly cut: Cut;
	/** Partners of brackets within their stretch, by token index; -1 where there is none. */
	readonly match: Int32Array;
	readonly insertions: Insertions;
	/** In order. */
	readonly functions: PartialFunction[];
	/** Ranges of offsets, start and end in turn, that belong to nothing that could be told. */
	readonly dropped: number[];
	/** Of these, whole stretches that nothing could be made of. */
	readonly leftOut: number[];
}
