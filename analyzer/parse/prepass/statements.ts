import { argumentTexts, closeOf, isMember, rewriteArguments, splitArguments } from './calls';
import { definerOf } from './definers';
import { rewriteMacroDeclaration } from './heads';
import type { Scene } from './scene';
import { CODE, INITIALISER } from './structure';
import {
	CLOSE_BRACE, COLON, COMMA, ELLIPSIS, EQUALS, IDENTIFIER, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR, STRING, word,
} from './tokens';
import { ALIGNOF, ANNOTATIONS, ANNOTATION_CALLS, ASM, ITERATOR, KEYWORDS, TYPEOF } from './words';

const CONTROL_WORDS = new Set(['if', 'for', 'while', 'switch', 'do', 'return', 'goto', 'break', 'continue', 'case', 'default']);

const PLUS = 43;
const MINUS = 45;
const BANG = 33;
const DOT = 46;

/** Rules for a word inside a function's body or an initialiser. */
export function rewriteWord(scene: Scene, index: number, text: string): void {
	const { tokens, structure } = scene;
	const { kind } = tokens;
	const next = kind[index + 1];
	if (next !== OPEN_PAREN) {
		if (next === IDENTIFIER) separateBareMacro(scene, index, text);
		if (ASM.has(text)) rewriteAssembly(scene, index);
		else if (text === 'static') dropStorage(scene, index);
		else if (next === IDENTIFIER) thinFormat(scene, index);
		return;
	}
	const close = closeOf(scene, index);
	if (close < 0) return;
	if (TYPEOF.has(text)) {
		rewriteTypeof(scene, index, close);
		return;
	}
	if (ASM.has(text)) {
		rewriteAssembly(scene, index);
		return;
	}
	if (KEYWORDS.has(text)) return;
	// The grammar's own words for these take less than compilers do.
	if (text === 'offsetof') scene.canvas.write(tokens.start[index]!, '_');
	else if (ALIGNOF.has(text)) scene.canvas.write(tokens.end[index]! - 1, 'x');
	const atLevel = structure.depth[index] === 0;
	if (atLevel && structure.context[index] === CODE && structure.statement[index] === index) {
		if (rewriteStatement(scene, index, close, text)) return;
	} else if (atLevel && structure.context[index] === CODE && kind[close + 1] === SEMICOLON && closesDo(scene, index - 1)) {
		asWhile(scene, index, close, text);
		return;
	}
	if (structure.context[index] === INITIALISER) separateRow(scene, index, close);
	rewriteArguments(scene, index);
	besideString(scene, index, close);
}

/** `FOO_PROLOGUE` alone on its line, in front of a statement that begins with a keyword. */
function separateBareMacro(scene: Scene, index: number, text: string): void {
	const { structure, tokens } = scene;
	if (structure.statement[index] !== index || structure.context[index] !== CODE || KEYWORDS.has(text)) return;
	if (!CONTROL_WORDS.has(word(tokens, index + 1)) || onSameLine(scene, index, index + 1)) return;
	if (scene.insertBehind(index, ';')) structure.statement[index + 1] = index + 1;
}

/** `KERN_INFO FOO_NAME "text"`: of two words in front of a string the grammar takes one. */
function thinFormat(scene: Scene, index: number): void {
	const { kind } = scene.tokens;
	if (kind[index + 1] !== IDENTIFIER || kind[index + 2] !== STRING || scene.structure.depth[index] === 0) return;
	scene.blank(index, index + 1);
}

/** `static DEFINE_FOO(x);` in a function: a call like any other. */
function dropStorage(scene: Scene, index: number): void {
	const { kind } = scene.tokens;
	if (kind[index + 1] !== IDENTIFIER || kind[index + 2] !== OPEN_PAREN || KEYWORDS.has(word(scene.tokens, index + 1))) return;
	const close = scene.structure.match[index + 2]!;
	if (close < 0 || (kind[close + 1] !== SEMICOLON && kind[close + 1] !== EQUALS)) return;
	scene.blank(index, index + 1);
	scene.structure.statement[index + 1] = index + 1;
}

/** A macro use at the beginning of a statement. True when nothing else is to be done about it. */
function rewriteStatement(scene: Scene, index: number, close: number, text: string): boolean {
	const { tokens } = scene;
	const { kind } = tokens;
	const after = kind[close + 1];
	if (after === SEMICOLON && closesDo(scene, index - 1)) {
		asWhile(scene, index, close, text);
		return true;
	}
	if (after === EQUALS && kind[close + 2] === OPEN_BRACE && definerOf(text) !== null) {
		rewriteMacroDeclaration(scene, index, index, close, close + 1);
		return true;
	}
	if (after === OPEN_BRACE) {
		asWhile(scene, index, close, text);
		return true;
	}
	if (text === 'guard' || text === 'CLASS') {
		const inner = splitArguments(scene, index + 1);
		const outer = after === OPEN_PAREN ? splitArguments(scene, close + 1) : [];
		scene.keep(index, text, argumentTexts(scene, [...inner, ...outer]));
		return false;
	}
	if (after === IDENTIFIER) {
		const following = word(tokens, close + 1);
		if (ANNOTATIONS.has(following) || ANNOTATION_CALLS.has(following)) return false;
		if (ITERATOR.test(text)) {
			asWhile(scene, index, close, text);
			return true;
		}
		const then = kind[close + 2];
		const sameLine = onSameLine(scene, close, close + 1);
		if (sameLine && (then === SEMICOLON || then === EQUALS || then === COMMA || then === OPEN_BRACKET)) {
			// `DARRAY(int) list;`: a type.
			rewriteTypeof(scene, index, close);
			return true;
		}
		// A macro that brings its own semicolon.
		if ((!sameLine || then === OPEN_PAREN) && scene.insertBehind(close, ';')) scene.structure.statement[close + 1] = close + 1;
		return false;
	}
	const unary = after === STAR || after === OPEN_PAREN || after === PLUS || after === MINUS || after === BANG;
	if (unary && ITERATOR.test(text) && text.includes('each') && !onSameLine(scene, close, close + 1)) {
		asWhile(scene, index, close, text);
		return true;
	}
	if (after === CLOSE_BRACE) scene.insertBehind(close, ';');
	return false;
}

function onSameLine(scene: Scene, left: number, right: number): boolean {
	return !scene.tokens.text.slice(scene.tokens.end[left], scene.tokens.start[right]).includes('\n');
}

/** `}` of a `do {`. */
function closesDo(scene: Scene, brace: number): boolean {
	if (brace < 0 || scene.tokens.kind[brace] !== CLOSE_BRACE) return false;
	const open = scene.structure.match[brace]!;
	return open > 0 && scene.tokens.kind[open - 1] === IDENTIFIER && word(scene.tokens, open - 1) === 'do';
}

/** A loop or block macro becomes a `while` whose condition is the macro's arguments. */
function asWhile(scene: Scene, index: number, close: number, text: string): void {
	const { tokens, canvas } = scene;
	const start = tokens.start[index]!;
	const end = tokens.end[index]!;
	const args = splitArguments(scene, index + 1);
	scene.keep(index, text, argumentTexts(scene, args));
	canvas.replace(start, end, end - start >= 5 ? 'while' : 'if');
	// What it governs is a statement of its own.
	if (close + 1 < tokens.count) scene.structure.statement[close + 1] = close + 1;
	if (args.length === 0) {
		// `for_each_foo()`: a condition is made where the name was.
		const room = tokens.end[index + 1]! - start;
		if (room >= 7) {
			canvas.replace(start, tokens.end[index + 1]!, 'while(0');
		} else {
			canvas.replace(start, tokens.end[index + 1]!, 'if(0');
		}
		scene.skip(index, close);
		return;
	}
	rewriteArguments(scene, index);
}

/** `typeof(x)` becomes a struct's name, which is a type wherever it stands. */
function rewriteTypeof(scene: Scene, index: number, close: number): void {
	const { tokens } = scene;
	const start = tokens.start[index]!;
	const end = tokens.end[close]!;
	const text = tokens.text.slice(start, end);
	scene.keep(index, word(tokens, index), argumentTexts(scene, splitArguments(scene, index + 1)));
	scene.canvas.blank(start, end);
	const newline = text.search(/[\r\n]/);
	const room = newline < 0 ? end - start : newline;
	scene.canvas.write(start, `struct T${'_'.repeat(Math.max(0, room - 8))}`.slice(0, Math.max(room, 8)));
	scene.skip(index, close + 1);
}

/** Assembly keeps its place as a call without arguments that matter. */
function rewriteAssembly(scene: Scene, index: number): void {
	const { tokens, canvas } = scene;
	let at = index + 1;
	while (tokens.kind[at] === IDENTIFIER && at < index + 5) at++;
	if (tokens.kind[at] !== OPEN_PAREN) return;
	const close = scene.structure.match[at]!;
	if (close < 0) return;
	canvas.blank(tokens.start[index]!, tokens.end[close]!);
	canvas.write(tokens.start[index]!, '_sm');
	canvas.write(tokens.start[at]!, '(');
	canvas.write(tokens.end[close]! - 1, ')');
	scene.keep(index, 'asm', [{ text: tokens.text.slice(tokens.start[at]! + 1, tokens.start[close]), start: tokens.start[at]! + 1 }]);
	scene.skip(index, close + 1);
}

/** A row of a table made by a macro, without the comma that would end it. */
function separateRow(scene: Scene, index: number, close: number): void {
	const { kind } = scene.tokens;
	const after = kind[close + 1];
	const before = index > 0 ? kind[index - 1] : 0;
	if (after !== IDENTIFIER && after !== OPEN_BRACE && after !== OPEN_BRACKET && after !== DOT) return;
	if (before === STRING || (after === IDENTIFIER && kind[close + 2] === STRING)) return;
	if (isMember(scene, index)) return;
	if (!onSameLine(scene, close, close + 1)) scene.insertBehind(close, ',');
}

/** `"a" FMT(x) "b"`: what makes part of a string by a macro's call is left out of the string. */
function besideString(scene: Scene, index: number, close: number): void {
	const { kind } = scene.tokens;
	const before = index > 0 ? kind[index - 1] : 0;
	if (before === STRING) {
		scene.blank(index, close + 1);
		return;
	}
	if (kind[close + 1] === STRING || (before === IDENTIFIER && scene.structure.statement[index] !== index && isFormatWord(scene, index - 1))) {
		scene.blank(isFormatWord(scene, index - 1) ? index : index + 1, close + 1);
	}
}

/** `KERN_ERR` and the like, in front of what makes a string. */
function isFormatWord(scene: Scene, index: number): boolean {
	return /^(?:KERN_|FW_|HW_)[A-Z]+$/.test(word(scene.tokens, index));
}

/** `case 1 ... 5:` and `[0 ... 3] =`. */
export function rewriteRange(scene: Scene, index: number): void {
	const { tokens, canvas } = scene;
	if (tokens.kind[index] !== ELLIPSIS) return;
	const before = index > 0 ? tokens.kind[index - 1] : 0;
	if (before === 0 || before === OPEN_PAREN || before === 44 || tokens.kind[index + 1] === 41) return;
	canvas.replace(tokens.start[index]!, tokens.end[index]!, '+');
	scene.rewritten.set(tokens.start[index]!, { name: '...', args: [] });
}

/** A label that ends its block has no statement in the grammar. */
export function completeLabel(scene: Scene, index: number): void {
	const { kind } = scene.tokens;
	if (kind[index] !== COLON || kind[index + 1] !== CLOSE_BRACE || scene.structure.context[index] !== CODE) return;
	if (scene.structure.statement[index] !== index - 1) return;
	scene.insertBehind(index, ';');
}

