import { isNamed } from '../../knowledge/namings';
import type { FileImages } from '../../images/image';
import type { Table } from '../../knowledge/table';
import type { Definition, Sources } from '../../lower/sources';
import type { Registration } from '../../lower/threads/directory';
import { type CNode, type CParser, isWhole } from '../../parse';
import { type Beyond, type Models, sourcesOf } from './sources';
import { pastedNames } from '../names/pasted-names';
import { imageOf, type SideFile, sideFile } from './side-file';
import type { TypeOracle } from '../../lower/world/structs';

/** The patch's files before or after it, parsed, with who calls whom. */
export interface Side {
	readonly files: readonly SideFile[];
	readonly sources: Sources & { readonly oracle: TypeOracle };
	readonly functions: ReadonlyMap<string, Definition>;
	/** Functions with a changed line, in order of the files. */
	readonly changed: readonly string[];
	/** Callee → the functions of these files that call it. */
	readonly callers: ReadonlyMap<string, readonly string[]>;
	/** Names used as values: callbacks, initialisers. */
	readonly referenced: ReadonlySet<string>;
	/** Callbacks registered anywhere in these files; found on demand. */
	registrations(): readonly Registration[];
	/** Of a side that is the patch's hunks alone: that of the whole files, where there are some. */
	entire?(): Side | null;
}

/** Functions with a changed line on either side of the patch, those of the side after first. */
export const changedOnEither = (pre: Side | null, post: Side | null): readonly string[] => [...new Set([...post?.changed ?? [], ...pre?.changed ?? []])];

/** Reads the files of one side that are there as a whole, for `readSide` to have: who asks a tree for a first name waits for what is gathered of it meanwhile. */
export function readAhead(parser: CParser, images: readonly FileImages[], which: 'pre' | 'post'): void {
	for (const { [which]: image } of images) if (image?.completeness === 'whole' && C_FILE.test(image.path)) sideFile(parser, image);
}

const C_FILE = /\.[ch]$/;

export function readSide(parser: CParser, images: readonly FileImages[], which: 'pre' | 'post', models: Models, table: Table, beyond: Beyond | null,
	name: (files: readonly SideFile[]) => readonly SideFile[], harvest: (side: Side) => readonly Registration[], flags: Map<string, number>): Side {
	const files = name(images.flatMap((each) => {
		const image = which === 'pre' ? each.pre : each.post;
		return image && C_FILE.test(image.path) ? [sideFile(parser, image)] : [];
	}));
	const sources = sourcesOf(parser, files, models, table, beyond, flags);
	const functions = new Map<string, Definition>();
	for (const file of files) for (const each of file.functions) if (each.fn.name && !stubbed(functions.get(each.fn.name), each)) functions.set(each.fn.name, each);
	const callers = new Map<string, string[]>();
	const referenced = new Set<string>();
	for (const [caller, { fn }] of functions) {
		for (const callee of new Set(names(fn.body, functions, referenced, (api) => table.rows.get(api)?.effect === 'put' || isNamed(table, 'gives-back', api)))) if (callee !== caller) callers.set(callee, [...(callers.get(callee) ?? []), caller]);
	}
	for (const file of files) for (const { value } of file.source.parsed.initialisers) referenced.add(value.replace(/^&/, ''));
	for (const { image } of files) for (const name of pastedNames(image.text, functions)) referenced.add(name);
	let registered: readonly Registration[] | undefined;
	const side: Side = {
		files, sources, functions, callers, referenced,
		changed: [...functions].filter(([, each]) => isChanged(each, files)).map(([each]) => each),
		registrations: () => (registered ??= harvest(side)),
	};
	return side;
}

/** Of two definitions of a name (one of an `#else`), the stub is the other configuration's. */
const stubbed = (old: Definition | undefined, next: Definition): boolean => old !== undefined && old.fn.body.text.length >= next.fn.body.text.length;

function isChanged(definition: Definition, files: readonly SideFile[]): boolean {
	const { fn } = definition;
	const image = imageOf(files, definition);
	if (!image) return false;
	for (let line = fn.line; line <= fn.endLine; line++) if (image.changed[line - 1]) return true;
	return false;
}

/** A name in a function's body: as a value, or of what is called there. */
type Mention =
	| { readonly named: string }
	/** `callee`: as it is written; `given`: the names among its arguments; `inside`: all that is mentioned in the call. */
	| { readonly callee: string; readonly byName: boolean; readonly given: readonly string[]; readonly inside: readonly Mention[] };

const mentioned = new WeakMap<CNode, readonly Mention[]>();

/** What the body mentions, in order. */
function mentionsOf(body: CNode): readonly Mention[] {
	const known = mentioned.get(body);
	if (known) return known;
	const within = (node: CNode, found: Mention[]): readonly Mention[] => {
		// A prototype names a function to nobody.
		if (node.type === 'function_declarator') return found;
		if (node.type === 'call_expression') {
			const callee = node.field('function');
			if (callee?.text.startsWith('EXPORT_SYMBOL')) return found;
			const byName = callee?.type === 'identifier';
			const inside: Mention[] = [];
			for (const child of node.named) if (child !== callee || !byName) within(child, inside);
			found.push({ callee: callee?.text ?? '', byName, given: node.field('arguments')?.named.flatMap((each) => (each.type === 'identifier' ? [each.text] : [])) ?? [], inside });
			return found;
		}
		if (node.type === 'identifier') found.push({ named: node.text });
		for (const child of node.named) within(child, found);
		return found;
	};
	const mentions = within(body, []);
	mentioned.set(body, mentions);
	return mentions;
}

/** Functions that the body calls (`calls`: APIs that call what they are given); those it names otherwise go to `referenced`. */
function names(body: CNode, functions: ReadonlyMap<string, Definition>, referenced: Set<string>, calls: (api: string) => boolean): readonly string[] {
	const called: string[] = [];
	const visit = (mentions: readonly Mention[]): void => {
		for (const each of mentions) {
			if ('named' in each) {
				if (functions.has(each.named)) referenced.add(each.named);
				continue;
			}
			if (each.byName) called.push(each.callee);
			// kref_put(…, release) calls what it is given.
			const passed = calls(each.callee) ? each.given.filter((name) => functions.has(name)) : [];
			called.push(...passed);
			if (passed.length === 0) visit(each.inside);
		}
	};
	visit(mentionsOf(body));
	return called;
}

/** All of it is in sight: what it passes on is known. */
const isInSight = (definition: Definition | undefined): boolean => definition !== undefined && isWhole(definition.fn);

/** Levels of callers that are climbed from a changed function to what is entered from outside. */
const CLIMB_BOUND = 4;
const ROOTS_BOUND = 3;

/** The functions by which the code around `name` is entered: itself, or those of its callers that nobody in sight calls. A function that the patch makes (`isNew`) has just the callers that are shown. */
export function rootsOf(side: Side, name: string, isNew = false): readonly string[] {
	const roots: string[] = [];
	const seen = new Set<string>();
	const climb = (at: string, depth: number): void => {
		if (seen.has(at)) return;
		seen.add(at);
		const callers = (side.callers.get(at) ?? []).filter((caller) => !seen.has(caller));
		const whole = callers.filter((caller) => isNew || isInSight(side.functions.get(caller)));
		if (side.referenced.has(at) || whole.length === 0 || depth >= CLIMB_BOUND) {
			roots.push(at);
			return;
		}
		for (const caller of whole) climb(caller, depth + 1);
	};
	climb(name, 0);
	return roots.slice(0, ROOTS_BOUND);
}

/** Somebody outside of these files may call it: through a pointer, or by its name. */
export const isEntry = (side: Side, name: string): boolean =>
	side.referenced.has(name) || (side.callers.get(name) ?? []).length === 0 || !isStatic(side, name);

export const isStatic = (side: Side, name: string): boolean => side.functions.get(name)?.fn.storage.some((each) => each.includes('static')) ?? false;
