import type { Scene } from './scene';
import { COMMA, IDENTIFIER, STRING } from './tokens';

/** A table of fewer tokens is parsed. */
const MIN_TABLE = 200;

/** Blanks the inside of a long table of nothing but numbers: nobody asks for it, and tables are most of the largest files. */
export function blankNumbers(scene: Scene, brace: number): void {
	const close = scene.structure.match[brace]!;
	if (close - brace < MIN_TABLE) return;
	const { kind } = scene.tokens;
	for (let at = brace + 1; at < close; at++) {
		if (kind[at] === IDENTIFIER || kind[at] === STRING) return;
	}
	// The first element stays, for an empty list would be another thing.
	let first = brace + 1;
	while (first < close && kind[first] !== COMMA) first++;
	if (scene.structure.match[brace + 1]! < 0) scene.blank(first, close);
	else scene.blank(brace + 1, close);
}
