import { type Declarations, type FoundFunction, noDeclarations, readDeclarations } from './extract';
import { convertTree, type TreeLife } from './node';
import type { Placement } from './placement';
import type { Prepared } from './prepass';
import type { CNode, FunctionSource, ParsedSource, Rewritten } from './source';
import type { SyntaxTree } from './syntax';

/** Longest text of an error that is kept for the record. */
const MAX_ERROR_TEXT = 120;
/** Errors of one function that are kept for the record. */
const MAX_ERRORS = 8;

/** Says of a function what only its surroundings tell. */
export type Describe = (found: FoundFunction, source: FunctionSource) => FunctionSource;

/** Reads what a tree declares, with what the pre-pass knows of it. A null tree (the parse was given up) declares nothing. */
export function assemble(tree: SyntaxTree | null, prepared: Prepared, placement: Placement, describeMore: Describe = (_, source) => source): ParsedSource {
	const declarations = noDeclarations();
	const life: TreeLife = { ended: false };
	if (tree === null) {
		declarations.errors.push({ line: 1, endLine: Number.POSITIVE_INFINITY, text: 'given up: no C is nested as deep or takes as many steps to parse' });
	} else {
		const root = convertTree(tree, placement, life);
		if (root.isError) declarations.errors.push({ line: root.line, endLine: root.endLine, text: root.text.slice(0, MAX_ERROR_TEXT) });
		readDeclarations(root, prepared, declarations);
	}
	const functions = declarations.functions.map((found) => describeMore(found, describe(found, prepared)));
	for (const found of declarations.functions) if (found.broken) recordErrors(found.definition, declarations);
	return {
		...declarations,
		// The function that is built comes before its stand-in, for whoever takes the first of a name.
		functions: [...functions.filter((source) => !source.alternative), ...functions.filter((source) => source.alternative)],
		macros: prepared.macros,
		rewritten: placed(prepared.rewritten, placement),
		conditionals: prepared.conditionals,
		dispose() {
			if (life.ended) return;
			life.ended = true;
			tree?.delete();
		},
	};
}

function describe(found: FoundFunction, prepared: Prepared): FunctionSource {
	const head = prepared.heads.get(found.nameStart);
	return {
		name: head?.name ?? found.name,
		params: found.params,
		returns: found.returns,
		storage: found.storage,
		annotations: annotationsOf(found, prepared),
		body: found.body,
		line: found.line,
		endLine: found.endLine,
		headElided: false,
		tailElided: false,
		gaps: [],
		named: head === undefined ? '' : `the macro ${head.macro}`,
		broken: found.broken,
		alternative: within(prepared.alternatives, found.body.parsedStart),
	};
}

/** Those before and in the head and, for what frees itself at the end of its scope, in the body. */
function annotationsOf(found: FoundFunction, prepared: Prepared): string[] {
	const { annotations } = prepared;
	if (annotations.length === 0) return [];
	let from = found.definition.parsedStart;
	while (from > 0 && prepared.text.charCodeAt(from - 1) <= 32) from--;
	const texts: string[] = [];
	for (let at = firstFrom(annotations, from); at < annotations.length && annotations[at]!.start < found.body.parsedEnd; at++) texts.push(annotations[at]!.text);
	return texts;
}

/** Index of the first annotation at or behind an offset; they are in order. */
function firstFrom(annotations: Prepared['annotations'], offset: number): number {
	let low = 0;
	let high = annotations.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (annotations[middle]!.start < offset) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Offsets of what was parsed become the caller's. */
function placed(rewritten: Prepared['rewritten'], placement: Placement): ParsedSource['rewritten'] {
	if (placement.identical) return rewritten;
	const result = new Map<number, Rewritten>();
	for (const [at, { name, args }] of rewritten) {
		if (placement.inserted(at)) continue;
		result.set(placement.offset(at), { name, args: args.map(({ text, start }) => ({ text, start: placement.offset(start) })) });
	}
	return result;
}

function within(ranges: readonly number[], offset: number): boolean {
	// Ascending and apart, so that the last range that begins before the offset tells.
	let low = 0;
	let high = ranges.length >> 1;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (ranges[2 * middle]! <= offset) low = middle + 1;
		else high = middle;
	}
	return low > 0 && offset < ranges[2 * low - 1]!;
}

function recordErrors(root: CNode, declarations: Declarations): void {
	const stack: CNode[] = [root];
	let kept = 0;
	while (stack.length > 0 && kept < MAX_ERRORS) {
		const node = stack.pop()!;
		if (node.isError || node.isMissing) {
			declarations.errors.push({ line: node.line, endLine: node.endLine, text: node.isMissing ? `missing ${node.type}` : node.text.slice(0, MAX_ERROR_TEXT) });
			kept++;
		}
		for (let child = node.children.length - 1; child >= 0; child--) stack.push(node.children[child]!);
	}
}
