import type { Tokens } from '../prepass/tokens';

const TAB = 8;

/** Where tokens stand in their lines. */
export class Layout {
	/** For each token: the first token of its line. */
	readonly #first: Int32Array;
	/** For each token that begins a line: its column, tabs to eight. Else how far from the line's beginning, at least 1. */
	readonly #column: Int32Array;

	constructor(tokens: Tokens) {
		const { text, count, start } = tokens;
		this.#first = new Int32Array(count);
		this.#column = new Int32Array(count);
		let lineStart = 0;
		let next = text.indexOf('\n');
		let first = -1;
		for (let token = 0; token < count; token++) {
			const at = start[token]!;
			while (next >= 0 && next < at) {
				lineStart = next + 1;
				next = text.indexOf('\n', lineStart);
				first = -1;
			}
			if (first < 0) {
				first = token;
				this.#column[token] = width(text, lineStart, at);
			} else {
				this.#column[token] = Math.max(1, at - lineStart);
			}
			this.#first[token] = first;
		}
	}

	beginsLine(token: number): boolean {
		return this.#first[token] === token;
	}

	column(token: number): number {
		return this.#column[token]!;
	}

	/** Column of the first token on the token's line: `}` of `} else {`. */
	lineColumn(token: number): number {
		return this.#column[this.#first[token]!]!;
	}

	sameLine(left: number, right: number): boolean {
		return this.#first[left] === this.#first[right];
	}
}

function width(text: string, from: number, to: number): number {
	let column = 0;
	for (let at = from; at < to; at++) column = text.charCodeAt(at) === 9 ? column - (column % TAB) + TAB : column + 1;
	return column;
}
