import type { Image } from '../images/image';
import { assemble } from './assemble';
import { describer, settle } from './elisions';
import { Engine, type EngineBytes } from './engine';
import { mend } from './fragments';
import { identityPlacement } from './node';
import { prepare } from './prepass';
import type { ParsedSource } from './source';

export type { EngineBytes } from './engine';
export type {
	CNode, FunctionSource, GlobalSource, InitialiserEntry, MacroSource, ParsedSource, Rewritten, StructSource,
} from './source';

/** Parses C as kernel source and patches have it. Broken text is normal input: nothing here throws for it. */
export interface CParser {
	/** A whole file. Lines and offsets are of `text`. */
	parseFile(text: string): ParsedSource;
	/** Hunks alone. Lines and offsets are of `image.text`. */
	parseFragments(image: Image): ParsedSource;
	/** Frees the parser; sources it made stay until they are disposed of. */
	dispose(): void;
}

/** Rejects when the bytes are no tree-sitter runtime and C grammar that fit together. */
export async function createParser(bytes: EngineBytes): Promise<CParser> {
	const engine = await Engine.load(bytes);
	const parseFile = (text: string): ParsedSource => {
		const prepared = prepare(text);
		const tree = prepared.tooDeep ? null : engine.parse(prepared.text);
		return assemble(tree, prepared, identityPlacement(text, prepared.text));
	};
	return {
		parseFile,
		parseFragments(image) {
			const mended = mend(image);
			const { prepared, augmented } = mended;
			const tree = prepared.tooDeep ? null : engine.parse(prepared.text);
			return settle(assemble(tree, prepared, augmented.placement(image.text, prepared.text), describer(mended)));
		},
		dispose: () => engine.dispose(),
	};
}
