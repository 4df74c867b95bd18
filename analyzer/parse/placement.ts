import { lineFinder } from './lines';

/** Where a parsed text lies in the text that the caller gave: insertions of ours are mapped away. */
export interface Placement {
	/** Nothing was inserted: offsets are the caller's. */
	readonly identical: boolean;
	/** What was parsed: blanked, with insertions. */
	readonly parsed: string;
	/** The caller's text between two offsets of the parsed text; where both lie in one insertion, the insertion's. */
	slice(from: number, to: number): string;
	/** The caller's offset for an offset of the parsed text. */
	offset(parsed: number): number;
	/** The caller's 1-based line for an offset of the parsed text. */
	line(parsed: number): number;
	/** The token that starts here in the parsed text was inserted by us. */
	inserted(parsed: number): boolean;
}

export function identityPlacement(source: string, parsed: string): Placement {
	return {
		identical: true,
		parsed,
		slice: (from, to) => source.slice(from, to),
		offset: (at) => at,
		line: lineFinder(parsed),
		inserted: () => false,
	};
}
