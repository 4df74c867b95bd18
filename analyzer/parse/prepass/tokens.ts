/** Kinds of token. Punctuation is its own character code. */
export const IDENTIFIER = 1;
export const NUMBER = 2;
export const STRING = 3;
export const CHARACTER = 4;
/** `->` */
export const ARROW = 5;
/** `...` */
export const ELLIPSIS = 6;

export const OPEN_PAREN = 40;
export const CLOSE_PAREN = 41;
export const STAR = 42;
export const COMMA = 44;
export const COLON = 58;
export const SEMICOLON = 59;
export const EQUALS = 61;
export const OPEN_BRACKET = 91;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

/** The name of the directive that stands for a boundary: conditional blocks that are open end there. */
export const CUT = '#';

/** A preprocessor line with its continuations. */
export interface Directive {
	readonly start: number;
	/** Up to, not including, the newline that ends it. */
	readonly end: number;
	/** `define`, `ifdef`, … */
	readonly name: string;
	/** What follows the name, comments and continuations included. */
	readonly rest: string;
	/** Index of the first token behind it. */
	readonly token: number;
}

/** The tokens of a text without comments and preprocessor lines, and where those were. */
export interface Tokens {
	readonly text: string;
	readonly kind: Uint8Array;
	readonly start: Int32Array;
	readonly end: Int32Array;
	readonly count: number;
	readonly directives: readonly Directive[];
	/** Start and end of each comment in turn. */
	readonly comments: readonly number[];
}

export function word(tokens: Tokens, index: number): string {
	return tokens.text.slice(tokens.start[index], tokens.end[index]);
}

/** What a character can be: 1 starts or continues a word, 2 is a digit, 0 neither. */
const CLASS = new Uint8Array(128);
for (let code = 48; code <= 57; code++) CLASS[code] = 2;
for (let code = 65; code <= 90; code++) CLASS[code] = 1;
for (let code = 97; code <= 122; code++) CLASS[code] = 1;
CLASS[95] = 1;
CLASS[36] = 1;

const NEWLINE = 10;
const BACKSLASH = 92;
const SLASH = 47;
const HASH = 35;

/**
 * Splits a text. At each offset of `boundaries` (ascending; where hunks meet) a comment, string or directive that is still
 * open ends, for what closed it is elided.
 */
export function tokenize(text: string, boundaries: readonly number[] = []): Tokens {
	const length = text.length;
	let capacity = (length >> 2) + 16;
	let kind = new Uint8Array(capacity);
	let start = new Int32Array(capacity);
	let end = new Int32Array(capacity);
	let count = 0;
	const directives: Directive[] = [];
	const comments: number[] = [];
	const limits = [...boundaries, length];
	let next = 0;
	let limit = limits[0]!;
	let lineStart = true;
	let at = 0;

	const commentEnd = (from: number): number => {
		if (text.charCodeAt(from + 1) === 42) {
			const close = text.indexOf('*/', from + 2);
			return close < 0 || close + 2 > limit ? limit : close + 2;
		}
		return lineEnd(from);
	};
	const lineEnd = (from: number): number => {
		let newline = text.indexOf('\n', from);
		while (newline >= 0 && newline < limit && continues(newline)) newline = text.indexOf('\n', newline + 1);
		return newline < 0 || newline > limit ? limit : newline;
	};
	const continues = (newline: number): boolean => {
		const before = text.charCodeAt(newline - 1);
		return before === BACKSLASH || (before === 13 && text.charCodeAt(newline - 2) === BACKSLASH);
	};
	const push = (type: number, from: number, to: number): void => {
		if (count === capacity) {
			capacity *= 2;
			kind = grown(kind, new Uint8Array(capacity));
			start = grown(start, new Int32Array(capacity));
			end = grown(end, new Int32Array(capacity));
		}
		kind[count] = type;
		start[count] = from;
		end[count] = to;
		count++;
	};

	while (at < length) {
		while (at >= limit && next < limits.length - 1) {
			directives.push({ start: limit, end: limit, name: CUT, rest: '', token: count });
			limit = limits[++next]!;
			lineStart = true;
		}
		const code = text.charCodeAt(at);
		if (code === NEWLINE) {
			lineStart = true;
			at++;
			continue;
		}
		if (code <= 32 || code === 0xa0 || code === 0xfeff) {
			at++;
			continue;
		}
		const following = at + 1 < length ? text.charCodeAt(at + 1) : 0;
		if (code === SLASH && (following === SLASH || following === 42)) {
			const to = commentEnd(at);
			comments.push(at, to);
			at = to;
			continue;
		}
		if (code === HASH && lineStart) {
			const to = directiveEnd(text, at, limit);
			directives.push(readDirective(text, at, to, count));
			at = to;
			continue;
		}
		lineStart = false;
		const type = code < 128 ? CLASS[code]! : 1;
		if (type === 1) {
			const from = at++;
			while (at < limit) {
				const c = text.charCodeAt(at);
				if (c < 128 && CLASS[c] === 0) break;
				if (c === 0xa0) break;
				at++;
			}
			// L"…", u8"…": the prefix belongs to the literal.
			push(IDENTIFIER, from, at);
			continue;
		}
		if (type === 2 || (code === 46 && following >= 48 && following <= 57)) {
			const from = at++;
			while (at < limit) {
				const c = text.charCodeAt(at);
				const before = text.charCodeAt(at - 1) | 32;
				// An exponent's sign; not behind a hexadecimal number's `e`.
				const sign = (c === 43 || c === 45) && (before === 112 || (before === 101 && (text.charCodeAt(from + 1) | 32) !== 120));
				if (!sign && c !== 46 && (c >= 128 || CLASS[c] === 0)) break;
				// `1...5`
				if (c === 46 && text.charCodeAt(at + 1) === 46) break;
				at++;
			}
			push(NUMBER, from, at);
			continue;
		}
		if (code === 34 || code === 39) {
			const to = literalEnd(text, at, code, limit);
			push(code === 34 ? STRING : CHARACTER, at, to);
			at = to;
			continue;
		}
		if (code === 45 && following === 62) {
			push(ARROW, at, at + 2);
			at += 2;
		} else if (code === 46 && following === 46 && text.charCodeAt(at + 2) === 46) {
			push(ELLIPSIS, at, at + 3);
			at += 3;
		} else {
			if (code !== BACKSLASH) push(code, at, at + 1);
			at++;
		}
	}
	return { text, kind, start, end, count, directives, comments };
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
	to.set(from);
	return to;
}

/** The end of a string or character literal; one that is not closed ends with its line. */
function literalEnd(text: string, from: number, quote: number, limit: number): number {
	for (let at = from + 1; at < limit; at++) {
		const code = text.charCodeAt(at);
		if (code === BACKSLASH) {
			at++;
			if (text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === NEWLINE) at++;
		} else if (code === quote) return at + 1;
		else if (code === NEWLINE) return at;
	}
	return limit;
}

/** A directive ends with its line, but a backslash continues it and a block comment inside it may span lines. */
function directiveEnd(text: string, from: number, limit: number): number {
	for (let at = from; at < limit; at++) {
		const code = text.charCodeAt(at);
		if (code === NEWLINE) return at;
		if (code === BACKSLASH) {
			if (text.charCodeAt(at + 1) === 13) at++;
			at++;
		} else if (code === 34 || code === 39) {
			// An apostrophe in `#error don't` closes with its line.
			at = literalEnd(text, at, code, limit) - 1;
		} else if (code === SLASH && text.charCodeAt(at + 1) === 42) {
			const close = text.indexOf('*/', at + 2);
			if (close < 0 || close + 2 > limit) return limit;
			at = close + 1;
		} else if (code === SLASH && text.charCodeAt(at + 1) === SLASH) {
			const newline = text.indexOf('\n', at);
			return newline < 0 || newline > limit ? limit : newline;
		}
	}
	return limit;
}

function readDirective(text: string, start: number, end: number, token: number): Directive {
	const match = /^#[ \t]*([A-Za-z_]*)/.exec(text.slice(start, Math.min(end, start + 80)));
	const length = match?.[0].length ?? 1;
	return { start, end, name: match?.[1] ?? '', rest: text.slice(start + length, end), token };
}
