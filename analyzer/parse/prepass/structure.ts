import {
	CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, COLON, EQUALS, IDENTIFIER, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, word, type Tokens,
} from './tokens';
import { ANNOTATION_CALLS } from './words';

/** What the innermost brace around a token holds. */
export const FILE = 0;
export const CODE = 1;
export const RECORD = 2;
export const ENUM = 3;
export const INITIALISER = 4;

const CONTROL = new Set(['if', 'for', 'while', 'switch']);
const AGGREGATES = new Set(['struct', 'union', 'enum']);

type Opener = typeof OPEN_BRACE | typeof OPEN_PAREN | typeof OPEN_BRACKET;

/** A closing bracket looks past at most this many unclosed ones for its partner. */
const MAX_UNCLOSED = 64;

/** Tokens with what brackets tell about them. Arrays are by token index. */
export class Structure {
	readonly tokens: Tokens;
	/** The bracket's partner, or -1. */
	readonly match: Int32Array;
	/** FILE, CODE, … of the innermost open brace. */
	readonly context: Uint8Array;
	/** Open parentheses and brackets within that brace. */
	readonly depth: Uint8Array;
	/** Index of the first token of the statement or declaration the token is in, at the level of its brace. */
	readonly statement: Int32Array;
	/** For an opening brace: the context inside it. */
	readonly opened: Uint8Array;
	#stack: number[] = [];
	#contexts: number[] = [];
	/** Statement start to return to when a bracket closes. */
	#statements: number[] = [];
	/** Open parentheses around each open bracket, within its brace. */
	#counts: number[] = [];
	#parens = 0;
	#deepest = 0;
	#open = { [OPEN_BRACE]: 0, [OPEN_PAREN]: 0, [OPEN_BRACKET]: 0 };
	#current: number;
	#begin = -1;

	constructor(tokens: Tokens, outermost: number = FILE) {
		this.tokens = tokens;
		this.match = new Int32Array(tokens.count).fill(-1);
		this.context = new Uint8Array(tokens.count);
		this.depth = new Uint8Array(tokens.count);
		this.statement = new Int32Array(tokens.count);
		this.opened = new Uint8Array(tokens.count);
		this.#current = outermost;
	}

	/** The context that the next token would stand in. */
	get current(): number {
		return this.#current;
	}

	/** Brackets open at once, at the most. */
	get deepest(): number {
		return this.#deepest;
	}

	get isOutermost(): boolean {
		return this.#stack.length === 0;
	}

	/** Source is elided here: whatever is open is forgotten. */
	reset(context: number): void {
		this.#stack.length = 0;
		this.#contexts.length = 0;
		this.#statements.length = 0;
		this.#counts.length = 0;
		this.#parens = 0;
		this.#begin = -1;
		this.#current = context;
		this.#open = { [OPEN_BRACE]: 0, [OPEN_PAREN]: 0, [OPEN_BRACKET]: 0 };
	}

	/** Takes in the next token; tokens come in order. */
	add(index: number): void {
		const kind = this.tokens.kind[index]!;
		if (kind === CLOSE_BRACE || kind === CLOSE_PAREN || kind === CLOSE_BRACKET) this.#close(index, kind);
		if (this.#begin < 0) this.#begin = index;
		this.context[index] = this.#current;
		this.statement[index] = this.#begin;
		this.depth[index] = Math.min(255, this.#parens);
		if (kind === OPEN_BRACE || kind === OPEN_PAREN || kind === OPEN_BRACKET) {
			const inner = kind === OPEN_BRACE ? this.#contextOf(index) : this.#current;
			this.opened[index] = inner;
			this.#stack.push(index);
			if (this.#stack.length > this.#deepest) this.#deepest = this.#stack.length;
			this.#contexts.push(this.#current);
			this.#statements.push(this.#begin);
			this.#counts.push(this.#parens);
			this.#open[kind]++;
			this.#current = inner;
			if (kind === OPEN_BRACE) {
				this.#begin = -1;
				this.#parens = 0;
			} else {
				this.#parens++;
			}
		} else if (this.#parens === 0) {
			if (kind === SEMICOLON || (kind === CLOSE_BRACE && this.#endsStatement(index))) this.#begin = -1;
			else if (kind === CLOSE_PAREN && this.#endsHead(index)) this.#begin = -1;
			else if (kind === COLON && this.#current === CODE && this.#endsLabel(index)) this.#begin = -1;
			else if (kind === IDENTIFIER && this.#current === CODE) {
				const length = this.tokens.end[index]! - this.tokens.start[index]!;
				if (length === 2 ? word(this.tokens, index) === 'do' : length === 4 && word(this.tokens, index) === 'else') this.#begin = -1;
			}
		}
	}

	#close(index: number, kind: number): void {
		const partner = kind === CLOSE_BRACE ? OPEN_BRACE : kind === CLOSE_PAREN ? OPEN_PAREN : OPEN_BRACKET;
		if (this.#open[partner] === 0) return;
		let at = this.#stack.length - 1;
		const floor = Math.max(0, at - MAX_UNCLOSED);
		// A brace outranks what was left open inside it; a parenthesis does not close a brace.
		while (at >= floor && this.tokens.kind[this.#stack[at]!] !== partner) {
			if (kind !== CLOSE_BRACE && this.tokens.kind[this.#stack[at]!] === OPEN_BRACE) return;
			at--;
		}
		if (at < floor) return;
		const open = this.#stack[at]!;
		this.#current = this.#contexts[at]!;
		this.#begin = this.#statements[at]!;
		this.#parens = this.#counts[at]!;
		for (let left = at; left < this.#stack.length; left++) this.#open[this.tokens.kind[this.#stack[left]!] as Opener]--;
		this.#stack.length = at;
		this.#contexts.length = at;
		this.#statements.length = at;
		this.#counts.length = at;
		this.match[open] = index;
		this.match[index] = open;
	}

	/** A closing brace ends its statement, unless it is an initialiser's or a record's with declarators behind it. */
	#endsStatement(index: number): boolean {
		const open = this.match[index]!;
		return open < 0 || this.opened[open] === CODE || this.opened[open] === FILE;
	}

	#endsHead(index: number): boolean {
		if (this.#current !== CODE) return false;
		const open = this.match[index]!;
		return open > 0 && this.tokens.kind[open - 1] === IDENTIFIER && CONTROL.has(word(this.tokens, open - 1));
	}

	/** `name:`, `default:` or `case …:`, not the colon of `a ? b : c` or of a bit-field. */
	#endsLabel(index: number): boolean {
		const begin = this.#begin;
		if (begin === index - 1) return true;
		return begin >= 0 && begin < index && word(this.tokens, begin) === 'case';
	}

	#contextOf(brace: number): number {
		const { tokens } = this;
		const parent = this.#current;
		const before = brace - 1;
		const kind = before >= 0 ? tokens.kind[before]! : 0;
		const inParens = this.#parens > 0;
		if (parent === INITIALISER) return inParens && kind === OPEN_PAREN ? CODE : INITIALISER;
		if (kind === EQUALS) return INITIALISER;
		if (inParens) {
			if (kind === OPEN_PAREN) return parent === CODE || parent === FILE ? CODE : INITIALISER;
			if (kind === CLOSE_PAREN) return this.#isCompoundLiteral(before) ? INITIALISER : CODE;
			return CODE;
		}
		const aggregate = this.#aggregate(brace);
		if (aggregate !== null) return aggregate;
		if (parent === CODE) {
			if (kind === CLOSE_PAREN && this.#isCompoundLiteral(before)) return INITIALISER;
			return CODE;
		}
		if (parent === RECORD || parent === ENUM) return RECORD;
		if (kind === CLOSE_PAREN || kind === SEMICOLON || kind === CLOSE_BRACE) return CODE;
		// `extern "C" {`
		if (kind !== IDENTIFIER && before >= 0) return FILE;
		return CODE;
	}

	/** `(struct foo) {`: nothing that could be called or controlled stands before the parenthesis. */
	#isCompoundLiteral(close: number): boolean {
		const open = this.match[close]!;
		if (open <= 0) return open === 0;
		const kind = this.tokens.kind[open - 1]!;
		if (kind !== IDENTIFIER) return kind !== CLOSE_PAREN;
		return word(this.tokens, open - 1) === 'return';
	}

	/** `struct foo {`, `enum {`, with annotations between: RECORD or ENUM, else null. */
	#aggregate(brace: number): number | null {
		let at = brace - 1;
		const floor = Math.max(0, brace - 12);
		while (at >= floor) {
			const kind = this.tokens.kind[at]!;
			if (kind === CLOSE_PAREN) {
				const open = this.match[at]!;
				// `struct foo __aligned(8) {`: only an annotation may have parentheses here.
				if (open <= 0 || !ANNOTATION_CALLS.has(word(this.tokens, open - 1))) return null;
				at = open - 1;
			} else if (kind !== IDENTIFIER) {
				return null;
			} else {
				const text = word(this.tokens, at);
				if (AGGREGATES.has(text)) return text === 'enum' ? ENUM : RECORD;
				at--;
			}
		}
		return null;
	}
}
