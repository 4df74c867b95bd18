import { Edit, Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import { type SyntaxCursor, type SyntaxEdit, type SyntaxEngine, type SyntaxTree, tooManySteps } from './syntax';
import { TreeWalk } from './tree-walk';

/** The compiled grammar and runtime, as bytes: how they are read is the host's business. */
export interface EngineBytes {
	/** `web-tree-sitter.wasm` of the npm package of that name. */
	readonly treeSitterWasm: Uint8Array;
	/** `tree-sitter-c.wasm` of npm's `tree-sitter-c`. */
	readonly languageWasm: Uint8Array;
}

/** tree-sitter in WebAssembly: runs on every host. Trees live in its memory until `delete()`; nothing collects them. */
export async function loadWasmEngine(bytes: EngineBytes): Promise<SyntaxEngine> {
	await Parser.init({ wasmBinary: bytes.treeSitterWasm });
	const language = await Language.load(bytes.languageWasm);
	const parser = new Parser();
	parser.setLanguage(language);
	const grammar = new Grammar(language);
	return {
		parse(text, old = null) {
			const tooMany = tooManySteps();
			const tree = parser.parse(text, old instanceof WasmTree ? old.tree : null, { progressCallback: ({ currentOffset }) => tooMany(currentOffset) });
			if (tree === null) parser.reset();
			return tree && new WasmTree(tree, grammar);
		},
		dispose: () => parser.delete(),
	};
}

/** What a grammar's node ids mean, looked up once. */
class Grammar {
	readonly #language: Language;
	readonly #named: boolean[] = [];

	constructor(language: Language) {
		this.#language = language;
	}

	type(id: number): string {
		return this.#language.types[id] ?? 'ERROR';
	}

	isNamed(id: number): boolean {
		this.#named[id] ??= id >= this.#language.types.length || this.#language.nodeTypeIsNamed(id);
		return this.#named[id]!;
	}

	field(id: number): string | null {
		return this.#language.fields[id] ?? null;
	}
}

class WasmTree implements SyntaxTree {
	readonly tree: Tree;
	readonly #grammar: Grammar;

	constructor(tree: Tree, grammar: Grammar) {
		this.tree = tree;
		this.#grammar = grammar;
	}

	walk(): SyntaxCursor {
		return new WasmCursor(this.tree.walk(), this.#grammar);
	}

	edited(edit: SyntaxEdit): SyntaxTree {
		const copy = this.tree.copy();
		copy.edit(new Edit(edit));
		return new WasmTree(copy, this.#grammar);
	}

	delete(): void {
		this.tree.delete();
	}
}

class WasmCursor extends TreeWalk<TreeCursor> {
	readonly #grammar: Grammar;

	constructor(at: TreeCursor, grammar: Grammar) {
		super(at);
		this.#grammar = grammar;
	}

	get type(): string {
		return this.#grammar.type(this.at.nodeTypeId);
	}

	get isNamed(): boolean {
		return this.#grammar.isNamed(this.at.nodeTypeId);
	}

	get field(): string | null {
		return this.#grammar.field(this.at.currentFieldId);
	}

	later(): () => SyntaxCursor {
		const node = this.at.currentNode;
		return () => new WasmCursor(node.walk(), this.#grammar);
	}

	delete(): void {
		this.at.delete();
	}
}
