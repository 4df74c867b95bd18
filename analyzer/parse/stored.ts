import { lineFinder } from './lines';
import type { CNode, FunctionSource, ParsedSource } from './source';

/**
 * A parsed file as plain data, for an asset: what is parsed once, when that is built, need not be parsed at each start. Only whole files:
 * their nodes lie in the text as it was given.
 */
export interface StoredSource extends Omit<ParsedSource, 'functions' | 'enums' | 'typedefs' | 'prototypes' | 'rewritten' | 'dispose'> {
	/** `body`: its nodes in preorder as numbers with commas between them, `FIGURES` of them for each. */
	readonly functions: readonly (Omit<FunctionSource, 'body'> & { readonly body: string })[];
	readonly enums: Entries<ParsedSource['enums']>;
	readonly typedefs: Entries<ParsedSource['typedefs']>;
	readonly prototypes: Entries<ParsedSource['prototypes']>;
	readonly rewritten: Entries<ParsedSource['rewritten']>;
	/** Kinds of nodes and names of fields that the bodies' numbers stand for. */
	readonly kinds: readonly { readonly type: string; readonly named: boolean; readonly missing: boolean; readonly field: string | null }[];
}

type Entries<M> = M extends ReadonlyMap<infer K, infer V> ? readonly (readonly [K, V])[] : never;

/** Of each node: its kind, how far behind its parent's start it starts, its length, how many children it has. */
const FIGURES = 4;

/** Throws for what is not a whole file's source, or could not be parsed: what is stored is ours. */
export function storeSource(source: ParsedSource): StoredSource {
	if (source.errors.length > 0) throw new Error(`line ${source.errors[0]!.line}: cannot be parsed: ${source.errors[0]!.text}`);
	const kinds: StoredSource['kinds'][number][] = [];
	const ids = new Map<string, number>();
	const kindOf = (node: CNode, named: boolean): number => {
		const key = `${node.type} ${named} ${node.isMissing} ${node.fieldName}`;
		const known = ids.get(key);
		if (known !== undefined) return known;
		ids.set(key, kinds.length);
		return kinds.push({ type: node.type, named, missing: node.isMissing, field: node.fieldName }) - 1;
	};
	const write = (node: CNode, named: boolean, from: number, into: number[]): void => {
		if (node.synthetic || node.isError) throw new Error(`line ${node.line}: only what parses as it stands can be stored`);
		into.push(kindOf(node, named), node.start - from, node.end - node.start, node.children.length);
		const inside = new Set(node.named);
		for (const child of node.children) write(child, inside.has(child), node.start, into);
	};
	const functions = source.functions.map(({ body, ...rest }) => {
		const figures: number[] = [];
		write(body, true, 0, figures);
		return { ...rest, body: figures.join(',') };
	});
	const { structs, macros, initialisers, globals, conditionals, errors } = source;
	return {
		functions, structs, macros, initialisers, globals, conditionals, errors, kinds,
		enums: [...source.enums], typedefs: [...source.typedefs], prototypes: [...source.prototypes], rewritten: [...source.rewritten],
	};
}

/** The source that `storeSource` was given, of the same text. What is in a body is read when it is first looked at. */
export function restoreSource(stored: StoredSource, text: string): ParsedSource {
	const { kinds, ...plain } = stored;
	const of: Stored = { text, line: lineFinder(text), kinds };
	return {
		...plain,
		functions: stored.functions.map((fn) => ({ ...fn, body: bodyOf(of, fn.body) })),
		enums: new Map(stored.enums), typedefs: new Map(stored.typedefs), prototypes: new Map(stored.prototypes), rewritten: new Map(stored.rewritten),
		dispose() { /* Nothing of it lies in WebAssembly's memory. */ },
	};
}

interface Stored {
	readonly text: string;
	readonly line: (offset: number) => number;
	readonly kinds: StoredSource['kinds'];
}

function bodyOf(of: Stored, figures: string): CNode {
	const [kind = 0, start = 0, length = 0] = figures.split(',', FIGURES).map(Number);
	return new StoredNode(of, kind, start, start + length, () => childrenOf(of, figures.split(',').map(Number)));
}

/** Children of the first node of `figures`, with all below them. */
function childrenOf(of: Stored, figures: readonly number[]): readonly StoredNode[] {
	let at = 0;
	const read = (from: number): StoredNode => {
		const start = from + figures[at + 1]!;
		const node = new StoredNode(of, figures[at]!, start, start + figures[at + 2]!, null);
		let left = figures[at + 3]!;
		at += FIGURES;
		if (left > 0) {
			const children: StoredNode[] = [];
			while (left-- > 0) children.push(read(start));
			node.settle(children);
		}
		return node;
	};
	return read(0).children;
}

const NO_NODES: readonly StoredNode[] = [];

class StoredNode implements CNode {
	readonly type: string;
	readonly start: number;
	readonly end: number;
	readonly isError = false;
	readonly isMissing: boolean;
	readonly synthetic = false;
	readonly fieldName: string | null;
	readonly #named: boolean;
	readonly #of: Stored;
	#pending: (() => readonly StoredNode[]) | null;
	#children = NO_NODES;
	#namedChildren: readonly StoredNode[] | null = null;

	constructor(of: Stored, kind: number, start: number, end: number, pending: (() => readonly StoredNode[]) | null) {
		const { type, named, missing, field } = of.kinds[kind]!;
		this.type = type;
		this.start = start;
		this.end = end;
		this.isMissing = missing;
		this.fieldName = field;
		this.#named = named;
		this.#of = of;
		this.#pending = pending;
	}

	get line(): number {
		return this.#of.line(this.start);
	}

	get endLine(): number {
		return this.#of.line(Math.max(this.start, this.end - 1));
	}

	get text(): string {
		return this.#of.text.slice(this.start, this.end);
	}

	get children(): readonly StoredNode[] {
		if (this.#pending !== null) {
			this.#children = this.#pending();
			this.#pending = null;
		}
		return this.#children;
	}

	get named(): readonly StoredNode[] {
		this.#namedChildren ??= this.children.filter((child) => child.#named);
		return this.#namedChildren;
	}

	field(name: string): StoredNode | null {
		for (const child of this.children) if (child.fieldName === name) return child;
		return null;
	}

	settle(children: readonly StoredNode[]): void {
		this.#children = children;
	}
}
