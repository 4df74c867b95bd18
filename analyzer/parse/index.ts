import type { Image } from '../images/image';
import { assemble } from './assemble';
import { describer, settle } from './elisions';
import { mend } from './fragments';
import { startsOfLines } from './lines';
import { identityPlacement } from './placement';
import { type Prepared, prepare } from './prepass';
import { editedTree } from './reparse';
import type { ParsedSource } from './source';
import type { SyntaxEngine, SyntaxTree } from './syntax';
import { touchedIn } from './touched';

export { lineFinder } from './lines';
export { parsedText } from './node';
export { type NativeParserClass, nativeEngine } from './native-engine';
export { isWhole } from './source';
export type { SyntaxEngine } from './syntax';
export { type EngineBytes, loadWasmEngine } from './wasm-engine';
export { restoreSource, storeSource, type StoredSource } from './stored';
export type {
	CNode, FunctionSource, GlobalSource, InitialiserEntry, MacroSource, ParsedSource, Rewritten, StructSource,
} from './source';

/** Parses C as kernel source and patches have it. Broken text is normal input: nothing here throws for it. */
export interface CParser {
	/**
	 * A whole file. Lines and offsets are of `text`. `previous`: the same file as it was before an edit, not yet disposed of;
	 * what the edit left alone is not parsed again, and the result is the same as without it.
	 */
	parseFile(text: string, previous?: ParsedSource): ParsedSource;
	/** Hunks alone. Lines and offsets are of `image.text`. */
	parseFragments(image: Image): ParsedSource;
	/**
	 * One side of a patched file, whole or in fragments. Where a branch of a conditional has to be chosen inside a function, it is
	 * the one that the patch touches, on both sides alike. `previous`: as for `parseFile`.
	 */
	parseImage(image: Image, previous?: ParsedSource): ParsedSource;
	/** Frees the parser; sources it made stay until they are disposed of. */
	dispose(): void;
}

/** A tree with the text it is of. */
interface Parsed {
	readonly tree: SyntaxTree;
	readonly text: string;
}

function isBroken(tree: SyntaxTree): boolean {
	const cursor = tree.walk();
	try {
		return cursor.hasError;
	} finally {
		cursor.delete();
	}
}

/** The parser over a tree-sitter: `loadWasmEngine`, or `nativeEngine` where the host has one. Disposes of the engine with itself. */
export function createParser(engine: SyntaxEngine): CParser {
	const trees = new WeakMap<ParsedSource, Parsed>();

	const parse = (prepared: Prepared, previous?: Parsed): SyntaxTree | null => {
		if (prepared.tooDeep) return null;
		if (previous === undefined) return engine.parse(prepared.text);
		const edited = editedTree(previous.tree, previous.text, prepared.text);
		try {
			const tree = engine.parse(prepared.text, edited);
			if (edited === null || tree === null || !isBroken(tree)) return tree;
			// How tree-sitter recovers from an error depends on what it keeps of the earlier tree.
			tree.delete();
			return engine.parse(prepared.text);
		} finally {
			edited?.delete();
		}
	};

	const parseWhole = (text: string, prepared: Prepared, previous?: ParsedSource): ParsedSource => {
		const tree = parse(prepared, previous === undefined ? undefined : trees.get(previous));
		const source = assemble(tree, prepared, identityPlacement(text, prepared.text));
		if (tree === null) return source;
		const kept: ParsedSource = {
			...source,
			dispose() {
				trees.delete(kept);
				source.dispose();
			},
		};
		trees.set(kept, { tree, text: prepared.text });
		return kept;
	};

	const parseFragments = (image: Image): ParsedSource => {
		const mended = mend(image);
		const { prepared, augmented } = mended;
		const source = assemble(parse(prepared), prepared, augmented.placement(image.text, prepared.text), describer(mended));
		return settle({ ...source, errors: [...mended.leftOut, ...source.errors] });
	};

	return {
		parseFile: (text, previous) => parseWhole(text, prepare(text), previous),
		parseFragments,
		parseImage(image, previous) {
			if (image.completeness === 'fragments') return parseFragments(image);
			return parseWhole(image.text, prepare(image.text, { changed: touchedIn(image, startsOfLines(image.text)) }), previous);
		},
		dispose: () => engine.dispose(),
	};
}
