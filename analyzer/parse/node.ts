import type { Language, Node, Tree, TreeCursor } from 'web-tree-sitter';
import type { CNode } from './source';

/** Where a parsed text lies in the text that the caller gave: insertions of ours are mapped away. */
export interface Placement {
	/** Nothing was inserted: offsets are the caller's. */
	readonly identical: boolean;
	/** What was parsed: blanked, with insertions. */
	readonly parsed: string;
	/** The caller's text between two offsets of the parsed text; where both lie in one insertion, the insertion's. */
	slice(from: number, to: number): string;
	/** The caller's offset for an offset of the parsed text. */
	offset(parsed: number): number;
	/** The caller's 1-based line for an offset of the parsed text. */
	line(parsed: number): number;
	/** The token that starts here in the parsed text was inserted by us. */
	inserted(parsed: number): boolean;
}

export function identityPlacement(source: string, parsed: string): Placement {
	return {
		identical: true,
		parsed,
		slice: (from, to) => source.slice(from, to),
		offset: (at) => at,
		line: lineFinder(parsed),
		inserted: () => false,
	};
}

/** 1-based lines by offset, from a table that is made when the first is asked for. */
export function lineFinder(text: string): (offset: number) => number {
	let starts: number[] | null = null;
	return (offset) => {
		starts ??= startsOfLines(text);
		let low = 0;
		let high = starts.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (starts[middle]! <= offset) low = middle + 1;
			else high = middle;
		}
		return low;
	};
}

function startsOfLines(text: string): number[] {
	const starts = [0];
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return starts;
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

const grammars = new WeakMap<Language, Grammar>();

function grammarOf(language: Language): Grammar {
	let grammar = grammars.get(language);
	if (grammar === undefined) {
		grammar = new Grammar(language);
		grammars.set(language, grammar);
	}
	return grammar;
}

/** Named nodes without children: they need not be asked for any. */
const LEAVES = new Set(['identifier', 'field_identifier', 'type_identifier', 'statement_identifier', 'number_literal', 'primitive_type', 'storage_class_specifier']);

/** Nodes outside functions that are converted; a text with more is no source. */
const MAX_EAGER = 200_000;

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
	#children: readonly SourceNode[] | null = null;
	#named: readonly SourceNode[] | null = null;
	#pending: Pending | null = null;

	constructor(cursor: TreeCursor, grammar: Grammar, id: number, placement: Placement, hasError: boolean) {
		const from = cursor.startIndex;
		const to = cursor.endIndex;
		this.parsedStart = from;
		this.parsedEnd = to;
		this.type = grammar.type(id);
		this.start = placement.offset(from);
		this.end = to > from ? Math.max(this.start, placement.offset(to - 1) + 1) : this.start;
		this.isError = this.type === 'ERROR';
		this.isMissing = to === from && cursor.nodeIsMissing;
		this.isNamed = grammar.isNamed(id);
		this.synthetic = placement.inserted(from);
		this.fieldName = grammar.field(cursor.currentFieldId);
		this.hasError = hasError;
		this.#placement = placement;
	}

	get line(): number {
		return this.#placement.line(this.parsedStart);
	}

	get endLine(): number {
		return this.#placement.line(Math.max(this.parsedStart, this.parsedEnd - 1));
	}

	get text(): string {
		return this.#placement.slice(this.parsedStart, this.parsedEnd);
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
		return this.children.find((child) => child.fieldName === name) ?? null;
	}

	/** For the converter only. */
	settle(children: readonly SourceNode[]): void {
		this.#children = children;
	}

	postpone(pending: Pending): void {
		this.#pending = pending;
	}
}

interface Pending {
	convert(): readonly SourceNode[];
}

/** A function's body still in tree-sitter's memory. */
class PendingBody implements Pending {
	readonly #node: Node;
	readonly #life: TreeLife;
	readonly #placement: Placement;

	constructor(node: Node, life: TreeLife, placement: Placement) {
		this.#node = node;
		this.#life = life;
		this.#placement = placement;
	}

	convert(): readonly SourceNode[] {
		if (this.#life.ended) throw new Error('a body was first looked at after its source was disposed');
		const cursor = this.#node.walk();
		try {
			return convertChildren(cursor, grammarOf(this.#node.tree.language), this.#placement, null);
		} finally {
			cursor.delete();
		}
	}
}

export interface TreeLife {
	ended: boolean;
}

/** The whole tree as nodes; the bodies of function definitions are left for later. */
export function convertTree(tree: Tree, placement: Placement, life: TreeLife): SourceNode {
	const cursor = tree.walk();
	try {
		const grammar = grammarOf(tree.language);
		const root = new SourceNode(cursor, grammar, cursor.nodeTypeId, placement, tree.rootNode.hasError);
		root.settle(convertChildren(cursor, grammar, placement, life));
		return root;
	} finally {
		cursor.delete();
	}
}

/** Iterative, because hostile nesting is deeper than the stack. With `lazy`, bodies of functions are postponed. */
function convertChildren(cursor: TreeCursor, grammar: Grammar, placement: Placement, lazy: TreeLife | null): SourceNode[] {
	const top: SourceNode[] = [];
	if (!cursor.gotoFirstChild()) return top;
	const lists: SourceNode[][] = [top];
	const owners: SourceNode[] = [];
	let room = lazy === null ? Number.POSITIVE_INFINITY : MAX_EAGER;
	for (;;) {
		const owner = owners[owners.length - 1];
		const id = cursor.nodeTypeId;
		const type = grammar.type(id);
		const isBody = lazy !== null && type === 'compound_statement' && (owner === undefined || owner.type === 'function_definition' || owner.isError);
		const definition = lazy !== null && (isBody || type === 'function_definition');
		const node = new SourceNode(cursor, grammar, id, placement, definition && cursor.currentNode.hasError);
		lists[lists.length - 1]!.push(node);
		if (isBody) {
			node.postpone(new PendingBody(cursor.currentNode, lazy, placement));
		} else if (node.isNamed && !LEAVES.has(type) && --room > 0 && cursor.gotoFirstChild()) {
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
