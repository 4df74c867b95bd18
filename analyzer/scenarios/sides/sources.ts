import type { Table } from '../../knowledge/table';
import { type CType, parseType } from '../../lower/values/ctype';
import type { Definition, SourceFile, Sources } from '../../lower/sources';
import { runsCode } from '../../lower/threads/at-rest';
import { imageOf, type SideFile } from './side-file';
import { type CNode, type CParser, type ParsedSource, restoreSource, type StructSource } from '../../parse';
import type { KnowledgeModel } from '../../engine';
import { GLOBALS } from '../../lower/world/contents';
import type { TypeOracle } from '../../lower/world/structs';

/** The models in C, parsed when they were built, or once per analyzer. */
export interface Models {
	readonly files: readonly SourceFile[];
	readonly functions: ReadonlyMap<string, Definition>;
	readonly structs: ReadonlyMap<string, StructSource>;
	readonly initial: readonly Definition[];
	readonly quiescence: readonly Definition[];
	/** By role name: `page_truncation`. */
	readonly environment: readonly Definition[];
}

/** Words of the models' dialect before a function definition. */
const marked = ({ fn }: Definition, word: string): boolean =>
	fn.returns.includes(word) || fn.storage.some((each) => each.includes(word)) || fn.annotations.some((each) => each.includes(word));

export function readModels(parser: CParser, files: readonly KnowledgeModel[]): Models {
	const sources = files.map(({ file, text, parsed }): SourceFile => ({
		path: file, parsed: parsed ? restoreSource(parsed, text) : parser.parseFile(text), modelled: true, place: (line) => ({ file: line, input: 0, column: 0, changed: false }),
	}));
	const all = sources.flatMap((file) => file.parsed.functions.map((fn): Definition => ({ fn, file })));
	return {
		files: sources,
		functions: new Map(all.map((each) => [each.fn.name, each])),
		structs: new Map(sources.flatMap((file) => file.parsed.structs.map((struct) => [struct.name, struct] as const))),
		initial: all.filter((each) => marked(each, 'INITIAL')),
		quiescence: all.filter((each) => marked(each, 'QUIESCENCE')).sort((a, b) => Number(runsCode(a.fn.body.text)) - Number(runsCode(b.fn.body.text))),
		environment: all.filter((each) => marked(each, 'ENVIRONMENT')),
	};
}

/** What lies beyond the patch's files. */
export interface Beyond {
	definition(name: string, near: string): Definition | null;
	struct(name: string, near: string): StructSource | undefined;
	/** What the typedef of this name stands for. */
	typedef(name: string, near: string): string | undefined;
	constant(name: string): number | undefined;
	/** `(params) text` of a macro with parameters. */
	macro(name: string, near: string): string | undefined;
}

/** Typedefs of locks, counts and the like: one cell each. */
const PRIMITIVE = /(lock|count|_ref|sem|mutex)_t$|^atomic|^[ku][ug]id|^p[gmu4]?[dt]e?_t$|entry_t$|mask(_var)?_t$/;
const ERRNO = /^E[A-Z0-9]+$/;
/** Names that say nothing of what they stand for. */
const ANYTHING = /^(entry|head|node|list|iter|one|other|old|new|parent|root|state|table|pages|lock|first|last|start|end)$/;
/** Unknown flags get bits of their own, so that masks of several can be told apart. */
const FLAG_BITS = 22;

/** One side's names. `flags`: bits given to flags that nobody defines, the same on both sides. */
export function sourcesOf(parser: CParser, files: readonly SideFile[], models: Models, table: Table, beyond: Beyond | null, flags: Map<string, number> = new Map()): Sources & { readonly oracle: TypeOracle } {
	const functions = new Map<string, Definition>();
	for (const file of files) for (const each of file.functions) {
		const old = functions.get(each.fn.name);
		if (each.fn.name && !(old && old.fn.body.text.length >= each.fn.body.text.length)) functions.set(each.fn.name, each);
	}
	const near = files[0]?.image.path ?? '';
	const parsed = files.map((file) => file.source.parsed);
	const structs = new Map(parsed.flatMap((each) => each.structs.map((struct) => [struct.name, struct] as const)));
	const everything = [...parsed, ...models.files.map((file) => file.parsed)];
	const typedefs = merge(everything, (each) => each.typedefs);
	const enums = merge(everything, (each) => each.enums);
	const globals = new Map([...models.files.map((file) => file.parsed), ...parsed].flatMap((each) => each.globals.map((global) => [global.name, globalType(global)] as const)));
	const macros = new Map(files.flatMap((file) => file.source.parsed.macros.map((macro) => [macro.name, { macro, file: file.source }] as const)));
	const prototypes = merge(everything, (each) => each.prototypes);
	// What the models say fills a slot is for where the patch's own files do not.
	const slots = new Map([...slotsOf(models.files.map((file) => file.parsed)), ...slotsOf(parsed)]);
	const votes = conventions([...files.flatMap((file) => [file.image.text, ...file.source.parsed.functions.map(declaredParams)]), ...models.files.flatMap((file) => file.parsed.functions.map((fn) => fn.params.filter(({ name }) => !ANYTHING.test(name)).map((param) => `${param.type} ${param.name};`).join(' ')))]);
	const bodies = new Map<string, ReturnType<Sources['macro']>>();
	/** `_IOW('x', 1, __u32)`: a number made by a macro that nobody shows, and like no other. */
	const isCoded = (text: string): boolean => { const by = /^\(?\s*(_*[A-Z][A-Z0-9_]*)\s*\(/.exec(text)?.[1]; return by !== undefined && !macros.has(by); };
	const valueOf = (name: string): number | undefined => {
		const known = table.constants.get(name) ?? enums.get(name);
		if (known !== undefined) return known;
		const macro = macros.get(name)?.macro;
		if (macro && macro.params === null) {
			const plain = literalOf(macro.value);
			if (plain !== undefined) return plain;
			if (/[a-z]/.test(macro.value) && !isCoded(macro.value)) return undefined;
		}
		if (functions.has(name) || globals.has(name) || !/^[A-Z][A-Z0-9_]*$/.test(name)) return beyond?.constant(name);
		if (ERRNO.test(name) && name.length > 2) return 5;
		const found = beyond?.constant(name);
		if (found !== undefined) return found;
		// A flag that nobody defines here: a bit of its own.
		if (!flags.has(name)) flags.set(name, 1 << (flags.size % FLAG_BITS));
		return flags.get(name);
	};
	const isChanged = (name: string): boolean => {
		const found = functions.get(name);
		const image = imageOf(files, found);
		if (!found || !image) return false;
		if (image.completeness === 'fragments') return true;
		for (let line = found.fn.line; line <= found.fn.endLine; line++) if (image.changed[line - 1]) return true;
		return false;
	};
	const [constant, changed] = [once(valueOf), once(isChanged)];
	/** Types of the models' fields are the machine's own: locks, counts, queues. */
	const own = new Set([...models.structs.values()].flatMap((struct) => struct.members.map((member) => member.type)));
	const typedef = (name: string): string | undefined => {
		const known = typedefs.get(name);
		if (known !== undefined || own.has(name) || table.types.has(name) || !/^[a-z]\w*_t$/.test(name) || PRIMITIVE.test(name)) return known;
		const target = beyond?.typedef(name, near);
		// Of interest is which struct it is; and without a tree `foo_t` is what `struct foo` is.
		if (target !== undefined) return /^(struct|union)\s+\w+$/.test(target) ? target : undefined;
		const stem = name.slice(0, -2);
		return structs.has(stem) ? `struct ${stem}` : undefined;
	};
	const oracle: TypeOracle = {
		struct: (name) => structs.get(name) ?? models.structs.get(name) ?? (/^[a-z_]\w*$/.test(name) && name !== GLOBALS ? beyond?.struct(name, near) : undefined),
		typedef,
		canonicalName: (name) => table.types.get(name)?.same ?? name,
		typeStable: (name) => table.types.get(name)?.typeStable ?? false,
		instances: (name) => table.types.get(name)?.instances ?? 1,
		ours: (name) => structs.has(name) && !models.structs.has(name),
	};
	return {
		table, constant, oracle,
		expression: (text) => expressionOf(parser, text),
		defined: (name) => functions.get(name) ?? null,
		replaced: () => false,
		tooMuch: () => false,
		changed,
		// A `__fallback_` model is for where the patch does not show the function, not even a part of it.
		model: (name) => models.functions.get(name) ?? (functions.has(name) ? null : models.functions.get(`__fallback_${name}`) ?? null),
		elsewhere: (name, near) => {
			const found = beyond?.definition(name, near) ?? null;
			// What the patch takes out of a file is in the tree still: on this side it is no more.
			const own = found ? files.find(({ image }) => image.path === found.file.path && image.completeness === 'whole') : undefined;
			return own && !new RegExp(`\\b${name}\\b`).test(own.image.text) ? null : found;
		},
		macro: (name) => {
			if (!bodies.has(name)) bodies.set(name, macroBody(parser, macros.get(name)));
			return bodies.get(name);
		},
		walk: (name) => {
			const own = macros.get(name)?.macro;
			return own?.params ? `(${own.params.join(', ')}) ${own.value.replace(/\\\n/g, ' ').trim()}` : beyond?.macro(name, near);
		},
		global: (name) => globals.get(name),
		returns: (name) => {
			const prototype = functions.get(name)?.fn.returns ?? prototypes.get(name)?.returns ?? models.functions.get(name)?.fn.returns;
			return prototype === undefined ? undefined : parseType(prototype);
		},
		conventional: (name) => votes.get(name),
		slot: (struct, field) => slots.get(`${struct}.${field}`),
	};
}

/** Each lowering of a side asks the same. */
function once<T>(find: (name: string) => T): (name: string) => T {
	const found = new Map<string, T>();
	return (name) => {
		const known = found.get(name);
		if (known !== undefined || found.has(name)) return known as T;
		const answer = find(name);
		found.set(name, answer);
		return answer;
	};
}

/** Expressions that are remembered; rows write few. */
const EXPRESSIONS_BOUND = 4096;
const expressions = new WeakMap<CParser, Map<string, CNode | null>>();

function expressionOf(parser: CParser, text: string): CNode | null {
	const read = expressions.get(parser) ?? new Map<string, CNode | null>();
	expressions.set(parser, read);
	const known = read.get(text);
	if (known !== undefined) return known;
	const [fn] = parser.parseFile(`void f(void)\n{\n\treturn (${text});\n}\n`).functions;
	const [statement] = fn?.body.named ?? [];
	const expression = statement?.type === 'return_statement' ? (statement.named[0]?.named[0] ?? null) : null;
	if (read.size >= EXPRESSIONS_BOUND) read.clear();
	read.set(text, expression);
	return expression;
}

function merge<V>(all: readonly ParsedSource[], pick: (each: ParsedSource) => ReadonlyMap<string, V>): ReadonlyMap<string, V> {
	const merged = new Map<string, V>();
	for (const each of all) for (const [name, value] of pick(each)) if (!merged.has(name)) merged.set(name, value);
	return merged;
}

const globalType = (global: ParsedSource['globals'][number]): CType => ({ ...parseType(global.type), pointer: Math.max(parseType(global.type).pointer, global.pointer), array: global.array });

/** A macro's text as the integer that it is, where it is a plain one. */
function literalOf(text: string): number | undefined {
	const plain = text.replace(/\/\*.*?\*\//g, '').trim().replace(/^\((.*)\)$/, '$1').trim();
	const shifted = /^\(?\s*(?:\(\w+\))?\s*(\d+)[UL]*\s*<<\s*(\d+)\s*\)?$/.exec(plain);
	if (shifted) return Number(shifted[1]) << Number(shifted[2]);
	const bit = /^BIT(?:_ULL)?\s*\(\s*(\d+)\s*\)$/.exec(plain);
	if (bit) return 1 << Number(bit[1]);
	return /^-?(?:0x[0-9a-fA-F]+|\d+)[uUlL]*$/.test(plain) ? Number.parseInt(plain.replace(/[uUlL]+$/, ''), plain.includes('x') ? 16 : 10) | 0 : undefined;
}

function macroBody(parser: CParser, found: { readonly macro: ParsedSource['macros'][number]; readonly file: SourceFile } | undefined): ReturnType<Sources['macro']> {
	if (!found || found.macro.value.trim() === '' || found.macro.value.includes('##')) return undefined;
	const { macro, file } = found;
	const value = macro.value.replace(/\\\n/g, ' ').trim();
	const statement = /^(do\b|\{|if\b|for\b|while\b)/.test(value);
	const parsed = parser.parseFile(`void ${macro.name}(${(macro.params ?? []).join(', ') || 'void'})\n{\n\t${statement ? value : `return (${value})`};\n}\n`);
	const body = parsed.functions[0];
	if (!body) return undefined;
	// Parameters of a macro have no types: `int x` is what the text without types parses to.
	const params = (macro.params ?? []).map((name) => ({ name, type: '' }));
	return { params: macro.params, body: { ...body, name: macro.name, params }, file: { ...file, parsed, place: () => file.place(macro.line) } };
}

/** `vm_operations_struct.fault` → the one function in that slot, where there is one. */
function slotsOf(parsed: readonly ParsedSource[]): ReadonlyMap<string, string> {
	const found = new Map<string, Set<string>>();
	for (const each of parsed) for (const { struct, field, value } of each.initialisers) {
		const key = `${struct.replace(/^struct\s+/, '')}.${field}`;
		found.set(key, (found.get(key) ?? new Set()).add(value.replace(/^&/, '')));
	}
	return new Map([...found].flatMap(([key, values]) => (values.size === 1 ? [[key, [...values][0] ?? ''] as const] : [])));
}

/** Parameters of a function whose head only a hunk's header shows. */
const declaredParams = ({ params, headElided }: ParsedSource['functions'][number]): string => (headElided ? params.map(({ type, name }) => `${type} ${name};`).join(' ') : '');

/** The type that most declarations give a name. */
function conventions(texts: readonly string[]): ReadonlyMap<string, CType> {
	const votes = new Map<string, Map<string, number>>();
	for (const text of texts) {
		for (const [, struct = '', stars = '', name = ''] of text.matchAll(/\bstruct\s+(\w+)\s*(\*+)\s*(\w+)/g)) {
			const types = votes.get(name) ?? new Map<string, number>();
			const type = `struct ${struct} ${stars}`;
			types.set(type, (types.get(type) ?? 0) + 1);
			votes.set(name, types);
		}
	}
	return new Map([...votes].map(([name, types]) => [name, parseType([...types].sort(([, a], [, b]) => b - a)[0]?.[0] ?? '')]));
}
