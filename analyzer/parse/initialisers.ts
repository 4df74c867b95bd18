import type { CNode, InitialiserEntry } from './source';

/** Nesting beyond this is not followed. */
const MAX_DEPTH = 12;

/** The designated entries of an initialiser, flat: `.a = { .b = c }` is field `a.b`, elements of an array are `[2].b`. */
export function readInitialiser(list: CNode, struct: string, variable: string, entries: InitialiserEntry[]): void {
	collect(list, { struct, variable, entries }, '', 0);
}

interface Target {
	readonly struct: string;
	readonly variable: string;
	readonly entries: InitialiserEntry[];
}

function collect(list: CNode, target: Target, path: string, depth: number): void {
	if (depth > MAX_DEPTH) return;
	let index = 0;
	for (const element of list.named) {
		if (element.type === 'initializer_pair') {
			const field = join(path, designator(element));
			const at = /^\[(\d+)/.exec(designator(element));
			if (at !== null) index = Number(at[1]) + 1;
			const value = element.field('value');
			if (value === null) continue;
			const nested = asList(value);
			if (nested !== null) collect(nested, target, field, depth + 1);
			else target.entries.push({ struct: target.struct, variable: target.variable, field, value: value.text, line: element.line });
		} else if (element.type === 'initializer_list' || element.type === 'compound_literal_expression') {
			const nested = asList(element);
			if (nested !== null) collect(nested, target, `${path}[${index}]`, depth + 1);
			index++;
		} else {
			index++;
		}
	}
}

function asList(value: CNode): CNode | null {
	if (value.type === 'initializer_list') return value;
	return value.type === 'compound_literal_expression' ? value.field('value') : null;
}

function designator(pair: CNode): string {
	let field = '';
	for (const child of pair.children) {
		if (child.fieldName !== 'designator') continue;
		if (child.type === 'field_designator') field = join(field, child.named[0]?.text ?? '');
		else if (child.type === 'subscript_designator') field += `[${child.named[0]?.text ?? ''}]`;
		else field = join(field, child.text);
	}
	return field;
}

function join(path: string, field: string): string {
	if (path === '' || field.startsWith('[')) return path + field;
	return `${path}.${field}`;
}
