import { argumentTexts, closeOf, isMember, splitArguments } from './calls';
import type { Scene } from './scene';
import { CODE } from './structure';
import { IDENTIFIER, OPEN_PAREN, STAR, word } from './tokens';
import { ANNOTATIONS, ANNOTATION_CALLS, MODEL_WORDS, PRIMITIVES, STATIC_WORDS, STORAGE, TELLING, UNDERSCORED_TYPE } from './words';

const NO_ANNOTATION_AFTER = new Set([
	...STORAGE, 'struct', 'union', 'enum', 'unsigned', 'signed', 'return', 'goto', 'sizeof', 'case', 'else', 'do',
]);

/** Blanks the annotation at `index`, if there is one. True when it did. */
export function blankAnnotation(scene: Scene, index: number, text: string): boolean {
	if (STATIC_WORDS.has(text)) {
		scene.canvas.replace(scene.tokens.start[index]!, scene.tokens.end[index]!, 'static');
		return false;
	}
	if (MODEL_WORDS.has(text) && beginsLine(scene, index)) return blankModelWord(scene, index, text);
	const first = text.charCodeAt(0);
	const called = scene.tokens.kind[index + 1] === OPEN_PAREN;
	if (called) {
		if (!ANNOTATION_CALLS.has(text)) return false;
		const close = closeOf(scene, index);
		if (close < 0 || isMember(scene, index)) return false;
		if (TELLING.test(text)) tell(scene, index, close);
		scene.blank(index, close + 1);
		return true;
	}
	if (ANNOTATIONS.has(text)) {
		// Words without underscores may be somebody's variables.
		if (isMember(scene, index) || (first !== 95 && scene.structure.context[index] === CODE)) return false;
		if (TELLING.test(text)) scene.annotations.push({ start: scene.tokens.start[index]!, text });
		scene.blank(index, index + 1);
		return true;
	}
	if (first !== 95 || text.charCodeAt(1) !== 95 || !standsAsAnnotation(scene, index, text)) return false;
	scene.blank(index, index + 1);
	return true;
}

/** Behind one of these no type has been named yet. */
const BEGINS_TYPE = new Set([...PRIMITIVES, 'struct', 'union', 'enum', 'static', 'inline', 'const']);

const beginsLine = ({ tokens }: Scene, index: number): boolean => tokens.start[index] === 0 || tokens.text[tokens.start[index]! - 1] === '\n';

/** `ATOMIC void f(…)`, `ENVIRONMENT(role) void f(…)`. */
function blankModelWord(scene: Scene, index: number, text: string): boolean {
	const { tokens } = scene;
	const close = tokens.kind[index + 1] === OPEN_PAREN ? closeOf(scene, index) : index;
	if (close < 0 || tokens.kind[close + 1] !== IDENTIFIER) return false;
	scene.annotations.push({ start: tokens.start[index]!, text: close === index ? text : tokens.text.slice(tokens.start[index], tokens.end[close]) });
	scene.blank(index, close + 1);
	return true;
}

function tell(scene: Scene, index: number, close: number): void {
	const { tokens, structure } = scene;
	const start = tokens.start[index]!;
	scene.annotations.push({ start, text: tokens.text.slice(start, tokens.end[close]).replace(/\s+/g, ' ') });
	if (structure.context[index] !== CODE) return;
	// `struct foo *p __free(kfree) = …`: found under the declaration.
	const name = word(tokens, index);
	scene.keep(structure.statement[index]!, name, argumentTexts(scene, splitArguments(scene, index + 1)));
}

/** An unknown double underscore word squeezed between a type or a star and a name. */
function standsAsAnnotation(scene: Scene, index: number, text: string): boolean {
	const { kind } = scene.tokens;
	if (index === 0 || kind[index + 1] !== IDENTIFIER || UNDERSCORED_TYPE.test(text)) return false;
	if (BEGINS_TYPE.has(word(scene.tokens, index + 1))) return true;
	const before = kind[index - 1]!;
	if (before === STAR) return true;
	return before === IDENTIFIER && !NO_ANNOTATION_AFTER.has(word(scene.tokens, index - 1));
}
