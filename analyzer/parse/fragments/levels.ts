import {
	CLOSE_BRACE, CLOSE_PAREN, COLON, EQUALS, IDENTIFIER, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR, type Tokens, word,
} from '../prepass/tokens';
import { ITERATOR } from '../prepass/words';

/** What a brace opens, as far as closing it and what may stand in it matter. */
export type LevelKind = 'function' | 'block' | 'loop' | 'do' | 'switch' | 'initialiser' | 'expression' | 'record';

/** A brace that is open. */
export interface Level {
	readonly kind: LevelKind;
	/** Column of the statement that opens it; -1 where columns mean nothing. */
	readonly indent: number;
	/** Parentheses that close behind an `expression`. */
	readonly parens?: number;
	/** An `else` follows its end: it is an `if`. */
	readonly hasElse?: boolean;
}

const OPENERS: Record<Exclude<LevelKind, 'function' | 'expression'>, string> = {
	block: 'if (0) {', loop: 'while (0) {', do: 'do {', switch: 'switch (0) {', initialiser: 'int elided_ = {', record: 'struct {',
};

export function openerOf({ kind, parens }: Level): string {
	if (kind === 'expression') return `${'elided_('.repeat(Math.max(0, (parens ?? 1) - 1))}({`;
	return kind === 'function' ? '{' : OPENERS[kind];
}

export function closerOf(kind: LevelKind): string {
	if (kind === 'do') return '} while (0);';
	if (kind === 'initialiser' || kind === 'record') return '};';
	return kind === 'expression' ? '});' : '}';
}

/** What the elided part of a function must have opened for the shown part to close or to stand in. */
export interface Demand {
	/** Outermost first. */
	readonly levels: Level[];
	/** A `break` or `continue` leaves a loop that nothing shown or demanded is. */
	readonly loop: boolean;
	/** Column of the outermost statements shown; -1 where none is or columns mean nothing. */
	readonly statementColumn: number;
}

/** The kind of a shown opening brace. */
export function shownLevel(tokens: Tokens, match: Int32Array, first: number, brace: number, column: (token: number) => number): Level {
	const before = brace - 1;
	if (before < first) return { kind: 'block', indent: column(brace) };
	const kind = tokens.kind[before]!;
	if (kind === EQUALS) return { kind: 'initialiser', indent: column(brace) };
	if (kind === IDENTIFIER) {
		const text = word(tokens, before);
		return { kind: text === 'do' ? 'do' : opensRecord(tokens, brace) ? 'record' : 'block', indent: column(before) };
	}
	if (kind === CLOSE_PAREN) {
		const open = match[before]!;
		if (open - 1 >= first && tokens.kind[open - 1] === IDENTIFIER) {
			const text = word(tokens, open - 1);
			return { kind: text === 'switch' ? 'switch' : text === 'while' || text === 'for' || ITERATOR.test(text) ? 'loop' : 'block', indent: column(open - 1) };
		}
	}
	return { kind: 'block', indent: column(brace) };
}

/** Reads what the code in a token range demands of what is elided before it. `closers`: its loose closing braces, innermost first. */
export function readDemand(
	tokens: Tokens, match: Int32Array, first: number, last: number, closers: readonly number[], column: (token: number) => number, indented: boolean,
): Demand {
	const caseColumns: number[] = closers.map(() => -2);
	caseColumns.push(-2);
	const jumps = new Array<boolean>(closers.length + 1).fill(false);
	let passed = 0;
	let statementColumn = -1;
	/** Shown braces around the token: whether each may be left by `break` (1), by `continue` (2). */
	const shown: number[] = [];
	let breaks = 0;
	let continues = 0;
	let begins = true;
	for (let at = first; at < last; at++) {
		const kind = tokens.kind[at]!;
		if (closers[passed] === at) {
			passed++;
			shown.length = 0;
			breaks = 0;
			continues = 0;
			begins = true;
			continue;
		}
		if (kind === OPEN_PAREN || kind === OPEN_BRACKET) {
			begins = false;
			continue;
		}
		if (kind === OPEN_BRACE) {
			const { kind: level } = shownLevel(tokens, match, first, at, column);
			const loop = level === 'loop' || level === 'do';
			const leaves = loop ? 3 : level === 'switch' ? 1 : 0;
			shown.push(leaves);
			breaks += leaves & 1;
			continues += leaves >> 1;
			begins = true;
			continue;
		}
		if (kind === CLOSE_BRACE) {
			const leaves = shown.pop() ?? 0;
			breaks -= leaves & 1;
			continues -= leaves >> 1;
			begins = true;
			continue;
		}
		if (kind === SEMICOLON || kind === COLON) {
			begins = true;
			continue;
		}
		if (kind === IDENTIFIER) {
			const text = word(tokens, at);
			if (shown.length === 0 && (text === 'case' || (text === 'default' && tokens.kind[at + 1] === COLON))) caseColumns[passed] = column(at);
			else if (text === 'break' && breaks === 0) jumps[passed] = true;
			else if (text === 'continue' && continues === 0) jumps[passed] = true;
			else if (begins && shown.length === 0 && passed === closers.length && tokens.kind[at + 1] !== COLON && firstOnLine(tokens, at)) {
				const here = column(at);
				statementColumn = statementColumn < 0 ? here : Math.min(statementColumn, here);
			}
		}
		begins = false;
	}
	const levels: Level[] = [];
	const base = caseColumns[closers.length]!;
	if (base !== -2) levels.push({ kind: 'switch', indent: indented ? base : -1 });
	for (let number = closers.length - 1; number >= 0; number--) {
		const closer = closers[number]!;
		const behind = closer + 1 < last ? tokens.kind[closer + 1] : 0;
		const kind: LevelKind = closesDo(tokens, match, closer, last) ? 'do' : behind === SEMICOLON ? 'initialiser' : behind === CLOSE_PAREN ? 'expression' : declaresBehind(tokens, closer, last) ? 'record' : caseColumns[number] !== -2 ? 'switch' : 'block';
		levels.push({ kind, indent: indented ? column(closer) : -1, parens: kind === 'expression' ? parensBehind(tokens, closer, last) : 0, hasElse: behind === IDENTIFIER && word(tokens, closer + 1) === 'else' });
	}
	let loop = jumps.some(Boolean) && !levels.some((level) => level.kind === 'do');
	if (loop && levels.some((level) => level.kind === 'switch') && !hasContinue(tokens, first, last)) loop = false;
	return { levels, loop, statementColumn: indented ? statementColumn : -1 };
}

/** `struct foo {`, `union {`: members of it end with a semicolon. */
export function opensRecord(tokens: Tokens, brace: number): boolean {
	for (let at = brace - 1; at >= Math.max(0, brace - 3); at--) {
		if (tokens.kind[at] !== IDENTIFIER) return false;
		const text = word(tokens, at);
		if (text === 'struct' || text === 'union') return true;
	}
	return false;
}

/** `} name;`, `} *name;`, `} name[3];` on one line: a record's end. */
function declaresBehind(tokens: Tokens, closer: number, last: number): boolean {
	let at = closer + 1;
	while (at < last && tokens.kind[at] === STAR) at++;
	if (at + 1 >= last || tokens.kind[at] !== IDENTIFIER || tokens.text.slice(tokens.end[closer], tokens.start[at]).includes('\n')) return false;
	return tokens.kind[at + 1] === SEMICOLON || tokens.kind[at + 1] === OPEN_BRACKET;
}

/** `}))`: the parentheses that close at once behind a brace. */
function parensBehind(tokens: Tokens, closer: number, last: number): number {
	let count = 0;
	while (count < MAX_PARENS && closer + 1 + count < last && tokens.kind[closer + 1 + count] === CLOSE_PAREN) count++;
	return count;
}

function hasContinue(tokens: Tokens, first: number, last: number): boolean {
	for (let at = first; at < last; at++) if (tokens.kind[at] === IDENTIFIER && word(tokens, at) === 'continue') return true;
	return false;
}

function firstOnLine(tokens: Tokens, at: number): boolean {
	const from = at > 0 ? tokens.end[at - 1]! : 0;
	return at === 0 || tokens.text.slice(from, tokens.start[at]).includes('\n');
}

/** `} while (…);` on one line closes a `do`. */
function closesDo(tokens: Tokens, match: Int32Array, closer: number, last: number): boolean {
	const next = closer + 1;
	if (next + 1 >= last || tokens.kind[next] !== IDENTIFIER || !word(tokens, next).startsWith('while')) return false;
	if (tokens.kind[next + 1] !== OPEN_PAREN || tokens.text.slice(tokens.end[closer], tokens.start[next]).includes('\n')) return false;
	const close = match[next + 1]!;
	return close > 0 && close + 1 < last && tokens.kind[close + 1] === SEMICOLON;
}

/** Parentheses around one expression. */
const MAX_PARENS = 20;
/** Deepest nesting that is made up from indentation. */
const MAX_MADE_UP = 10;
const TAB = 8;

/**
 * How the open levels of a function (outermost first, the function's own included) become those that the next stretch
 * demands: how many stay, and which are opened anew.
 */
export function reconcile(open: readonly Level[], demand: Demand): { readonly keep: number; readonly add: Level[] } {
	const wanted = demand.levels;
	const add: Level[] = [];
	let keep: number;
	const known = wanted.length > 0 ? wanted[0]!.indent : demand.statementColumn;
	if (known < 0) {
		// Columns mean nothing: what is demanded is taken from the innermost open levels, as far as they reach.
		const shared = Math.min(open.length - 1, wanted.length);
		keep = open.length;
		add.push(...wanted.slice(shared));
		// Nothing shown closes it, and blocks are short: it was closed in the elided lines.
		if (wanted.length === 0) while (keep > 1 && open[keep - 1]!.kind === 'block') keep--;
	} else {
		/** Column of what encloses the outermost shown statement. */
		const enclosing = known - TAB;
		keep = 1;
		while (keep < open.length && open[keep]!.indent >= 0 && open[keep]!.indent <= enclosing) keep++;
		const top = keep > 1 ? open[keep - 1]!.indent : 0;
		let matched = 0;
		while (matched < wanted.length && keep < open.length && fits(open[keep]!, wanted[matched]!)) {
			keep++;
			matched++;
		}
		if (matched === 0 && enclosing % TAB === 0) {
			for (let indent = top + TAB; indent <= enclosing && add.length < MAX_MADE_UP; indent += TAB) add.push({ kind: 'block', indent });
		}
		add.push(...wanted.slice(matched));
	}
	if (demand.loop && !open.slice(0, keep).some(isLoop) && !add.some(isLoop)) {
		const block = add.findIndex((level) => level.kind === 'block' && level.hasElse !== true);
		if (block >= 0) add[block] = { ...add[block]!, kind: 'loop' };
		else add.unshift({ kind: 'loop', indent: Math.max(0, open[keep - 1]?.indent ?? 0) });
	}
	return { keep, add };
}

function isLoop(level: Level): boolean {
	return level.kind === 'loop' || level.kind === 'do';
}

function fits(open: Level, wanted: Level): boolean {
	if (open.indent !== wanted.indent) return false;
	return wanted.kind === 'block' ? open.kind === 'block' || open.kind === 'loop' : open.kind === wanted.kind;
}
