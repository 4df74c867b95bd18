import { type SyntaxCursor, type SyntaxEngine, type SyntaxTree, tooManySteps } from './syntax';
import { type CursorOfEither, TreeWalk } from './tree-walk';

/** What is used of npm's `tree-sitter` 0.25, which a host may have loaded; its typings are not needed to build. */
export interface NativeParserClass {
	new (): NativeParser;
}

interface NativeParser {
	/** Throws when the grammar is of another ABI. */
	setLanguage(grammar: unknown): void;
	parse(input: (offset: number) => string, old: null, options: { readonly progressCallback: (offset: number) => boolean }): NativeTree | undefined | null;
	reset(): void;
}

interface NativeTree {
	walk(): NativeCursor;
}

interface NativeNode {
	readonly hasError: boolean;
	walk(): NativeCursor;
}

interface NativeCursor extends CursorOfEither {
	readonly nodeType: string;
	readonly nodeIsNamed: boolean;
	readonly currentNode: NativeNode;
	readonly currentFieldName: string | undefined;
}

/** Units of text that tree-sitter is handed at a time. */
const PIECE = 1 << 15;

/**
 * The native build of tree-sitter, with npm's `tree-sitter-c` as grammar: parses faster, above all in a process that has just
 * begun, but its trees go only when they are collected, so it is not for reading a thousand files. Throws when the two do not fit.
 */
export function nativeEngine(Parser: NativeParserClass, grammar: unknown): SyntaxEngine {
	const parser = new Parser();
	parser.setLanguage(grammar);
	return {
		parse(text) {
			const tree = parser.parse((offset) => text.slice(offset, offset + PIECE), null, { progressCallback: tooManySteps() }) ?? null;
			if (tree === null) parser.reset();
			return tree && treeOf(tree);
		},
		dispose() {},
	};
}

const treeOf = (tree: NativeTree): SyntaxTree => ({
	walk: () => new NativeWalk(tree.walk()),
	// It edits in place, and the bodies of the earlier text may still be asked for.
	edited: () => null,
	delete() {},
});

class NativeWalk extends TreeWalk<NativeCursor> {
	get type(): string {
		return this.at.nodeType;
	}

	get isNamed(): boolean {
		return this.at.nodeIsNamed;
	}

	get field(): string | null {
		return this.at.currentFieldName ?? null;
	}

	later(): () => SyntaxCursor {
		const node = this.at.currentNode;
		return () => new NativeWalk(node.walk());
	}

	delete(): void {}
}
