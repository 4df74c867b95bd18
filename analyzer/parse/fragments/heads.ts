import { CLOSE_BRACE, CLOSE_PAREN, COLON, COMMA, IDENTIFIER, OPEN_BRACE, OPEN_PAREN, SEMICOLON, STAR, type Tokens, word } from '../prepass/tokens';
import { ANNOTATION_CALLS, KEYWORDS } from '../prepass/words';

/** A function's head that a stretch shows, as token indices. */
export interface ShownHead {
	/** First token of the head that is shown. */
	readonly begin: number;
	/** The opening brace of the body. */
	readonly brace: number;
	readonly name: string;
	/** Only the tail of the signature is shown: the name and first parameters are elided. */
	readonly cut: boolean;
	/** The name is shown, the type in front of it is not. */
	readonly typeless: boolean;
	/** Nothing of the parameter list is shown: the stretch begins behind it. */
	readonly listElided: boolean;
}

/** Attributes between the parameter list and the body that are looked past. */
const MAX_ATTRIBUTES = 6;
/** Tokens of a signature's tail. */
const MAX_SIGNATURE = 200;
const NOT_BEFORE_NAME = new Set(['else', 'do', 'return', 'goto', 'case', 'sizeof', 'typedef']);

/** The head in front of the brace at `brace`, or null when the brace opens something else. `first` bounds the look back. */
export function headBefore(tokens: Tokens, match: Int32Array, first: number, brace: number, column: (token: number) => number): ShownHead | null {
	let close = brace - 1;
	for (let attributes = 0; attributes < MAX_ATTRIBUTES && close >= first; attributes++) {
		const kind = tokens.kind[close]!;
		if (kind === IDENTIFIER) {
			if (KEYWORDS.has(word(tokens, close)) || !word(tokens, close).startsWith('__')) return null;
			close--;
			continue;
		}
		if (kind !== CLOSE_PAREN) return null;
		const open = match[close]!;
		if (open < 0) {
				// A brace alone in the first column is a function's, whatever the parameters look like.
				if (column(brace) === 0) return { begin: first, brace, name: '', cut: true, typeless: false, listElided: false };
				return cutHead(tokens, first, close, brace);
			}
		if (open - 1 < first || tokens.kind[open - 1] !== IDENTIFIER) return null;
		const name = word(tokens, open - 1);
		if (ANNOTATION_CALLS.has(name) && open - 1 === first && column(brace) === 0) {
			return { begin: first, brace, name: '', cut: true, typeless: false, listElided: true };
		}
		if (ANNOTATION_CALLS.has(name) && open - 2 >= first && (tokens.kind[open - 2] === CLOSE_PAREN || tokens.kind[open - 2] === IDENTIFIER)) {
			close = open - 2;
			continue;
		}
		return namedHead(tokens, match, first, open - 1, brace, name, column);
	}
	return null;
}

function namedHead(
	tokens: Tokens, match: Int32Array, first: number, nameAt: number, brace: number, name: string, column: (token: number) => number,
): ShownHead | null {
	if (KEYWORDS.has(name)) return null;
	const before = nameAt - 1;
	const kind = before >= first ? tokens.kind[before]! : 0;
	const typed = (kind === IDENTIFIER && !NOT_BEFORE_NAME.has(word(tokens, before))) || (kind === STAR && before - 1 >= first && tokens.kind[before - 1] !== SEMICOLON);
	// A macro's head, or a type that is elided: then only the column tells it from a loop's.
	if (!typed && !(column(nameAt) === 0 && column(brace) === 0 && (kind === 0 || kind === SEMICOLON || kind === CLOSE_BRACE || kind === CLOSE_PAREN))) return null;
	const args = word(tokens, nameAt + 2);
	const syscall = /SYSCALL\w*_DEFINE/.test(name) ? `${name.startsWith('COMPAT') ? 'compat_' : ''}sys_${args}` : /^BPF_CALL_/.test(name) ? args : null;
	return { begin: headBegin(tokens, match, first, nameAt), brace, name: syscall ?? name, cut: false, typeless: !typed && syscall === null, listElided: false };
}

function headBegin(tokens: Tokens, match: Int32Array, first: number, name: number): number {
	let begin = name;
	while (begin - 1 >= first) {
		const kind = tokens.kind[begin - 1]!;
		if (kind === IDENTIFIER || kind === STAR) {
			begin--;
		} else if (kind === CLOSE_PAREN) {
			const open = match[begin - 1]!;
			if (open - 1 < first || tokens.kind[open - 1] !== IDENTIFIER || !ANNOTATION_CALLS.has(word(tokens, open - 1))) break;
			begin = open - 1;
		} else {
			break;
		}
	}
	return begin;
}

/** `int write_access) {`: everything from the stretch's beginning to here must read as parameters. */
function cutHead(tokens: Tokens, first: number, close: number, brace: number): ShownHead | null {
	if (close - first > MAX_SIGNATURE) return null;
	for (let at = first; at < close; at++) {
		const kind = tokens.kind[at]!;
		if (kind === SEMICOLON || kind === OPEN_BRACE || kind === CLOSE_BRACE || kind === COLON) return null;
		if (kind === IDENTIFIER && /^(?:if|for|while|return|else|switch|case|goto|do|sizeof)$/.test(word(tokens, at))) return null;
		if (kind === OPEN_PAREN && at > first && tokens.kind[at - 1] === IDENTIFIER && !ANNOTATION_CALLS.has(word(tokens, at - 1))) return null;
	}
	// `if (a &&\n b) {` shows operands alone; a parameter is a type and a name.
	const last = tokens.kind[close - 1];
	const before = close - 2 >= first ? tokens.kind[close - 2] : 0;
	if (last !== IDENTIFIER || (before !== IDENTIFIER && before !== STAR)) return null;
	for (let at = first; at < close; at++) {
		const kind = tokens.kind[at]!;
		if (kind === 38 || kind === 124 || kind === 61 || kind === 43 || kind === 45 || kind === 33 || kind === 60 || kind === 62 || kind === 5) return null;
	}
	if (before === STAR && (close - 3 < first || tokens.kind[close - 3] !== IDENTIFIER)) return null;
	return { begin: first, brace, name: '', cut: true, typeless: false, listElided: false };
}

/**
 * The stretch begins among the parameters of a prototype: up to the parenthesis at `close`, whose partner is elided and behind which the declaration ends, each
 * shown whole is a type and a name, as no argument of a call is.
 */
export function endsPrototype(tokens: Tokens, first: number, last: number, close: number): boolean {
	if (close + 1 >= last || tokens.kind[close + 1] !== SEMICOLON) return false;
	let [words, shown] = [0, 0];
	for (let at = first; at <= close; at++) {
		const kind = tokens.kind[at]!;
		if (kind === IDENTIFIER) {
			if (KEYWORDS.has(word(tokens, at)) && /^(?:if|for|while|return|else|switch|case|goto|do|sizeof)$/.test(word(tokens, at))) return false;
			words++;
		} else if (kind === COMMA || at === close) {
			// The first one's type may stand on the line before.
			if (words < 2 && shown > 0) return false;
			shown += words >= 2 ? 2 : 1;
			words = 0;
		} else if (kind !== STAR) return false;
	}
	return shown > 1;
}
