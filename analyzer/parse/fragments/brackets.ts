import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, type Tokens } from '../prepass/tokens';

/** Brackets of a token range that have no partner in it. All closers come before all openers. */
export interface Loose {
	/** `}` whose `{` is elided, innermost first. */
	readonly closers: readonly number[];
	/** `{` whose `}` is elided, outermost first. */
	readonly openers: readonly number[];
	/** `)` and `]` whose openers are elided. */
	readonly parens: readonly number[];
	/** `(` and `[` that are still open at the range's end, outermost first. */
	readonly openParens: readonly number[];
	/** Everything that is still open, outermost first. */
	readonly open: readonly number[];
	/** The statement at the range's end was completed already. */
	readonly completed: boolean;
}

/** Matches brackets within a range; `match` (by token index) takes the pairs. */
export function matchBrackets(tokens: Tokens, first: number, last: number, match: Int32Array): Loose {
	const closers: number[] = [];
	const parens: number[] = [];
	const stack: number[] = [];
	let braces = 0;
	for (let at = first; at < last; at++) {
		const kind = tokens.kind[at]!;
		if (kind === OPEN_BRACE || kind === OPEN_PAREN || kind === OPEN_BRACKET) {
			stack.push(at);
			if (kind === OPEN_BRACE) braces++;
		} else if (kind === CLOSE_BRACE) {
			if (braces === 0) {
				closers.push(at);
				stack.length = 0;
				continue;
			}
			let open = stack.pop()!;
			while (tokens.kind[open] !== OPEN_BRACE) open = stack.pop()!;
			braces--;
			pair(match, open, at);
		} else if (kind === CLOSE_PAREN || kind === CLOSE_BRACKET) {
			const wanted = kind === CLOSE_PAREN ? OPEN_PAREN : OPEN_BRACKET;
			const top = stack[stack.length - 1];
			if (top !== undefined && tokens.kind[top] === wanted) {
				stack.pop();
				pair(match, top, at);
			} else if (top === undefined) {
				parens.push(at);
			}
		}
	}
	const openers: number[] = [];
	let openParens: number[] = [];
	for (const open of stack) {
		if (tokens.kind[open] === OPEN_BRACE) {
			openers.push(open);
			openParens = [];
		} else {
			openParens.push(open);
		}
	}
	return { closers, openers, parens, openParens, open: stack, completed: false };
}

function pair(match: Int32Array, open: number, close: number): void {
	match[open] = close;
	match[close] = open;
}
