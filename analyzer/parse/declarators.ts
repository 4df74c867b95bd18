import type { SourceNode } from './node';

/** What a declarator declares: `*(*fn[3])(int)` and the like, read from the outside in. */
export interface Declared {
	/** `''` for an abstract declarator. */
	readonly name: string;
	readonly pointer: number;
	readonly array: boolean;
	/** The parameter list, when what is declared is a function. */
	readonly parameters: SourceNode | null;
	/** A pointer to a function, with its own parameters. */
	readonly functionPointer: SourceNode | null;
	readonly initialiser: SourceNode | null;
	/** The node that holds the name; null for an abstract declarator. */
	readonly nameNode: SourceNode | null;
}

const NAMES = new Set(['identifier', 'field_identifier', 'type_identifier', 'primitive_type']);

/** Reads a declarator node of any kind; `null` reads as an abstract one. */
export function readDeclarator(declarator: SourceNode | null): Declared {
	let pointer = 0;
	let array = false;
	let parameters: SourceNode | null = null;
	let functionPointer: SourceNode | null = null;
	let initialiser: SourceNode | null = null;
	let nameNode: SourceNode | null = null;
	let node: SourceNode | null = declarator;
	while (node !== null) {
		if (NAMES.has(node.type)) {
			nameNode = node;
			break;
		}
		switch (node.type) {
			case 'init_declarator':
				initialiser = node.field('value');
				break;
			case 'pointer_declarator':
			case 'abstract_pointer_declarator':
			case 'pointer_type_declarator':
				// `(*fn)(…)`: the star belongs to the function pointer, not to the type.
				if (parameters !== null) {
					functionPointer = parameters;
					parameters = null;
				} else {
					pointer++;
				}
				break;
			case 'array_declarator':
			case 'abstract_array_declarator':
				array = true;
				break;
			case 'function_declarator':
			case 'abstract_function_declarator':
				parameters = node.field('parameters');
				break;
			default:
				break;
		}
		node = inner(node);
	}
	return { name: nameNode?.clean ?? '', pointer, array, parameters, functionPointer, initialiser, nameNode };
}

function inner(node: SourceNode): SourceNode | null {
	const named = node.field('declarator');
	if (named !== null) return named;
	if (node.type === 'parenthesized_declarator' || node.type === 'abstract_parenthesized_declarator' || node.type === 'attributed_declarator') {
		return node.named.find((child) => child.type.endsWith('declarator') || NAMES.has(child.type)) ?? null;
	}
	return null;
}

/** `struct page`, `unsigned long`, `gfp_t`: the specifier of a declaration, parameter or member, without qualifiers and pointers. */
export function specifierOf(declaration: SourceNode): string {
	const type = declaration.field('type');
	return type === null ? '' : typeName(type);
}

function typeName(type: SourceNode): string {
	if (type.type === 'struct_specifier' || type.type === 'union_specifier' || type.type === 'enum_specifier') {
		const keyword = type.type.slice(0, type.type.indexOf('_'));
		const name = type.field('name');
		return name === null ? keyword : `${keyword} ${name.clean}`;
	}
	return type.clean.replace(/\s+/g, ' ').trim();
}

export function pointerTo(type: string, depth: number): string {
	return depth === 0 ? type : `${type} ${'*'.repeat(depth)}`;
}

/** Functions that take functions that take functions …: deeper than this their parameters are not told. */
const MAX_NESTED_SIGNATURES = 6;

/** Parameters of a parameter list; `(void)` has none, `...` is one named `...`. */
export function readParameters(list: SourceNode | null, depth = 0): { name: string; type: string }[] {
	if (list === null || depth > MAX_NESTED_SIGNATURES) return [];
	const params: { name: string; type: string }[] = [];
	for (const child of list.named) {
		if (child.type === 'variadic_parameter') {
			params.push({ name: '...', type: '...' });
		} else if (child.type === 'identifier') {
			params.push({ name: child.clean, type: '' });
		} else if (child.type === 'parameter_declaration') {
			const type = specifierOf(child);
			const declared = readDeclarator(child.field('declarator'));
			if (type === 'void' && declared.name === '' && declared.pointer === 0 && declared.functionPointer === null) continue;
			params.push({ name: declared.name, type: parameterType(type, declared, depth) });
		}
	}
	return params;
}

/** An array parameter is a pointer, a function one a pointer to it: `int (*)(struct page *)`. */
function parameterType(type: string, declared: Declared, depth: number): string {
	const signature = declared.functionPointer ?? declared.parameters;
	if (signature !== null) {
		const params = readParameters(signature, depth + 1).map((param) => param.type);
		return `${pointerTo(type, declared.pointer)} (*)(${params.length === 0 ? 'void' : params.join(', ')})`;
	}
	return pointerTo(type, declared.pointer + (declared.array ? 1 : 0));
}
