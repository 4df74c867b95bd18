import type { TextLine } from './document';

/** One level of quotation: `> `, `>`, or a mail program's initials (`JK> `). */
const LEVEL = /^[ \t]?(?:[A-Z]{1,3})?>/;

/** How deep a line is quoted, and where what it quotes begins. */
export interface Quotation {
	readonly depth: number;
	/** Column after the last `>`. */
	readonly end: number;
}

/** At most `limit` levels are taken off: the C below them may begin with `>` too. */
export function quotation(text: string, limit = Number.POSITIVE_INFINITY): Quotation {
	let depth = 0;
	let end = 0;
	while (depth < limit) {
		const level = LEVEL.exec(text.slice(end, end + 6));
		if (level === null) {
			break;
		}
		depth++;
		end += level[0].length;
	}
	return { depth, end };
}

/** How a quoted passage is to be unquoted. */
export interface Unquoting {
	readonly depth: number;
	/** A blank follows the last `>` and belongs to the quotation. */
	readonly spaced: boolean;
}

/** The line without its quotation, or null where it is quoted less deep: a comment from below. */
export function unquoted(line: TextLine, how: Unquoting): TextLine | null {
	if (how.depth === 0) {
		return line;
	}
	const { depth, end } = quotation(line.text, how.depth);
	if (depth < how.depth) {
		return null;
	}
	const from = how.spaced && line.text[end] === ' ' ? end + 1 : end;
	return { text: line.text.slice(from), input: line.input, from: line.from + from };
}
