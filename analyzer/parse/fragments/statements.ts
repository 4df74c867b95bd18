import { PLACEHOLDER } from '../placeholder';
import type { Layout } from './layout';
import {
	ARROW, CLOSE_BRACE, CLOSE_PAREN, COLON, COMMA, IDENTIFIER, OPEN_BRACE, OPEN_PAREN, SEMICOLON, type Tokens, word,
} from '../prepass/tokens';

const OPERATORS = new Set(['=', '|', '^', '<', '>', '%', '/', '?', ',', '.'].map((text) => text.charCodeAt(0)));
const AMPERSAND = 38;
const QUESTION = 63;
/** What may follow the parenthesis of a call that is part of an expression. */
const EXPRESSION_GOES_ON = new Set(['=', '|', '^', '<', '>', '%', '/', '?', ',', '.', '&', '+', '-', '*', ':', '[', ')', ']'].map((text) => text.charCodeAt(0)));

/**
 * What must stand in front of a stretch of code so that its first, cut statement can be parsed: openers of parentheses, an
 * operand, the `if` of an `else`. `''` when it begins with a whole statement.
 */
export function beginning(tokens: Tokens, match: Int32Array, first: number, last: number, layout: Layout, indented: boolean): string {
	if (first >= last) return '';
	if (tokens.kind[first] === IDENTIFIER && word(tokens, first) === 'else') return 'if (0) ; ';
	let prefix = isGoverned(tokens, match, first, last, layout, indented) ? 'if (0) ' : '';
	const loose: number[] = [];
	let semicolons = 0;
	let scanned = first;
	for (; scanned < last && loose.length < 40; scanned++) {
		const kind = tokens.kind[scanned]!;
		if (kind === OPEN_BRACE || kind === CLOSE_BRACE) break;
		if (kind === SEMICOLON && ++semicolons > 2) break;
		if (kind === OPEN_PAREN || kind === 91) {
			const partner = match[scanned]!;
			if (partner > scanned && partner < last) scanned = partner;
			continue;
		}
		if (kind === CLOSE_PAREN || kind === 93) {
			loose.push(scanned);
			if (semicolons > 0) break;
		}
		if (kind === SEMICOLON && loose.length > 0) break;
	}
	if (loose.length > 0) {
		const outermost = loose[loose.length - 1]!;
		const inHeader = semicolonsBefore(tokens, match, first, outermost);
		for (let number = loose.length - 1; number >= 0; number--) {
			const close = loose[number]!;
			if (tokens.kind[close] === 93) prefix += `${PLACEHOLDER}[`;
			else if (close === outermost && inHeader > 0) prefix += inHeader > 1 ? 'for (' : 'for (;';
			else if (close === outermost && opensStatement(tokens, close, last)) prefix += 'if (';
			else prefix += `${PLACEHOLDER}(`;
		}
	}
	return prefix + missingOperand(tokens, first, last);
}

const LEAVES = /^(?:return|goto|break|continue)$/;

/**
 * The first statement is what an elided `if` without braces governs: an `else` follows it, or it leaves and what follows
 * could not be reached, or it stands deeper than what follows.
 */
function isGoverned(tokens: Tokens, match: Int32Array, first: number, last: number, layout: Layout, indented: boolean): boolean {
	if (tokens.kind[first] === IDENTIFIER && /^(?:if|for|while|switch|do)$/.test(word(tokens, first))) return false;
	let continued = false;
	for (let at = first; at < last; at++) {
		const kind = tokens.kind[at]!;
		if (kind === OPEN_BRACE || kind === CLOSE_BRACE) return false;
		if (kind === OPEN_PAREN && match[at]! > at && match[at]! < last) at = match[at]!;
		else if (kind === CLOSE_PAREN || kind === 93) continued = true;
		else if (kind === SEMICOLON) {
			const next = at + 1;
			if (next >= last || tokens.kind[next] === CLOSE_BRACE) return false;
			const following = tokens.kind[next] === IDENTIFIER ? word(tokens, next) : '';
			if (following === 'else') return true;
			if (tokens.kind[next + 1] === COLON || following === 'case') return false;
			if (tokens.kind[first] === IDENTIFIER && LEAVES.test(word(tokens, first))) return true;
			return indented && !continued && missingOperand(tokens, first, last) === '' && layout.beginsLine(first) && layout.beginsLine(next) && layout.column(first) > layout.column(next);
		}
	}
	return false;
}

function semicolonsBefore(tokens: Tokens, match: Int32Array, first: number, close: number): number {
	let count = 0;
	for (let at = first; at < close; at++) {
		if (tokens.kind[at] === SEMICOLON) count++;
		if (tokens.kind[at] === OPEN_PAREN && match[at]! > at && match[at]! < close) at = match[at]!;
	}
	// `foo(a);\n b) {` is a whole statement and then a cut one: no header of a loop ends like that unless it is short.
	return count <= 2 ? count : 0;
}

/** Behind this parenthesis a statement begins: it closed the head of an `if`. */
function opensStatement(tokens: Tokens, close: number, last: number): boolean {
	const next = close + 1;
	if (next >= last) return true;
	const kind = tokens.kind[next]!;
	return kind !== SEMICOLON && kind !== ARROW && !EXPRESSION_GOES_ON.has(kind);
}

function missingOperand(tokens: Tokens, first: number, last: number): string {
	const kind = tokens.kind[first]!;
	const next = first + 1 < last ? tokens.kind[first + 1]! : 0;
	const adjacent = first + 1 < last && tokens.start[first + 1] === tokens.end[first];
	if (kind === ARROW || OPERATORS.has(kind)) return `${PLACEHOLDER} `;
	if (kind === AMPERSAND && next === AMPERSAND && adjacent) return `${PLACEHOLDER} `;
	if (kind === 33 && next === 61 && adjacent) return `${PLACEHOLDER} `;
	if (kind === COLON) return `${PLACEHOLDER} ? ${PLACEHOLDER} `;
	return '';
}

/** What must stand behind a stretch of code so that its last, cut statement can be parsed. `openParens`: outermost first. */
export function ending(tokens: Tokens, match: Int32Array, first: number, last: number, openParens: readonly number[]): string {
	if (first >= last) return '';
	const lastKind = tokens.kind[last - 1]!;
	if (openParens.length === 0 && (lastKind === SEMICOLON || lastKind === OPEN_BRACE || lastKind === CLOSE_BRACE)) return '';
	const start = pendingStart(tokens, match, first, openParens[0] ?? last - 1);
	let text = '';
	if (wantsOperand(tokens, last - 1)) text += ` ${PLACEHOLDER}`;
	const unanswered = questions(tokens, start, last);
	if (lastKind === COLON && unanswered < 0) return ' ;';
	if (lastKind === COLON) text += ` ${PLACEHOLDER}`;
	else if (unanswered > 0) text += ` : ${PLACEHOLDER}`;
	for (let number = openParens.length - 1; number >= 0; number--) {
		const open = openParens[number]!;
		if (tokens.kind[open] === 91) {
			text += ']';
			continue;
		}
		if (open > first && tokens.kind[open - 1] === IDENTIFIER && word(tokens, open - 1) === 'for') {
			const parts = semicolonsInside(tokens, match, open, last);
			text += ';'.repeat(Math.max(0, 2 - parts));
		}
		text += ')';
	}
	const begins = tokens.kind[start] === IDENTIFIER ? word(tokens, start) : '';
	if (begins === 'do' && start === last - 1) return `${text} ; while (0);`;
	return `${text} ;`;
}

/** The first token of the statement that is still going on at `at`. */
function pendingStart(tokens: Tokens, match: Int32Array, first: number, at: number): number {
	let index = at;
	while (index > first) {
		const kind = tokens.kind[index - 1]!;
		if (kind === SEMICOLON || kind === OPEN_BRACE || kind === CLOSE_BRACE) break;
		if (kind === CLOSE_PAREN || kind === 93) {
			const open = match[index - 1]!;
			if (open >= first && open < index) {
				index = open;
				continue;
			}
		}
		index--;
	}
	return index;
}

function wantsOperand(tokens: Tokens, last: number): boolean {
	const kind = tokens.kind[last]!;
	if (kind === ARROW || kind === COMMA || kind === OPEN_PAREN || kind === 91 || kind === 33 || kind === 126) return true;
	if (OPERATORS.has(kind) || kind === AMPERSAND || kind === 42) return true;
	if (kind === 43 || kind === 45) {
		// Not behind `x++` and `x--`.
		return last === 0 || tokens.kind[last - 1] !== kind;
	}
	if (kind !== IDENTIFIER) return false;
	const text = word(tokens, last);
	return text === 'goto' || text === 'sizeof' || text === 'case' || text === 'struct' || text === 'union' || text === 'enum';
}

/** Question marks without a colon yet; -1 when there is no question mark at all. */
function questions(tokens: Tokens, first: number, last: number): number {
	let marks = 0;
	let colons = 0;
	for (let at = first; at < last; at++) {
		if (tokens.kind[at] === QUESTION) marks++;
		else if (tokens.kind[at] === COLON) colons++;
	}
	return marks === 0 ? -1 : Math.max(0, marks - colons);
}

function semicolonsInside(tokens: Tokens, match: Int32Array, open: number, last: number): number {
	let count = 0;
	for (let at = open + 1; at < last; at++) {
		if (tokens.kind[at] === SEMICOLON) count++;
		else if (tokens.kind[at] === OPEN_PAREN && match[at]! > at) at = match[at]!;
	}
	return count;
}
