import type { MacroSource, Rewritten } from '../source';
import { blankAnnotation } from './annotations';
import { Canvas } from './canvas';
import { type Conditional, selectBranches } from './branches';
import { dropTrailingMacros, rewriteDeclaration, rewriteFunctionHead } from './heads';
import { readMacros } from './macros';
import { rewriteMember } from './members';
import { type BlankedAnnotation, type MacroHead, Scene } from './scene';
import { completeLabel, rewriteRange, rewriteWord } from './statements';
import { blankNumbers } from './tables';
import { CODE, FILE, INITIALISER, RECORD } from './structure';
import { CLOSE_PAREN, COLON, ELLIPSIS, IDENTIFIER, OPEN_BRACE, SEMICOLON, tokenize, word } from './tokens';

/** Kernel C made digestible: as long as the source, newline for newline, with everything at its offset. */
export interface Prepared {
	readonly text: string;
	readonly rewritten: ReadonlyMap<number, Rewritten>;
	readonly annotations: readonly BlankedAnnotation[];
	readonly heads: ReadonlyMap<number, MacroHead>;
	readonly definitions: ReadonlyMap<number, { readonly type: string; readonly array: boolean }>;
	readonly exports: readonly { readonly name: string; readonly start: number }[];
	readonly macros: readonly MacroSource[];
	readonly conditionals: readonly Conditional[];
	/** Offsets, start and end in turn, of branches that were kept though another one is taken. */
	readonly alternatives: readonly number[];
	/** Brackets are nested deeper than any C: there is no use in parsing it. */
	readonly tooDeep: boolean;
}

/** Brackets that are open at once. */
const MAX_NESTING = 500;

export interface PrepareOptions {
	/** Offsets at which hunks meet: nothing lexical reaches across. */
	readonly boundaries?: readonly number[];
	/** Whether the patch changed something in this range of offsets: a changed branch is preferred. */
	readonly changed?: (start: number, end: number) => boolean;
}

/** The same-length pre-pass. Any text at all is accepted. */
export function prepare(source: string, options: PrepareOptions = {}): Prepared {
	const canvas = new Canvas(source);
	const lexed = tokenize(source, options.boundaries);
	for (let at = 0; at < lexed.comments.length; at += 2) canvas.blank(lexed.comments[at]!, lexed.comments[at + 1]!);
	for (const directive of lexed.directives) canvas.blank(directive.start, directive.end);
	const selected = selectBranches(lexed, canvas, options);
	const { structure } = selected;
	const { tokens } = structure;
	const scene = new Scene(tokens, structure, canvas);
	rewriteAll(scene);
	return {
		text: canvas.toString(),
		rewritten: scene.rewritten,
		annotations: scene.annotations,
		heads: scene.heads,
		definitions: scene.definitions,
		exports: scene.exports,
		macros: readMacros(lexed),
		conditionals: selected.conditionals,
		alternatives: selected.alternatives,
		tooDeep: structure.deepest > MAX_NESTING,
	};
}

function rewriteAll(scene: Scene): void {
	const { tokens, structure } = scene;
	const { kind } = tokens;
	const { context, depth, statement } = structure;
	for (let index = 0; index < tokens.count; index++) {
		const type = kind[index]!;
		if (type === IDENTIFIER) {
			if (scene.isSkipped(index)) continue;
			const text = word(tokens, index);
			if (blankAnnotation(scene, index, text)) continue;
			const where = context[index]!;
			if (where === CODE || where === INITIALISER) rewriteWord(scene, index, text);
			else if (where === RECORD && depth[index] === 0 && statement[index] === index) rewriteMember(scene, index, text);
		} else if (type === OPEN_BRACE) {
			if (structure.opened[index] === INITIALISER && context[index] !== INITIALISER) blankNumbers(scene, index);
			if (context[index] === FILE && depth[index] === 0 && index + 1 < tokens.count) {
				const begin = statement[index]!;
				if (structure.opened[index] === CODE && begin < index) rewriteFunctionHead(scene, begin, index);
				else if (structure.opened[index] === INITIALISER && begin < index) rewriteDeclaration(scene, begin, index);
			}
		} else if (type === SEMICOLON) {
			if (context[index] === FILE && depth[index] === 0 && statement[index]! < index) rewriteDeclaration(scene, statement[index]!, index);
		} else if (type === ELLIPSIS) {
			if (!scene.isSkipped(index)) rewriteRange(scene, index);
		} else if (type === COLON) {
			completeLabel(scene, index);
		}
	}
	const last = tokens.count - 1;
	if (last > 0 && context[last] === FILE && depth[last] === 0 && kind[last] === CLOSE_PAREN) dropTrailingMacros(scene, statement[last]!);
}
