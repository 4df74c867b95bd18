import type { SyntaxCursor } from './syntax';

/** What the cursors of both builds of tree-sitter say alike. */
export interface CursorOfEither {
	readonly startIndex: number;
	readonly endIndex: number;
	readonly nodeIsMissing: boolean;
	readonly currentNode: { readonly hasError: boolean };
	gotoFirstChild(): boolean;
	gotoNextSibling(): boolean;
	gotoParent(): boolean;
}

/** A walk over a tree of either build; what a node's type is, and who frees what, each build says itself. */
export abstract class TreeWalk<Cursor extends CursorOfEither> implements SyntaxCursor {
	protected readonly at: Cursor;

	constructor(at: Cursor) {
		this.at = at;
	}

	abstract readonly type: string;
	abstract readonly isNamed: boolean;
	abstract readonly field: string | null;

	get start(): number {
		return this.at.startIndex;
	}

	get end(): number {
		return this.at.endIndex;
	}

	get isMissing(): boolean {
		return this.at.nodeIsMissing;
	}

	get hasError(): boolean {
		return this.at.currentNode.hasError;
	}

	gotoFirstChild(): boolean {
		return this.at.gotoFirstChild();
	}

	gotoNextSibling(): boolean {
		return this.at.gotoNextSibling();
	}

	gotoParent(): boolean {
		return this.at.gotoParent();
	}

	abstract later(): () => SyntaxCursor;
	abstract delete(): void;
}
