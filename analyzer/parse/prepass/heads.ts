import { argumentTexts, splitArguments, type ArgumentRange } from './calls';
import { definerOf } from './definers';
import type { Scene } from './scene';
import { COMMA, EQUALS, IDENTIFIER, OPEN_BRACKET, OPEN_PAREN, SEMICOLON, STAR, STRING, word } from './tokens';
import { PRIMITIVES, STORAGE } from './words';

/** Heads longer than this are not looked at. */
const MAX_HEAD = 400;

const RECORD_WORDS = new Set(['struct', 'union', 'enum']);
const SYSCALL = /^(?:COMPAT_)?(?:__)?(?:\w+_)?SYSCALL(?:32|64)?_DEFINE(?:x|\d)?$/;
/** `BPF_CALL_2(name, type, arg, …)`: types and names in turn. */
const PAIRED = /^(?:BPF_CALL_\d|BPF_CALL_x|NOKPROBE_CALL_\d)$/;

/** The first tokens of a declaration that are words or stars, without what was blanked. */
function leadingRun(scene: Scene, begin: number, limit: number): number[] {
	const run: number[] = [];
	for (let at = begin; at < limit && run.length < 40; at++) {
		const kind = scene.tokens.kind[at]!;
		if (scene.isSkipped(at)) continue;
		if (kind !== IDENTIFIER && kind !== STAR) break;
		run.push(at);
	}
	return run;
}

/**
 * A macro use in front of a file-scope declaration, with neither semicolon nor body of its own: `DEFINE_FOO(x)` above a
 * function. Blanks it and returns the index behind it, else `begin`.
 */
function dropLeadingMacros(scene: Scene, begin: number, limit: number): number {
	const { tokens, structure } = scene;
	let from = begin;
	for (;;) {
		while (from < limit && scene.isSkipped(from)) from++;
		let at = from;
		while (at < limit && tokens.kind[at] === IDENTIFIER && STORAGE.has(word(tokens, at))) at++;
		if (at + 1 >= limit || tokens.kind[at] !== IDENTIFIER || tokens.kind[at + 1] !== OPEN_PAREN) return from;
		const close = structure.match[at + 1]!;
		if (close < 0 || close + 1 >= limit || tokens.kind[close + 1] !== IDENTIFIER) return from;
		noteExport(scene, at);
		scene.blank(from, close + 1);
		from = close + 1;
	}
}

/** Macro uses at the end of a text, with nothing behind them: `module_exit(foo)` without a semicolon. */
export function dropTrailingMacros(scene: Scene, begin: number): void {
	const { tokens, structure } = scene;
	let at = begin;
	while (at + 1 < tokens.count && tokens.kind[at] === IDENTIFIER && tokens.kind[at + 1] === OPEN_PAREN) {
		const close = structure.match[at + 1]!;
		if (close < 0) return;
		noteExport(scene, at);
		scene.blank(at, close + 1);
		at = close + 1;
	}
}

/** A function's head, from the declaration's first token to the brace of the body. */
export function rewriteFunctionHead(scene: Scene, first: number, brace: number): void {
	const begin = dropLeadingMacros(scene, first, brace);
	if (brace - begin > MAX_HEAD) return;
	const run = leadingRun(scene, begin, brace);
	const name = run[run.length - 1];
	if (name === undefined || scene.tokens.kind[name] !== IDENTIFIER) return;
	if (nextKept(scene, name + 1, brace) !== OPEN_PAREN) return;
	const open = name + 1;
	const close = scene.structure.match[open] ?? -1;
	if (close < 0) return;
	const specifiers = run.slice(0, -1).filter((index) => !STORAGE.has(text(scene, index)));
	if (specifiers.length === 0) {
		rewriteMacroHead(scene, name, close);
	} else {
		blankStrangers(scene, specifiers);
	}
}

function text(scene: Scene, index: number): string {
	return word(scene.tokens, index);
}

function nextKept(scene: Scene, from: number, limit: number): number {
	let at = from;
	while (at < limit && scene.isSkipped(at)) at++;
	return at < limit ? scene.tokens.kind[at]! : 0;
}

/** Of the words in front of a declared name, leaves those that make its type and blanks the rest. */
function blankStrangers(scene: Scene, specifiers: readonly number[]): void {
	const words = specifiers.filter((index) => scene.tokens.kind[index] === IDENTIFIER);
	if (words.length < 2) return;
	const keep = new Set<number>();
	const record = words.findIndex((index) => RECORD_WORDS.has(text(scene, index)));
	if (record >= 0) {
		keep.add(words[record]!);
		if (words[record + 1] !== undefined) keep.add(words[record + 1]!);
	} else if (words.some((index) => PRIMITIVES.has(text(scene, index)))) {
		for (const index of words) if (PRIMITIVES.has(text(scene, index))) keep.add(index);
	} else {
		const typeLike = words.find((index) => /_t$|^[us](?:8|16|32|64)$|^__(?:le|be|u|s)\d+$/.test(text(scene, index)))
			?? words.find((index) => /[a-z]/.test(text(scene, index)) && !text(scene, index).startsWith('__'))
			?? words[words.length - 1]!;
		keep.add(typeLike);
	}
	for (const index of words) if (!keep.has(index)) scene.blank(index, index + 1);
}

/** A head that is a macro's: `SYSCALL_DEFINE2(read, int, fd, …)` becomes `long read(int fd, …)`, any other one `int first(…)`. */
function rewriteMacroHead(scene: Scene, macro: number, close: number): void {
	const { tokens, canvas } = scene;
	const name = text(scene, macro);
	const args = splitArguments(scene, macro + 1);
	const syscall = SYSCALL.test(name);
	if (!syscall && !PAIRED.test(name) && !isMacroName(name)) return;
	const first = args[0];
	if (first === undefined || first.to - first.from !== 1 || tokens.kind[first.from] !== IDENTIFIER) {
		// `FOO() {`: a function without a type, as the grammar takes it.
		return;
	}
	scene.keep(macro, name, argumentTexts(scene, args));
	const type = syscall || PAIRED.test(name) ? 'long' : 'int';
	const macroStart = tokens.start[macro]!;
	canvas.blank(macroStart, tokens.end[macro + 1]!);
	canvas.write(macroStart, type.slice(0, tokens.end[macro]! - macroStart));
	let nameStart = tokens.start[first.from]!;
	const function_ = text(scene, first.from);
	if (args.length === 1) {
		// No comma that could become the parenthesis: the name moves left onto the macro's own.
		nameStart = tokens.start[macro + 1]!;
		canvas.blank(nameStart, tokens.end[close]!);
		canvas.write(nameStart, `${function_}()`);
	} else {
		canvas.write(tokens.start[first.to]!, '(');
		if (syscall || PAIRED.test(name)) pairParameters(scene, args.slice(1));
		else canvas.blank(tokens.end[first.to]!, tokens.start[close]!);
	}
	const prefix = !syscall ? '' : name.startsWith('COMPAT') ? 'compat_sys_' : 'sys_';
	scene.heads.set(nameStart, { name: prefix + function_, macro: name });
	scene.skip(macro, close + 1);
}

/** Type and name in turn, each behind a comma: every other comma goes. */
function pairParameters(scene: Scene, args: readonly ArgumentRange[]): void {
	const { tokens, canvas } = scene;
	let type = true;
	for (const arg of args) {
		if (arg.to - arg.from === 4 && /ARG64|arg_u64/i.test(word(tokens, arg.from))) {
			// `SC_ARG64(len)`: one for both.
			canvas.replace(tokens.start[arg.from]!, tokens.end[arg.from + 1]!, 'int');
			canvas.blank(tokens.start[arg.to - 1]!, tokens.end[arg.to - 1]!);
			type = true;
			continue;
		}
		if (type && tokens.kind[arg.to] === COMMA) canvas.write(tokens.start[arg.to]!, ' ');
		type = !type;
	}
}

function isMacroName(name: string): boolean {
	return /^[A-Z][A-Z0-9_]{2,}\w*$/.test(name);
}

/** A file-scope declaration that ends with a semicolon (or has an initialiser): macro uses are blanked or become declarations. */
export function rewriteDeclaration(scene: Scene, first: number, end: number): void {
	const { tokens, structure } = scene;
	const begin = dropLeadingMacros(scene, first, end);
	let at = begin;
	while (at < end && (scene.isSkipped(at) || (tokens.kind[at] === IDENTIFIER && STORAGE.has(word(tokens, at))))) at++;
	if (at >= end || tokens.kind[at] !== IDENTIFIER) {
		if (tokens.kind[at] === STRING) scene.blank(begin, end + 1);
		return;
	}
	if (tokens.kind[at + 1] === OPEN_PAREN) {
		const close = structure.match[at + 1]!;
		if (close < 0) return;
		let behind = close + 1;
		while (behind < end && scene.isSkipped(behind)) behind++;
		const after = tokens.kind[behind];
		if (after === SEMICOLON || after === EQUALS || after === OPEN_BRACKET) {
			rewriteMacroDeclaration(scene, begin, at, close, behind);
			return;
		}
		return;
	}
	const run = leadingRun(scene, at, Math.min(end, at + 40));
	const name = run[run.length - 1];
	if (run.length > 2 && name !== undefined && tokens.kind[name] === IDENTIFIER) {
		const following = nextKept(scene, name + 1, end + 1);
		if (following === OPEN_PAREN || following === SEMICOLON || following === EQUALS || following === OPEN_BRACKET) {
			blankStrangers(scene, run.slice(0, -1).filter((index) => !STORAGE.has(text(scene, index))));
		}
	}
}

export function rewriteMacroDeclaration(scene: Scene, begin: number, macro: number, close: number, behind: number): void {
	const { tokens, canvas } = scene;
	const name = text(scene, macro);
	noteExport(scene, macro);
	const initialised = tokens.kind[behind] !== SEMICOLON;
	const definer = definerOf(name);
	const args = splitArguments(scene, macro + 1);
	const variable = args[definer?.nameArgument ?? 0];
	if ((definer === null && !initialised) || variable === undefined || variable.from === variable.to) {
		if (!initialised) scene.blank(begin, behind + 1);
		return;
	}
	scene.keep(macro, name, argumentTexts(scene, args));
	const typeArgument = definer?.typeArgument === undefined ? undefined : args[definer.typeArgument];
	const start = tokens.start[macro]!;
	if (typeArgument !== undefined && typeArgument.from < typeArgument.to) {
		// `DEFINE_PER_CPU(struct foo, bar)`: type and name stay where they are.
		canvas.blank(start, tokens.end[macro + 1]!);
		canvas.blank(tokens.end[typeArgument.to - 1]!, tokens.start[variable.from]!);
		canvas.blank(tokens.end[variable.to - 1]!, tokens.end[close]!);
	} else {
		const type = definer?.type ?? 'int';
		const variableStart = tokens.start[variable.from]!;
		const variableEnd = tokens.end[variable.to - 1]!;
		const room = variableStart - start;
		canvas.blank(start, variableStart);
		canvas.write(start, type.length < room ? type : 'int');
		canvas.blank(variableEnd, tokens.end[close]!);
		scene.definitions.set(variableStart, { type, array: definer?.array === true });
	}
	scene.skip(macro, close + 1);
}

/** `EXPORT_SYMBOL(foo)`: tells the name of the function above where a fragment does not. */
function noteExport(scene: Scene, macro: number): void {
	const name = text(scene, macro);
	if (!/^(?:EXPORT_\w*SYMBOL\w*|NOKPROBE_SYMBOL|ALLOW_ERROR_INJECTION)$/.test(name)) return;
	const arg = macro + 2;
	if (arg < scene.tokens.count && scene.tokens.kind[arg] === IDENTIFIER) {
		scene.exports.push({ name: text(scene, arg), start: scene.tokens.start[macro]! });
	}
}
