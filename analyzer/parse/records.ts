import { pointerTo, readDeclarator, readParameters, specifierOf } from './declarators';
import { evaluateConstant } from './constants';
import type { SourceNode } from './node';
import type { StructSource } from './source';

type Member = StructSource['members'][number];

/** Structs nested deeper than this are not looked into. */
const MAX_DEPTH = 30;
/** A bit field as wide as this fills a word of its own. */
const WORD = 32;

/** What a type specifier with a body defines: structs (outer first), and enumerators into `enums`. */
export function readRecord(specifier: SourceNode, enums: Map<string, number>, typedefName = '', depth = 0): StructSource[] {
	const body = specifier.field('body');
	if (body === null || depth > MAX_DEPTH) return [];
	const name = specifier.field('name')?.clean ?? typedefName;
	if (specifier.type === 'enum_specifier') return [readEnum(specifier, body, name, enums)];
	const nested: StructSource[] = [];
	const members: Member[] = [];
	collectMembers(body, name, enums, members, nested, depth);
	const kind = specifier.type === 'union_specifier' ? 'union' : 'struct';
	return [{ name, kind, members, line: specifier.line }, ...nested];
}

function collectMembers(
	body: SourceNode,
	outer: string,
	enums: Map<string, number>,
	members: Member[],
	nested: StructSource[],
	depth: number,
): void {
	if (depth > MAX_DEPTH) return;
	/** The first bit field of those that lie side by side. */
	let word: string | undefined;
	for (const field of body.named) {
		if (field.type === 'comment') continue;
		if (field.type !== 'field_declaration') {
			word = undefined;
			// Conditional blocks that were left in place, and what an error wraps.
			if (field.type.startsWith('preproc_') || field.isError) collectMembers(field, outer, enums, members, nested, depth + 1);
			continue;
		}
		const specifier = field.field('type');
		const inline = specifier?.field('body') ?? null;
		const declarators = field.children.filter((child) => child.fieldName === 'declarator');
		if (specifier === null) continue;
		if (declarators.length === 0) {
			// Also what has no name and no width: the next one begins a word.
			word = undefined;
			if (inline !== null && specifier.type !== 'enum_specifier' && specifier.field('name') === null) {
				collectMembers(inline, outer, enums, members, nested, depth + 1);
			} else if (inline !== null) {
				nested.push(...readRecord(specifier, enums, '', depth + 1));
			}
			continue;
		}
		let type = specifierOf(field);
		if (inline !== null) {
			const first = readDeclarator(declarators[0] ?? null).name;
			const tagged = specifier.field('name') !== null;
			const name = `${outer}::${first}`;
			if (!tagged && specifier.type !== 'enum_specifier') type = `${type} ${name}`;
			nested.push(...readRecord(specifier, enums, name, depth + 1));
		}
		for (const declarator of declarators) {
			const declared = readDeclarator(declarator);
			const width = widthOf(field, declarator);
			word = width > 0 && width < WORD ? word ?? declared.name : undefined;
			if (declared.functionPointer !== null) {
				const params = readParameters(declared.functionPointer).map((param) => param.type);
				const signature = `${pointerTo(type, declared.pointer)} (*)(${params.length === 0 ? 'void' : params.join(', ')})`;
				members.push({ name: declared.name, type: signature, array: declared.array, pointer: 1 });
			} else {
				members.push({ name: declared.name, type, array: declared.array, pointer: declared.pointer, ...(word === undefined ? {} : { word }) });
			}
		}
	}
}

/** Bits of a bit field, 0 of any other member: `:1` stands right behind the declarator. A width by name is some bits. */
function widthOf(field: SourceNode, declarator: SourceNode): number {
	const clause = field.children.find((child) => child.type === 'bitfield_clause' && child.start >= declarator.end);
	if (!clause || field.children.some((child) => child.fieldName === 'declarator' && child.start >= declarator.end && child.start < clause.start)) return 0;
	const width = Number(clause.clean.replace(/^[:\s]+/, ''));
	return Number.isInteger(width) ? width : 1;
}

function readEnum(specifier: SourceNode, body: SourceNode, name: string, enums: Map<string, number>): StructSource {
	const members: Member[] = [];
	let next: number | null = 0;
	for (const enumerator of body.named) {
		if (enumerator.type !== 'enumerator') continue;
		const value = enumerator.field('value');
		if (value !== null) next = evaluateConstant(value, enums);
		const label = enumerator.field('name')?.clean ?? '';
		members.push({ name: label, type: 'int', array: false, pointer: 0 });
		if (next !== null) enums.set(label, next++);
	}
	return { name, kind: 'enum', members, line: specifier.line };
}
