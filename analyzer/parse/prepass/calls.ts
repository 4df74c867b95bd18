import type { Scene } from './scene';
import {
	ARROW, COMMA, ELLIPSIS, EQUALS, IDENTIFIER, NUMBER, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR, STRING, CHARACTER, word,
} from './tokens';
import { ANNOTATIONS, STATEMENT_WORDS, TYPE_WORDS } from './words';

const DOT = 46;

/** What the grammar takes for a number; arguments that are pasted together (`32BIT_MAP`, `0_8`) are none. */
const NUMERAL = /^(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)[uUlLfF]*$/;

/** Tokens of `.a.b[c] =` in front of an argument. */
const MAX_DESIGNATOR = 40;

/** Arguments of a call as token ranges, split at the commas of its own level. `from === to` is an empty argument. */
export interface ArgumentRange {
	readonly from: number;
	readonly to: number;
	/** Something at the argument's own level ends a statement in it. */
	readonly statement: boolean;
}

export function splitArguments(scene: Scene, open: number): ArgumentRange[] {
	const { kind } = scene.tokens;
	const close = scene.structure.match[open]!;
	const args: ArgumentRange[] = [];
	let from = open + 1;
	let statement = false;
	for (let at = from; at < close; at++) {
		const type = kind[at]!;
		if (type === OPEN_PAREN || type === OPEN_BRACKET || type === OPEN_BRACE) {
			const partner = scene.structure.match[at]!;
			if (partner > at && partner < close) at = partner;
		} else if (type === COMMA) {
			args.push({ from, to: at, statement });
			from = at + 1;
			statement = false;
		} else if (type === SEMICOLON) {
			statement = true;
		}
	}
	if (args.length > 0 || from < close) args.push({ from, to: close, statement });
	return args;
}

/** The arguments as the source has them. */
export function argumentTexts(scene: Scene, args: readonly ArgumentRange[]): { text: string; start: number }[] {
	const { tokens } = scene;
	return args.map(({ from, to }) => {
		const start = tokens.start[from]!;
		return from === to ? { text: '', start } : { text: tokens.text.slice(start, tokens.end[to - 1]), start };
	});
}

/**
 * Makes every argument of the macro use at `name` an expression: types, statements and bare operators become identifiers of
 * the same length, and what was there is kept under the call's offset.
 */
export function rewriteArguments(scene: Scene, name: number): void {
	const open = name + 1;
	if (scene.structure.match[open]! < 0) return;
	const args = splitArguments(scene, open);
	let changed = false;
	for (const arg of args) {
		const replacement = replacementFor(scene, arg);
		if (replacement === null) continue;
		if (!changed) scene.keep(name, word(scene.tokens, name), argumentTexts(scene, args));
		changed = true;
		replacement();
	}
}

function replacementFor(scene: Scene, arg: ArgumentRange): (() => void) | null {
	const { tokens, canvas } = scene;
	const { kind } = tokens;
	if (arg.from >= arg.to) {
		// `FOO(a, , b)`: the comma behind an empty argument, or else the one before it.
		const comma = kind[arg.to] === COMMA ? arg.to : kind[arg.from - 1] === COMMA ? arg.from - 1 : -1;
		return comma < 0 ? null : () => canvas.blank(tokens.start[comma]!, tokens.end[comma]!);
	}
	const whole = () => asIdentifier(scene, arg.from, arg.to);
	if (arg.statement) return whole;
	const first = kind[arg.from]!;
	const last = kind[arg.to - 1]!;
	if (first === IDENTIFIER) {
		const text = word(tokens, arg.from);
		if (TYPE_WORDS.has(text) || STATEMENT_WORDS.has(text)) return whole;
		if (arg.from + 1 < arg.to && juxtaposed(scene, arg)) return whole;
	}
	if (first === NUMBER && (arg.to - arg.from > 1 ? kind[arg.from + 1] === IDENTIFIER || kind[arg.from + 1] === NUMBER : !NUMERAL.test(word(tokens, arg.from)))) return whole;
	if (last === STAR) return whole;
	if (first === DOT && arg.from + 1 < arg.to) {
		const equals = findEquals(scene, arg);
		if (equals >= 0 && equals + 1 < arg.to) return () => canvas.blank(tokens.start[arg.from]!, tokens.end[equals]!);
		return whole;
	}
	if (first === OPEN_BRACE || first === ELLIPSIS) return whole;
	if (!hasOperand(scene, arg)) return whole;
	return null;
}

/** Two words side by side, neither a string, no operator between: no expression. */
function juxtaposed(scene: Scene, arg: ArgumentRange): boolean {
	const { kind } = scene.tokens;
	for (let at = arg.from; at + 1 < arg.to; at++) {
		const type = kind[at]!;
		if (type === OPEN_PAREN || type === OPEN_BRACKET || type === OPEN_BRACE) {
			const partner = scene.structure.match[at]!;
			if (partner > at && partner < arg.to) at = partner - 1;
			continue;
		}
		if (type !== IDENTIFIER || (kind[at + 1] !== IDENTIFIER && kind[at + 1] !== NUMBER)) continue;
		const text = word(scene.tokens, at);
		if (text === 'sizeof' || ANNOTATIONS.has(text) || ANNOTATIONS.has(word(scene.tokens, at + 1))) continue;
		// A string next to words is a format: handled where strings are.
		for (let other = arg.from; other < arg.to; other++) if (kind[other] === STRING) return false;
		return true;
	}
	return false;
}

function findEquals(scene: Scene, arg: ArgumentRange): number {
	for (let at = arg.from; at < Math.min(arg.to, arg.from + MAX_DESIGNATOR); at++) if (scene.tokens.kind[at] === EQUALS) return at;
	return -1;
}

function hasOperand(scene: Scene, arg: ArgumentRange): boolean {
	for (let at = arg.from; at < arg.to; at++) {
		const type = scene.tokens.kind[at]!;
		if (type === IDENTIFIER || type === NUMBER || type === STRING || type === CHARACTER || type === OPEN_PAREN) return true;
	}
	return false;
}

/** Writes an identifier over the tokens `from` up to `to`; newlines between them stay, so only their first line has it. */
function asIdentifier(scene: Scene, from: number, to: number): void {
	const { tokens } = scene;
	const start = tokens.start[from]!;
	const end = tokens.end[to - 1]!;
	let stop = start;
	while (stop < end && tokens.text.charCodeAt(stop) !== 10 && tokens.text.charCodeAt(stop) !== 13) stop++;
	scene.canvas.blank(start, end);
	scene.canvas.write(start, '_'.repeat(stop - start));
	scene.skip(from, to);
}

/** `a->b`, `a.b` in front: a method, whose name is no macro. */
export function isMember(scene: Scene, name: number): boolean {
	const before = name > 0 ? scene.tokens.kind[name - 1]! : 0;
	return before === ARROW || before === DOT;
}

export function closeOf(scene: Scene, name: number): number {
	return scene.tokens.kind[name + 1] === OPEN_PAREN ? scene.structure.match[name + 1]! : -1;
}
