import { Language, Parser, type Tree } from 'web-tree-sitter';

/** The compiled grammar and runtime, as bytes: how they are read is the host's business. */
export interface EngineBytes {
	/** `web-tree-sitter.wasm` of the npm package of that name. */
	readonly treeSitterWasm: Uint8Array;
	/** `tree-sitter-c.wasm` of npm's `tree-sitter-c`. */
	readonly languageWasm: Uint8Array;
}

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
	 * Parses the text; with the (edited) tree of an earlier text, only what changed is parsed anew. Null when `deadline`
	 * (milliseconds of `performance.now()`) passed first: tree-sitter's error recovery is not linear on garbage.
	 */
	parse(text: string, old: Tree | null, deadline: number): Tree | null {
		const tree = this.#parser.parse(text, old, {
			progressCallback: () => performance.now() > deadline,
		});
		if (tree === null) this.#parser.reset();
		return tree;
	}

	dispose(): void {
		this.#parser.delete();
	}
}
