import {
	ARROW, CLOSE_BRACE, COLON, COMMA, EQUALS, IDENTIFIER, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, type Tokens, word,
} from '../prepass/tokens';
import { ITERATOR, KEYWORDS } from '../prepass/words';

/** Tokens of a line that are looked at. */
const MAX_LINE = 200;

/** What a stretch without any structure of its own reads like. */
export type Reading = 'code' | 'record' | 'enum' | 'initialiser' | 'file';

const CODE_WORDS = new Set(['if', 'return', 'goto', 'for', 'while', 'switch', 'case', 'break', 'continue', 'else', 'do', 'sizeof']);

/** Tells what a token range is the inside of; with nothing to go by, `expected`. `expected`: what the hunk header makes likely. */
export function readAs(tokens: Tokens, match: Int32Array, first: number, last: number, column: (token: number) => number, indented: boolean, expected: Reading | null): Reading | null {
	let designators = 0;
	let semicolons = 0;
	let commasAtLineEnd = 0;
	let begins = true;
	// Neither statements nor members nor entries stand in the first column.
	if (indented && hasMarginDeclaration(tokens, match, first, last, column)) return 'file';
	for (let at = first; at < last; at++) {
		const kind = tokens.kind[at]!;
		if (kind === OPEN_BRACE && match[at]! > at && match[at]! < last) {
			at = match[at]!;
			begins = true;
			if (tokens.kind[at + 1] === COMMA && at + 1 < last) designators++;
			continue;
		}
		// What stands in a brace that stays open says nothing of what is around it.
		if (kind === OPEN_BRACE) break;
		if (kind === SEMICOLON) semicolons++;
		if (kind === ARROW || (kind === OPEN_PAREN && match[at]! < 0)) return 'code';
		if (kind === IDENTIFIER) {
			const text = word(tokens, at);
			if (CODE_WORDS.has(text) && text !== 'sizeof' && tokens.kind[at - 1] !== 46) return 'code';
			if (begins) {
				const next = at + 1 < last ? tokens.kind[at + 1]! : 0;
				if (next === OPEN_PAREN && match[at + 1]! > 0 && tokens.kind[match[at + 1]! + 1] === SEMICOLON && !KEYWORDS.has(text) && !/^[A-Z0-9_]+$/.test(text)) {
					return 'code';
				}
				if (next === OPEN_PAREN && ITERATOR.test(text)) return 'code';
				if (next === 61 && tokens.kind[at + 2] !== 61 && tokens.kind[at + 2] !== OPEN_BRACE && lineEndsWith(tokens, at, last) === SEMICOLON) return 'code';
			}
		}
		if (kind === 46 && begins && at + 1 < last && tokens.kind[at + 1] === IDENTIFIER) designators++;
		if (kind === OPEN_BRACKET && begins && match[at]! > at && tokens.kind[match[at]! + 1] === EQUALS) designators++;
		if (kind === COMMA && (at + 1 >= last || newlineBetween(tokens, at, at + 1))) commasAtLineEnd++;
		begins = kind === SEMICOLON || kind === OPEN_BRACE || kind === CLOSE_BRACE || kind === COMMA;
	}
	if (designators > 0) return 'initialiser';
	if (expected !== null && expected !== 'file') return expected;
	if (semicolons === 0 && commasAtLineEnd > 0) return 'enum';
	return expected;
}

/** Something that is no label begins in the first column, where a declaration may. */
function hasMarginDeclaration(tokens: Tokens, match: Int32Array, first: number, last: number, column: (token: number) => number): boolean {
	let begins = true;
	for (let at = first; at < last; at++) {
		const kind = tokens.kind[at]!;
		if ((begins || kind === OPEN_PAREN) && match[at]! > at && match[at]! < last) {
			at = match[at]!;
			begins = tokens.kind[at] === CLOSE_BRACE || (at + 1 < last && newlineBetween(tokens, at, at + 1));
			continue;
		}
		if (begins && kind === IDENTIFIER && tokens.kind[at + 1] !== COLON && column(at) === 0) return true;
		begins = kind === SEMICOLON || kind === CLOSE_BRACE;
	}
	return false;
}

function lineEndsWith(tokens: Tokens, from: number, last: number): number {
	let at = from;
	const end = Math.min(last, from + MAX_LINE);
	while (at + 1 < end && !newlineBetween(tokens, at, at + 1)) at++;
	return tokens.kind[at]!;
}

function newlineBetween(tokens: Tokens, left: number, right: number): boolean {
	return tokens.text.slice(tokens.end[left], tokens.start[right]).includes('\n');
}
