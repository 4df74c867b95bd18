/**
 * What the rest of the analyzer sees of parsed C: tree-sitter's nodes behind a small readonly face, so that parse/ is the
 * only importer of tree-sitter. Lines are 1-based lines of the parsed text; offsets are UTF-16 units.
 */
export interface CNode {
	/** tree-sitter-c's node type: `call_expression`, `if_statement`, … There are no comment and no preprocessor nodes. */
	readonly type: string;
	/** As the source has it, blanked words and comments included. */
	readonly text: string;
	readonly start: number;
	readonly end: number;
	readonly line: number;
	readonly endLine: number;
	readonly named: readonly CNode[];
	readonly children: readonly CNode[];
	field(name: string): CNode | null;
	readonly isError: boolean;
	readonly isMissing: boolean;
	/** The field of its parent that it fills (`condition`, `left`), or null. */
	readonly fieldName: string | null;
	/**
	 * Begins with a token of ours, not of the source: an opener for a fragment's elided block (an `if` whose condition
	 * nobody has seen, `{`, `do`, `switch`), or a closer. Its children may be real.
	 */
	readonly synthetic: boolean;
}

export interface FunctionSource {
	readonly name: string;
	/** Parameter names and types (`struct page *`), `''` where unnamed. */
	readonly params: readonly { readonly name: string; readonly type: string }[];
	readonly returns: string;
	readonly storage: readonly string[];
	/** Annotations that the pre-pass blanked and that tell of locks, contexts or lifetimes: `__must_hold(x)`, `__releases(x)`, `__free(kfree)`, `__init`. */
	readonly annotations: readonly string[];
	/** The compound statement. */
	readonly body: CNode;
	readonly line: number;
	readonly endLine: number;
	/** A fragment: parts are elided. `headElided`: the beginning of the body, up to the first line, is not shown. */
	readonly headElided: boolean;
	readonly tailElided: boolean;
	/** Lines (of the parsed text) before which source is elided. */
	readonly gaps: readonly number[];
	/** The name was inferred (hunk header, EXPORT_SYMBOL after it, prose) and how; empty when it stands in the text. */
	readonly named: string;
	/** Something in it could not be parsed: an ERROR or missing node lies in head or body. */
	readonly broken: boolean;
	/** It stands in a branch of a file-scope conditional that is not the one taken (all options are taken as on). */
	readonly alternative: boolean;
}

/** All of its body is in sight. */
export const isWhole = ({ headElided, tailElided, gaps }: FunctionSource): boolean => !headElided && !tailElided && gaps.length === 0;

export interface StructSource {
	readonly name: string;
	readonly kind: 'struct' | 'union' | 'enum';
	/** Flat members in order; `type` as written without qualifiers: `struct list_head`, `spinlock_t`, `struct page *`. `word`, of a bit field: the first of those that lie in one word with it. */
	readonly members: readonly { readonly name: string; readonly type: string; readonly array: boolean; readonly pointer: number; readonly word?: string }[];
	readonly line: number;
}

export interface MacroSource {
	readonly name: string;
	/** null for an object-like macro. */
	readonly params: readonly string[] | null;
	readonly value: string;
	readonly line: number;
}

/** `.fault = foo_fault` in an initialiser of `struct vm_operations_struct`. */
export interface InitialiserEntry {
	readonly struct: string;
	/** Of the variable initialised. */
	readonly variable: string;
	readonly field: string;
	readonly value: string;
	readonly line: number;
}

export interface GlobalSource {
	readonly name: string;
	readonly type: string;
	readonly pointer: number;
	readonly array: boolean;
	readonly line: number;
	readonly value: string;
}

/** Lines of the parsed text that are no C, or more of it than is read: the beginning of them, or why. */
export interface Unreadable {
	readonly line: number;
	readonly endLine: number;
	readonly text: string;
}

/** A parsed file or a file's fragments. */
export interface ParsedSource {
	readonly functions: readonly FunctionSource[];
	readonly structs: readonly StructSource[];
	readonly macros: readonly MacroSource[];
	readonly enums: ReadonlyMap<string, number>;
	readonly typedefs: ReadonlyMap<string, string>;
	readonly initialisers: readonly InitialiserEntry[];
	readonly globals: readonly GlobalSource[];
	/** `foo_ops` prototypes and the like: function name → returns and parameter types. */
	readonly prototypes: ReadonlyMap<string, { readonly returns: string; readonly params: readonly string[] }>;
	/**
	 * Node starts at offset → what the pre-pass rewrote there: the iterator macro behind a `while` statement, the arguments of a call
	 * one of which is no expression (container_of's type), `guard` and `CLASS` with both their argument lists, `typeof`, and under a
	 * declaration the `__free(x)` of it.
	 */
	readonly rewritten: ReadonlyMap<number, Rewritten>;
	/** Conditional blocks inside functions of which one branch was kept (the configuration is taken as on). */
	readonly conditionals: readonly { readonly line: number; readonly condition: string }[];
	/** What could not be read. */
	readonly errors: readonly Unreadable[];
	/** Frees the tree; nodes are dead after it. */
	dispose(): void;
}

/** A macro use that was blanked to parse: its name and its arguments as the source has them, with the offset of each argument. */
export interface Rewritten {
	readonly name: string;
	readonly args: readonly { readonly text: string; readonly start: number }[];
}
