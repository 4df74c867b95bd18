import { argumentTexts, splitArguments } from './calls';
import type { Scene } from './scene';
import { IDENTIFIER, OPEN_PAREN, SEMICOLON, STAR } from './tokens';
import { KEYWORDS } from './words';

/** A macro use in a struct's body, at the beginning of a member. */
export function rewriteMember(scene: Scene, index: number, text: string): void {
	const { tokens, structure, canvas } = scene;
	if (tokens.kind[index + 1] === SEMICOLON) {
		// `KABI_PADDING;`: members nobody sees.
		scene.blank(index, index + 2);
		return;
	}
	if (tokens.kind[index + 1] !== OPEN_PAREN || tokens.kind[index + 2] === STAR || KEYWORDS.has(text)) return;
	const close = structure.match[index + 1]!;
	if (close < 0) return;
	const args = splitArguments(scene, index + 1);
	const first = args[0];
	const second = args[1];
	const after = tokens.kind[close + 1];
	if (first === undefined || first.to === first.from) {
		if (after === SEMICOLON) scene.blank(index, close + 2);
		return;
	}
	scene.keep(index, text, argumentTexts(scene, args));
	const start = tokens.start[index]!;
	const inner = tokens.start[first.from]!;
	if ((text === 'DECLARE_BITMAP' || text === 'DECLARE_HASHTABLE') && second !== undefined) {
		const type = text === 'DECLARE_BITMAP' ? 'unsigned long' : 'struct hlist_head';
		canvas.replace(start, inner, type);
		canvas.write(tokens.start[first.to]!, '[');
		canvas.write(tokens.start[close]!, ']');
	} else if ((text === 'DECLARE_FLEX_ARRAY' || text === '__DECLARE_FLEX_ARRAY' || text === '__bpf_md_ptr') && second !== undefined) {
		canvas.blank(start, inner);
		// A flexible array and a pointer differ in nothing that is asked for.
		canvas.write(tokens.start[first.to]!, text === '__bpf_md_ptr' ? ' ' : '*');
		canvas.blank(tokens.start[close]!, tokens.end[close]!);
	} else if (/^_*struct_group/.test(text)) {
		const heading = text === 'struct_group' ? 1 : text === '__struct_group' ? 3 : 2;
		const members = args[heading];
		if (members === undefined) return;
		canvas.blank(start, tokens.start[members.from]!);
		canvas.blank(tokens.start[close]!, tokens.end[close]!);
		if (after === SEMICOLON) canvas.blank(tokens.start[close + 1]!, tokens.end[close + 1]!);
		scene.skip(index, members.from);
		// Commas in the members (`int a, b;`) separate declarators again.
		return;
	} else if (after === SEMICOLON) {
		scene.blank(index, close + 2);
		return;
	} else if (after === IDENTIFIER) {
		scene.blank(index, close + 1);
		return;
	} else {
		return;
	}
	scene.skip(index, close + 1);
}

