/** What the stages ask of a tree-sitter, whichever build of it parses: the WebAssembly one, or the native one where a host loads it. */

/** A parser for C. */
export interface SyntaxEngine {
	/**
	 * Parses the text; with the (edited) tree of an earlier text, only what changed is parsed anew. Null when it takes more steps
	 * than any C does (`tooManySteps`).
	 */
	parse(text: string, old?: SyntaxTree | null): SyntaxTree | null;
	/** Frees the parser; trees stay until they are deleted. */
	dispose(): void;
}

export interface SyntaxTree {
	walk(): SyntaxCursor;
	/**
	 * The tree as it has to be for a parse of the text after the edit to reuse it; the caller deletes it. Null where the
	 * engine cannot keep this tree beside it.
	 */
	edited(edit: SyntaxEdit): SyntaxTree | null;
	delete(): void;
}

/** Offsets in UTF-16 units; rows and columns from 0. */
export interface SyntaxEdit {
	readonly startIndex: number;
	readonly oldEndIndex: number;
	readonly newEndIndex: number;
	readonly startPosition: SyntaxPoint;
	readonly oldEndPosition: SyntaxPoint;
	readonly newEndPosition: SyntaxPoint;
}

export interface SyntaxPoint {
	readonly row: number;
	readonly column: number;
}

/** A place in a tree. Offsets in UTF-16 units. */
export interface SyntaxCursor {
	readonly start: number;
	readonly end: number;
	/** The grammar's name of the node, `ERROR` for what it could not read. */
	readonly type: string;
	readonly isNamed: boolean;
	readonly isMissing: boolean;
	/** Something here or below is an error or missing. */
	readonly hasError: boolean;
	readonly field: string | null;
	gotoFirstChild(): boolean;
	gotoNextSibling(): boolean;
	gotoParent(): boolean;
	/** A cursor at this node for another time; the tree must live then. */
	later(): () => SyntaxCursor;
	delete(): void;
}

/**
 * A step is a hundred of tree-sitter's operations. Kernel C takes 4 to 16 steps for a thousand characters, garbage 45 and
 * more; what is allowed beyond the rate is for an error here and there.
 */
const BASE_STEPS = 700;
const STEPS_PER_UNIT = 0.017;
/** tree-sitter counts UTF-16 in bytes. */
const BYTES_PER_UNIT = 2;

/**
 * Asked by tree-sitter after each step, with the offset it is at in bytes: true when the text takes more steps than any C
 * does, since error recovery is slow on garbage. Steps and not time, for the same answer always.
 */
export function tooManySteps(): (offset: number) => boolean {
	let steps = 0;
	return (offset) => ++steps > BASE_STEPS + (offset / BYTES_PER_UNIT) * STEPS_PER_UNIT;
}
