import type { Placement } from './placement';
import type { CNode } from './source';
import type { SyntaxCursor, SyntaxTree } from './syntax';

/** Named nodes without children: they need not be asked for any. */
const LEAVES = new Set(['identifier', 'field_identifier', 'type_identifier', 'statement_identifier', 'number_literal', 'primitive_type', 'storage_class_specifier']);

/** Nodes outside functions that are converted; a text with more is no source. */
const MAX_EAGER = 200_000;

/** Nodes within nodes. What lies deeper is taken for an error: nobody writes it, and whoever walks a tree may recurse. */
const MAX_DEPTH = 600;

const NO_NODES: readonly SourceNode[] = [];

/** Plain objects; function bodies are converted from tree-sitter's memory when they are first looked at. */
export class SourceNode implements CNode {
	readonly type: string;
	readonly start: number;
	readonly end: number;
	readonly isError: boolean;
	readonly isMissing: boolean;
	readonly isNamed: boolean;
	readonly synthetic: boolean;
	readonly fieldName: string | null;
	/** Set on definitions and their bodies only: something below is an error or missing. */
	readonly hasError: boolean;
	/** Offsets in what was parsed. */
	readonly parsedStart: number;
	readonly parsedEnd: number;
	readonly #placement: Placement;
	/** Read once: what is lowered many times is looked up by its text each time. */
	#text: string | null = null;
	#line = 0;
	#children: readonly SourceNode[] | null = null;
	#named: readonly SourceNode[] | null = null;
	#pending: Pending | null = null;

	constructor(cursor: SyntaxCursor, type: string, placement: Placement, hasError: boolean) {
		const from = cursor.start;
		const to = cursor.end;
		this.parsedStart = from;
		this.parsedEnd = to;
		this.type = type;
		this.start = placement.offset(from);
		this.end = to > from ? Math.max(this.start, placement.offset(to - 1) + 1) : this.start;
		this.isError = this.type === 'ERROR';
		this.isMissing = to === from && cursor.isMissing;
		this.isNamed = cursor.isNamed;
		this.synthetic = placement.inserted(from);
		this.fieldName = cursor.field;
		this.hasError = hasError;
		this.#placement = placement;
	}

	get line(): number {
		if (this.#line === 0) this.#line = this.#placement.line(this.parsedStart);
		return this.#line;
	}

	get endLine(): number {
		return this.#placement.line(Math.max(this.parsedStart, this.parsedEnd - 1));
	}

	get text(): string {
		this.#text ??= this.#placement.slice(this.parsedStart, this.parsedEnd);
		return this.#text;
	}

	/** As it was parsed: without annotations and comments. */
	get clean(): string {
		return this.#placement.parsed.slice(this.parsedStart, this.parsedEnd);
	}

	get children(): readonly SourceNode[] {
		if (this.#children === null) {
			this.#children = this.#pending === null ? NO_NODES : this.#pending.convert();
			this.#pending = null;
		}
		return this.#children;
	}

	get named(): readonly SourceNode[] {
		this.#named ??= this.children.filter((child) => child.isNamed);
		return this.#named;
	}

	field(name: string): SourceNode | null {
		for (const child of this.children) if (child.fieldName === name) return child;
		return null;
	}

	/** For the converter only. */
	settle(children: readonly SourceNode[]): void {
		this.#children = children;
	}

	postpone(pending: Pending): void {
		this.#pending = pending;
	}
}

/** The node as it was parsed: without annotations and comments, with what the pre-pass wrote in place of macros. */
export const parsedText = (node: CNode): string => (node instanceof SourceNode ? node.clean : node.text);

interface Pending {
	convert(): readonly SourceNode[];
}

/** A function's body still in tree-sitter's memory. */
class PendingBody implements Pending {
	readonly #walk: () => SyntaxCursor;
	readonly #life: TreeLife;
	readonly #placement: Placement;

	constructor(walk: () => SyntaxCursor, life: TreeLife, placement: Placement) {
		this.#walk = walk;
		this.#life = life;
		this.#placement = placement;
	}

	convert(): readonly SourceNode[] {
		if (this.#life.ended) throw new Error('a body was first looked at after its source was disposed');
		const cursor = this.#walk();
		try {
			return convertChildren(cursor, this.#placement, null);
		} finally {
			cursor.delete();
		}
	}
}

export interface TreeLife {
	ended: boolean;
}

/** The whole tree as nodes; the bodies of function definitions are left for later. */
export function convertTree(tree: SyntaxTree, placement: Placement, life: TreeLife): SourceNode {
	const cursor = tree.walk();
	try {
		const root = new SourceNode(cursor, cursor.type, placement, cursor.hasError);
		root.settle(convertChildren(cursor, placement, life));
		return root;
	} finally {
		cursor.delete();
	}
}

/** Iterative, because hostile nesting is deeper than the stack. With `lazy`, bodies of functions are postponed. */
function convertChildren(cursor: SyntaxCursor, placement: Placement, lazy: TreeLife | null): SourceNode[] {
	const top: SourceNode[] = [];
	if (!cursor.gotoFirstChild()) return top;
	const lists: SourceNode[][] = [top];
	const owners: SourceNode[] = [];
	let room = lazy === null ? Number.POSITIVE_INFINITY : MAX_EAGER;
	for (;;) {
		const owner = owners[owners.length - 1];
		const tooDeep = owners.length >= MAX_DEPTH;
		const type = tooDeep ? 'ERROR' : cursor.type;
		const isBody = lazy !== null && type === 'compound_statement' && (owner === undefined || owner.type === 'function_definition' || owner.isError);
		const definition = lazy !== null && (isBody || type === 'function_definition');
		const node = new SourceNode(cursor, type, placement, definition && cursor.hasError);
		lists[lists.length - 1]!.push(node);
		if (isBody) {
			node.postpone(new PendingBody(cursor.later(), lazy, placement));
		} else if (!tooDeep && node.isNamed && !LEAVES.has(type) && --room > 0 && cursor.gotoFirstChild()) {
			owners.push(node);
			lists.push([]);
			continue;
		} else {
			node.settle(NO_NODES);
		}
		while (!cursor.gotoNextSibling()) {
			const done = owners.pop();
			if (done === undefined) return top;
			done.settle(lists.pop()!);
			cursor.gotoParent();
		}
	}
}
