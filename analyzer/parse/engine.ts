import { Language, Parser, type Tree } from 'web-tree-sitter';

/** The compiled grammar and runtime, as bytes: how they are read is the host's business. */
export interface EngineBytes {
	/** `web-tree-sitter.wasm` of the npm package of that name. */
	readonly treeSitterWasm: Uint8Array;
	/** `tree-sitter-c.wasm` of npm's `tree-sitter-c`. */
	readonly languageWasm: Uint8Array;
}

/**
 * A step is a hundred of tree-sitter's operations. Kernel C takes 4 to 16 steps for a thousand characters, garbage 45 and
 * more; what is allowed beyond the rate is for an error here and there.
 */
const BASE_STEPS = 700;
const STEPS_PER_UNIT = 0.017;
/** Offsets are of UTF-16 bytes. */
const BYTES_PER_UNIT = 2;

/** A tree-sitter parser for C. Trees live in WebAssembly memory until `delete()`; nothing collects them. */
export class Engine {
	readonly #parser: Parser;

	private constructor(parser: Parser) {
		this.#parser = parser;
	}

	/** Throws when the bytes are not a runtime or grammar of a known ABI. */
	static async load(bytes: EngineBytes): Promise<Engine> {
		await Parser.init({ wasmBinary: bytes.treeSitterWasm });
		const language = await Language.load(bytes.languageWasm);
		const parser = new Parser();
		parser.setLanguage(language);
		return new Engine(parser);
	}

	/**
	 * Parses the text; with the (edited) tree of an earlier text, only what changed is parsed anew. Null when it takes more
	 * steps than any C does: tree-sitter's error recovery is slow on garbage. Steps and not time, for the same answer always.
	 */
	parse(text: string, old: Tree | null = null): Tree | null {
		let steps = 0;
		const tree = this.#parser.parse(text, old, {
			progressCallback: ({ currentOffset }) => ++steps > BASE_STEPS + (currentOffset / BYTES_PER_UNIT) * STEPS_PER_UNIT,
		});
		if (tree === null) this.#parser.reset();
		return tree;
	}

	dispose(): void {
		this.#parser.delete();
	}
}
