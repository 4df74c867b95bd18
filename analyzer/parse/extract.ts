import { pointerTo, readDeclarator, readParameters, specifierOf } from './declarators';
import { readInitialiser } from './initialisers';
import type { SourceNode } from './node';
import { readRecord } from './records';
import type { FunctionSource, GlobalSource, InitialiserEntry, StructSource, Unreadable } from './source';

/** A function as it stands in the tree; what only the text around it tells is added by the caller. */
export type FoundFunction = Omit<FunctionSource, 'body' | 'annotations' | 'headElided' | 'tailElided' | 'gaps' | 'named' | 'alternative'> & {
	readonly definition: SourceNode;
	readonly body: SourceNode;
	/** Offset of the name in what was parsed. */
	readonly nameStart: number;
};

/** What the pre-pass knows better than the tree. */
export interface Hints {
	/** True types of objects that a macro defines, by the offset of their name. */
	readonly definitions: ReadonlyMap<number, { readonly type: string; readonly array: boolean }>;
}

/** What a tree declares at file scope. */
export interface Declarations {
	readonly functions: FoundFunction[];
	readonly structs: StructSource[];
	readonly enums: Map<string, number>;
	readonly typedefs: Map<string, string>;
	readonly initialisers: InitialiserEntry[];
	readonly globals: GlobalSource[];
	readonly prototypes: Map<string, { readonly returns: string; readonly params: readonly string[] }>;
	readonly errors: Unreadable[];
}

export function noDeclarations(): Declarations {
	return {
		functions: [], structs: [], enums: new Map(), typedefs: new Map(), initialisers: [], globals: [], prototypes: new Map(), errors: [],
	};
}

/** Longest text of an error that is kept for the record. */
const MAX_ERROR_TEXT = 120;
/** Containers (errors, linkage blocks) nested deeper than this at file scope are not looked into. */
const MAX_DEPTH = 20;

/** Characters of one function's body. The longest of the kernel has 213,000; what has more is data or damage. */
const MAX_BODY = 256 * 1024;

/** Reads the file-scope declarations of a tree into `into`, which may hold those of other parts of the same file. */
export function readDeclarations(root: SourceNode, hints: Hints, into: Declarations, depth = 0): void {
	for (const node of root.children) {
		if (node.isError || node.isMissing) {
			into.errors.push({ line: node.line, endLine: node.endLine, text: node.text.slice(0, MAX_ERROR_TEXT) });
		}
		switch (node.type) {
			case 'function_definition':
				readFunction(node, into);
				break;
			case 'declaration':
				readDeclaration(node, hints, into);
				break;
			case 'type_definition':
				readTypedef(node, into);
				break;
			case 'struct_specifier':
			case 'union_specifier':
			case 'enum_specifier':
				into.structs.push(...readRecord(node, into.enums));
				break;
			default:
				if (node.children.length > 0 && depth < MAX_DEPTH) readDeclarations(node, hints, into, depth + 1);
		}
	}
}

function storageOf(declaration: SourceNode): string[] {
	return declaration.children
		.filter((child) => child.type === 'storage_class_specifier')
		.map((child) => child.clean.trim());
}

function readFunction(node: SourceNode, into: Declarations): void {
	const declared = readDeclarator(node.field('declarator'));
	const body = node.field('body');
	const type = node.field('type');
	if (type?.field('body')) into.structs.push(...readRecord(type, into.enums));
	if (body === null) return;
	if (body.parsedEnd - body.parsedStart > MAX_BODY) {
		into.errors.push({ line: node.line, endLine: node.endLine, text: `${declared.name}() is left out: no function is longer than ${MAX_BODY / 1024} kB` });
		return;
	}
	into.functions.push({
		name: declared.name,
		params: readParameters(declared.parameters ?? declared.functionPointer),
		returns: pointerTo(specifierOf(node), declared.pointer),
		storage: storageOf(node),
		body,
		line: node.line,
		endLine: node.endLine,
		broken: node.hasError,
		definition: node,
		nameStart: declared.nameNode?.parsedStart ?? node.parsedStart,
	});
}

function readDeclaration(node: SourceNode, hints: Hints, into: Declarations): void {
	const specifier = node.field('type');
	if (specifier?.field('body')) into.structs.push(...readRecord(specifier, into.enums));
	const type = specifierOf(node);
	for (const child of node.children) {
		if (child.fieldName !== 'declarator') continue;
		const declared = readDeclarator(child);
		if (declared.name === '') continue;
		if (declared.parameters !== null && declared.functionPointer === null) {
			into.prototypes.set(declared.name, {
				returns: pointerTo(type, declared.pointer),
				params: readParameters(declared.parameters).map((param) => param.type),
			});
			continue;
		}
		const value = declared.initialiser;
		const defined = hints.definitions.get(declared.nameNode?.parsedStart ?? -1);
		into.globals.push({
			name: declared.name,
			type: defined?.type ?? type,
			pointer: declared.pointer + (declared.functionPointer === null ? 0 : 1),
			array: declared.array || defined?.array === true,
			line: child.line,
			value: value?.text ?? '',
		});
		const list = value?.type === 'compound_literal_expression' ? value.field('value') : value;
		if (list?.type === 'initializer_list') {
			readInitialiser(list, type.replace(/^(?:struct|union) /, ''), declared.name, into.initialisers);
		}
	}
}

function readTypedef(node: SourceNode, into: Declarations): void {
	const specifier = node.field('type');
	const declarators = node.children.filter((child) => child.fieldName === 'declarator');
	const first = readDeclarator(declarators[0] ?? null).name;
	let type = specifierOf(node);
	if (specifier?.field('body')) {
		into.structs.push(...readRecord(specifier, into.enums, first));
		if (specifier.field('name') === null) type = `${type} ${first}`;
	}
	for (const declarator of declarators) {
		const declared = readDeclarator(declarator);
		if (declared.name === '') continue;
		const signature = declared.functionPointer ?? declared.parameters;
		const target = pointerTo(type, declared.pointer);
		if (signature === null) into.typedefs.set(declared.name, target);
		else into.typedefs.set(declared.name, `${target} (*)(${readParameters(signature).map((param) => param.type).join(', ')})`);
	}
}
